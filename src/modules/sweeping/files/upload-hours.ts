/** How long an upload may take, from its announcement to its completion. */
export const UPLOAD_HOURS = 24;
/** What is younger in the store may belong to one that is under way: an hour more, for clocks that differ. */
export const STRAY_HOURS = UPLOAD_HOURS + 1;
