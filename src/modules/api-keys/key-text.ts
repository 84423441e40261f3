import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** An API key, as its holder has it: `rf_<environment>_<publicId>_<secret>`. */
export interface KeyText {
  /** all of it: the secret */
  text: string;
  /** the part that may be told */
  publicId: string;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 16;
/** 62^43 is a little more than 2^256 */
const SECRET_LENGTH = 43;
/** 62^6 is more than 2^32 */
const CHECK_LENGTH = 6;
const FORM = /^rf_([a-z0-9]{1,10})_([0-9A-Za-z]{16})_[0-9A-Za-z]{49}$/;

const draw = (length: number): string => Array.from({ length }, () => DIGITS[randomInt(DIGITS.length)]).join('');

/** CRC-32 (ISO/IEC 8802-3) as six digits of base 62, the highest first. It finds slips, and proves nothing. */
function checkOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECK_LENGTH; i += 1) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

/** A new key. @param publicId of the key whose secret is replaced; undefined for a new key */
export function newKey(environment: string, publicId = draw(PUBLIC_LENGTH)): KeyText {
  const body = `rf_${environment}_${publicId}_${draw(SECRET_LENGTH)}`;
  return { text: body + checkOf(body), publicId };
}

/** Whether a bearer token means to be an API key: no access token (RFC 7519) begins so and has no dot. */
export const isKeyLike = (token: string | undefined): token is string => token?.startsWith('rf_') === true;

/** Whether it is written as a key of this environment is: what was mistyped or made up is not, in all but one case of 2^32. */
export function isWellFormed(text: string, environment: string): boolean {
  return FORM.exec(text)?.[1] === environment && checkOf(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH);
}
