/** Text forms of two points in time, for PostgreSQL. */
export interface TimeSpan {
  from: string;
  to: string;
}

const MARGIN_MS = 60_000;
const LAST_MS = Date.UTC(9999, 0);

/** The time in an id, in milliseconds (RFC 9562 section 5.7); of one that carries none, any time. */
export const timeOf = (id: string): number =>
  Math.min(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), LAST_MS);

/**
 * When a row with this id was written, with a margin: ids of the log carry their time. A bound on `at` beside an id tells
 * the planner which month to look in. Of any other id it is a time at which no such row was written.
 */
export function spanOf(id: string): TimeSpan {
  const ms = timeOf(id);
  return { from: new Date(ms - MARGIN_MS).toISOString(), to: new Date(ms + MARGIN_MS).toISOString() };
}
