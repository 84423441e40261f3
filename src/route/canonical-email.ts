import { domainToASCII, domainToUnicode } from 'node:url';
import { validationFailed } from '../errors/index.js';

/** Neither visible nor in one place: controls, spaces, what has no width or turns the direction, private use. */
const UNFIT = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\ufffc\ufffd]/u;
const SPECIAL = /[[\]()<>:;,\\"]|^\.|\.\.|\.$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const ASCII = /^[\0-\x7f]*$/;
const MAX_MAILBOX = 64;
const MAX = 254;
const MAX_GIVEN = 1000;

/**
 * The one form of an e-mail address, as the database's app.canonical_email has it, which decides: compatible characters and
 * case folded, the domain in ASCII (IDNA). Nothing that some provider reads as the same (dots, "+...") is folded.
 * @returns undefined for what has no such form
 */
export function canonicalForm(email: string): string | undefined {
  if (!email.isWellFormed() || Buffer.byteLength(email) > MAX_GIVEN) return undefined;
  const folded = letterByLetter(email.replace(/^ +| +$/g, '').normalize('NFKC')).normalize('NFKC');
  const [mailbox = '', domain = '', ...more] = folded.split('@');
  if (UNFIT.test(folded) || mailbox === '' || SPECIAL.test(mailbox) || more.length > 0) return undefined;
  const name = mailbox.replaceAll('ς', 'σ');
  const ascii = asciiDomain(domain.replaceAll('。', '.'));
  const whole = `${name}@${ascii}`;
  const fits = Buffer.byteLength(name) <= MAX_MAILBOX && Buffer.byteLength(whole) <= MAX;
  return ascii !== undefined && fits ? whole : undefined;
}

/** @throws DomainError 400 for what is no address */
export function canonicalEmail(email: string): string {
  const canonical = canonicalForm(email);
  if (canonical === undefined) throw validationFailed('This is no e-mail address.');
  return canonical;
}

/** As a database does it that knows no context: a sigma at the end of a word would depend on what follows. */
const letterByLetter = (text: string): string => Array.from(text, (character) => character.toLowerCase()).join('');

/** A label that IDNA would spell in another way is refused, as one that it does not know at all. */
function asciiDomain(domain: string): string | undefined {
  const ascii = domainToASCII(domain);
  const encoded = ascii.split('.');
  const labels = domain.split('.');
  const unchanged = labels.every((label, n) => {
    const became = encoded[n] ?? '';
    return ASCII.test(label) ? became === label : !/^-|-$/.test(label) && domainToUnicode(became) === label;
  });
  return unchanged && labels.length === encoded.length && DOMAIN.test(ascii) ? ascii : undefined;
}
