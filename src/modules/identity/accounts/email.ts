/** One spelling of an address everywhere: the database refuses any other. */
export const canonicalEmail = (email: string): string => email.normalize('NFC').trim().toLowerCase();
