import type { Field } from './fields.ts';
import type { Names } from './names.ts';

/** Values of a field, as TypeScript: what documents, demo and specs show. Invented, and different from each other. */
export interface Samples {
  /** in the API document, and the first of the specs */
  first: string;
  second: string;
  /** what is refused */
  bad: string;
  /** of the n-th row of the demo: an expression over `n`, `goods`, `customers` and `idOf` */
  demo: string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;
const both = (first: string, second: string, bad: string, demo: string): Samples => ({ first, second, bad, demo });

const isNumberLike = (name: string): boolean => /(^|_)(number|no|code|sku|ref|key|iban|serial)$/.test(name);
const isNameLike = (name: string): boolean => /(^|_)(name|title|subject|label|headline)$/.test(name);

function ofString({ name, unique }: Field, { resource, words }: Names): Samples {
  const shout = resource.replaceAll('_', '').slice(0, 3).toUpperCase();
  if (isNumberLike(name))
    return both(
      quoted(`${shout}-0042`),
      quoted(`${shout}-0043`),
      "''",
      `\`${shout}-\${String(n + 1).padStart(4, '0')}\``,
    );
  const goods = '${goods[n % goods.length]} for ${customers[(n * 7) % customers.length]}';
  const demo = isNameLike(name) ? goods : '${customers[(n * 3) % customers.length]}';
  const first = isNameLike(name) ? `First ${words}` : `Some ${name.replaceAll('_', ' ')}`;
  return both(
    quoted(first),
    quoted(first.replace(/^\w+/, 'Another')),
    "''",
    unique ? `\`${demo}, \${n + 1}\`` : `\`${demo}\``,
  );
}

const month = "${String((n % 12) + 1).padStart(2, '0')}";

const SAMPLES: Readonly<Record<Field['type'], (field: Field, names: Names, constant: string) => Samples>> = {
  string: ofString,
  text: () =>
    both(
      quoted('It came on Tuesday, and is in order.'),
      quoted('It came on Friday, and two are missing.'),
      "''",
      '`About ${goods[n % goods.length]}: ${customers[(n * 7) % customers.length]} asks for a word by Friday.`',
    ),
  integer: ({ unique }) => both('3', '4', '1.5', unique ? 'n + 1' : '((n * 7) % 40) + 1'),
  money: () => both("'1200.50'", "'99.00'", "'12,50'", '(100 + ((n * 3_217) % 9_000)).toFixed(2)'),
  currency: () => both("'EUR'", "'USD'", "'euros'", "n % 5 === 0 ? 'USD' : 'EUR'"),
  boolean: () => both('true', 'false', "'yes'", 'n % 2 === 0'),
  date: () => both("'2026-11-30'", "'2026-12-31'", "'2026-02-30'", `\`2026-${month}-15\``),
  timestamp: () =>
    both("'2026-11-30T09:00:00.000Z'", "'2026-12-31T17:30:00.000Z'", "'tomorrow'", `\`2026-${month}-15T09:00:00Z\``),
  enum: ({ values }, _names, constant) =>
    both(quoted(values[0] ?? ''), quoted(values[1] ?? ''), "'none of these'", `${constant}[n % ${constant}.length]`),
  email: () => both("'ada@acme.example'", "'grace@acme.example'", "'nobody'", '`contact${n + 1}@customers.example`'),
  url: () =>
    both(
      "'https://acme.example/a'",
      "'https://acme.example/b'",
      "'ftp://acme.example/'",
      '`https://customers.example/${n + 1}`',
    ),
  reference: ({ target = '' }) => both("''", "''", "'none'", `idOf('${target}', n)`),
};

/** @param constant of an enum: the list of its values */
export const samplesOf = (field: Field, names: Names, constant = ''): Samples =>
  SAMPLES[field.type](field, names, constant);
