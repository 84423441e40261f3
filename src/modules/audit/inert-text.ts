import type { RequestOrigin } from '../../context/index.js';

// Control characters, and those that turn the direction of text or hide in it: a log is read in terminals.
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** What somebody else wrote, made safe to print: nothing in it moves a cursor, and nothing in it is long. */
export const inertText = (text: string, length = 300): string => text.slice(0, length).replace(NOT_PRINTED, '\u{fffd}');

export const cleanOrigin = ({ address, userAgent }: RequestOrigin): RequestOrigin => ({
  address: inertText(address, 64),
  userAgent: inertText(userAgent),
});
