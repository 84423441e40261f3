/** Objects and lists within an entry, one in another. Beyond it the auditor's program reads no entry. */
const DEEPEST = 200;

/**
 * The one text of a JSON value (RFC 8785): no spaces, members sorted by the UTF-16 code units of their names. Only for
 * what an audit entry may hold. Anything that JSON would drop or turn into something else (`undefined`, a date, a hole in
 * an array) is refused: the entry must say what it was given.
 * @throws TypeError for a number that is no safe integer, text that is not well-formed Unicode, what JSON has no form for,
 *   and what is nested more than 200 deep
 */
export const canonicalJson = (value: unknown): string => write(value, 0);

function write(value: unknown, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return JSON.stringify(value); // -0 is 0
  if (depth > DEEPEST) throw new TypeError(`an audit entry cannot hold what is nested more than ${DEEPEST} deep`);
  if (Array.isArray(value)) return `[${Array.from(value, (one) => write(one, depth + 1)).join(',')}]`;
  if (isPlainObject(value)) {
    const members = Object.keys(value).sort(); // sort() compares code units
    return `{${members.map((name) => `${text(name)}:${write(value[name], depth + 1)}`).join(',')}}`;
  }
  throw new TypeError(`an audit entry cannot hold ${describe(value)}`);
}

/** JSON.stringify escapes just what RFC 8785 section 3.2.2.2 does, except that it lets lone surrogates through. */
function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('an audit entry cannot hold text that is not well-formed Unicode');
  return JSON.stringify(value);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The value itself stays out of it: it may be a secret. */
const describe = (value: unknown): string =>
  typeof value === 'number' ? 'a number that is not a safe integer' : `a value of type ${typeof value}`;
