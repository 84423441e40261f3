import fc from 'fast-check';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Check, Column, Relation } from './catalogue.js';

/** As PostgreSQL writes them: every value is text until it is cast. */
export type Row = Record<string, string | null>;

/** Strings that a regular expression of a CHECK matches, where it is one that JavaScript has too. */
function matching(expression: string): string[] {
  return [...expression.matchAll(/(?<!!)~ '((?:[^']|'')*)'::text/g)].flatMap(([, source = '']) => {
    const ours = source.replaceAll("''", "'").replaceAll('[:space:]', '\\s').replaceAll('[:cntrl:]', '\\x00-\\x1f');
    try {
      return fc.sample(fc.stringMatching(new RegExp(ours)), { numRuns: 8, seed: randomInt(2 ** 31) });
    } catch {
      return []; // what no candidate meets is said by name
    }
  });
}

const literals = (expression: string): string[] =>
  [...expression.matchAll(/'((?:[^']|'')*)'::/g)].map(([, text = '']) => text.replaceAll("''", "'"));

function texts(checks: Check[]): string[] {
  const some = randomBytes(8).toString('hex');
  const hex = createHash('sha256').update(some).digest('hex');
  const lengths = [1, 2, 3, 16, 32, 43, 64].map((length) => hex.slice(0, length));
  const shapes = [`x${some}`, `${some}@example.com`, `https://${some}.example/`, `x.${some.replace(/\d/g, 'x')}`, randomUUID(), 'text/plain', 'EUR']; // prettier-ignore
  return [...shapes, ...checks.flatMap(({ expression }) => [...matching(expression), ...literals(expression)]), ...lengths.reverse(), ''].filter((text) => !text.includes('\0')); // prettier-ignore
}

/** What another row hardly has: the plain values of these types are the same each time. */
const RARE: readonly [RegExp, () => string][] = [
  [/^(integer|bigint|numeric)/, () => String(randomInt(100_000, 2 ** 31))],
  [/^(date|timestamp)/, () => later(randomInt(1_000, 100_000)).slice(0, 10)],
];

const later = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const integers = (checks: Check[]): string[] => [
  ...['1', '2', String(randomInt(10, 30_000)), '0', '5', '10', '60'],
  ...checks.flatMap(({ expression }) => expression.match(/\d+/g) ?? []),
];
const bytes = (): string[] => [32, 16, 1, 0].map((length) => `\\x${randomBytes(length).toString('hex')}`);

/** Values of a type, the likely ones first. */
function ofType({ type, labels }: Column, checks: Check[]): string[] | undefined {
  if (labels.length > 0) return labels;
  if (type.endsWith('[]')) {
    const items = ofType({ type: type.slice(0, -2), labels } as Column, checks);
    const codes = checks.length > 0 ? ['x.x'] : [];
    return items && [...codes, ...items].map((one) => `{"${one.replace(/["\\]/g, '')}"}`).concat('{}');
  }
  if (/^(text|character varying|character\(|citext|name)/.test(type)) return texts(checks);
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(type)) return integers(checks);
  if (/^timestamp/.test(type)) return [1, 0, -1, 30].map(later);
  const known: Record<string, string[]> = {
    uuid: [randomUUID()],
    boolean: ['false', 'true'],
    bytea: bytes(),
    date: [1, 0, -1].map((days) => later(days).slice(0, 10)),
    json: ['{}', '[]', 'null', '"x"'],
    jsonb: ['{}', '[]', 'null', '"x"'],
    interval: ['1 hour', '1 day'],
    inet: ['192.0.2.1'],
    xid8: ['1'],
  };
  return known[type];
}

/** Values that the CHECKs of the column alone allow. @throws Error where none is found */
export async function candidates(admin: Client, table: Relation, column: Column): Promise<string[]> {
  const checks = table.checks.filter(({ columns }) => columns.length === 1 && columns[0] === column.name);
  const all = ofType(column, checks);
  if (!all) throw new Error(`no value is known for ${table.name}.${column.name}, of type ${column.type}`);
  if (checks.length === 0) {
    const rare = column.unique ? RARE.find(([type]) => type.test(column.type))?.[1]() : undefined;
    return rare === undefined ? all : [rare, ...all];
  }
  const allowed = checks.map(({ expression }) => `(${expression}) is not false`).join(' and ');
  const { rows } = await admin.query<{ given: string }>(
    `select u.given from unnest($1::text[]) with ordinality u (given, place)
      where (select ${allowed} from (select u.given::${column.type} as "${column.name}") t) order by u.place`,
    [all],
  );
  if (rows.length === 0)
    throw new Error(`no value is found that ${checks.map(({ name }) => name).join(', ')} of ${table.name} allows`);
  return rows.map(({ given }) => given);
}
