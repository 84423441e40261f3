import type { Client, DatabaseError, QueryResult } from 'pg';
import { type Column, type Relation, tenantColumnOf } from '../support/catalogue.js';
import type { Planter } from '../support/plant-row.js';
import type { Row } from '../support/plant-values.js';

/** Who tries, and when. */
export interface Situation {
  what: string;
  /** of the database; the application's, where it is left out */
  role?: string;
  /** the secret of the capability; undefined: no context is entered at all */
  cap?: string;
  /** what happened since, past the fence; taken back behind the attempt */
  since?: string;
  /** the tenant that they are let into */
  own?: string;
  /** tenants of which they may see and change nothing */
  victims: string[];
}

/** One statement, and what is wrong with what came of it. */
export interface Attempt {
  sql: string;
  /** looks at all of the victims' rows afterwards, since rows of one's own may be met */
  blind?: boolean;
  fault: (came: Came) => string | undefined;
}

export type Came = { code: string; message: string } | { count: number; rows: Row[] };

const REFUSED = '42501';
/** What a row's own keys and triggers say before a policy is asked: of a record that is not seen, and of one's own rows. */
const OTHERWISE = ['RF042', '23503'];

const literal = (value: string | null): string => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);
const quoted = (name: string): string => `"${name}"`;
const told = (came: Came): string => ('code' in came ? `${came.code} ${came.message}` : `${came.count} rows`);

/** Refused, or nothing met: not a row, and no other error either, which would hide what the fence does. */
const nothing = (came: Came): string | undefined =>
  ('code' in came ? came.code === REFUSED : came.count === 0) ? undefined : told(came);
const refused = (came: Came): string | undefined => ('code' in came && came.code === REFUSED ? undefined : told(came));
const refusedSomehow = (came: Came): string | undefined =>
  'code' in came && [REFUSED, ...OTHERWISE].includes(came.code) ? undefined : told(came);
/** Rows of one's own may be met, and what they refuse. */
const harmless = (came: Came): string | undefined =>
  'code' in came && ![REFUSED, ...OTHERWISE].includes(came.code) && !/^RF/.test(came.code) ? told(came) : undefined;

/** Everything that can be tried at one relation without a row to write. */
export function reading(table: Relation, { own, victims }: Situation): Attempt[] {
  const key = tenantColumnOf(table) as string;
  const readable = table.columns.filter(({ may }) => may.select);
  const all = readable.map(({ name }) => quoted(name)).join(', ') || '*';
  const others = (came: Came): string | undefined => {
    if ('code' in came) return nothing(came);
    const strange = came.rows.filter((row) => row[key] !== own).map((row) => row[key]);
    return strange.length > 0 ? `rows of ${[...new Set(strange)].join(', ')}` : undefined;
  };
  return [
    { sql: `select distinct ${quoted(key)}::text from ${table.name}`, fault: others },
    ...victims.flatMap((victim) => {
      const theirs = `${quoted(key)} = ${literal(victim)}`;
      return [
        { sql: `select ${all} from ${table.name} where ${theirs}`, fault: nothing },
        { sql: `select from ${table.name} where ${theirs} for update`, fault: nothing },
        { sql: `select from ${table.name} where ${theirs} having count(*) > 0`, fault: nothing },
      ];
    }),
  ];
}

/** UPDATE of each column, DELETE and MERGE: of the victims' rows by name, and of whatever there is. */
export function changing(table: Relation, { own, victims }: Situation): Attempt[] {
  const key = quoted(tenantColumnOf(table) as string);
  const set = (column: Column, value = quoted(column.name)): string =>
    `update ${table.name} set ${quoted(column.name)} = ${value}`;
  // which columns are granted is the same in every situation: those that are not are tried in one
  const writable = table.columns.filter(({ generated, may }, n) => !generated && (own || may.update || n === 0));
  const named = victims.flatMap((victim) => {
    const where = `${key} = ${literal(victim)}`;
    return [
      ...writable.map((column) => ({ sql: `${set(column)} where ${where}`, fault: nothing })),
      { sql: `delete from ${table.name} where ${where}`, fault: nothing },
      { sql: `merge into ${table.name} t using (select 1) s on t.${where} when matched then delete`, fault: nothing },
      { sql: `update ${table.name} set ${key} = ${literal(victim)}`, fault: nothing },
    ];
  }); // prettier-ignore
  if (own === undefined) return named;
  const blind = writable
    .filter(({ may }) => may.update)
    .map((column) => ({ sql: set(column), blind: true, fault: harmless }));
  return [
    ...named,
    ...blind,
    { sql: `delete from ${table.name}`, blind: true, fault: harmless },
    { sql: `truncate ${table.name}`, fault: refused },
  ]; // prettier-ignore
}

/** INSERT of valid rows for a victim, and of valid rows of one's own that are said to be a victim's. */
export async function writing(planter: Planter, table: Relation, { own, victims }: Situation): Promise<Attempt[]> {
  const key = tenantColumnOf(table) as string;
  const insertable = table.columns.filter(({ may, generated }) => may.insert && !generated);
  const attempts: Attempt[] = [];
  for (const victim of victims) {
    if (insertable.length === 0) {
      attempts.push({ sql: `insert into ${table.name} (${quoted(key)}) values (${literal(victim)})`, fault: refused });
      continue;
    }
    for (const from of new Set([victim, own ?? victim])) {
      const row = { ...(await planter.valid(table.name, from)), [key]: victim };
      const sql = insertOf(table, insertable, row);
      const references = table.foreignKeys.some(({ references: other }) => other !== 'app.tenants');
      const fault = references ? refusedSomehow : refused;
      attempts.push({ sql, fault }, { sql: `${sql} on conflict do nothing`, fault });
    }
  }
  return attempts;
}

const insertOf = (table: Relation, columns: Column[], row: Row): string =>
  `insert into ${table.name} (${columns.map(({ name }) => quoted(name)).join(', ')}) values (${columns.map(({ name }) => literal(row[name] ?? null)).join(', ')})`;

/** One's own row made to name another tenant's: answered as for an id of nothing. */
export async function pointing(planter: Planter, table: Relation, { own, victims }: Situation): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { columns, references, referenced } of table.foreignKeys)
    for (const [n, name] of columns.entries()) {
      const column = table.columns.find((one) => one.name === name);
      if (!column?.may.update || !own || !victims[0]) continue;
      const theirs = (await planter.ensure(references, victims[0]))[referenced[n]!] ?? null;
      const fault = (came: Came): string | undefined =>
        'count' in came && came.count > 0 ? told(came) : harmless(came);
      attempts.push({ sql: `update ${table.name} set ${quoted(name)} = ${literal(theirs)}`, blind: true, fault });
    }
  return attempts;
}

/** What a person who is let in may do, so that the same being refused says something. */
export async function allowed(planter: Planter, table: Relation, own: string): Promise<Attempt[]> {
  const key = quoted(tenantColumnOf(table) as string);
  const some = (came: Came): string | undefined => ('count' in came && came.count > 0 ? undefined : told(came));
  const may = (verb: 'select' | 'insert' | 'update'): Column[] => table.columns.filter((one) => one.may[verb]);
  const context = /\bapp\.(user_id|role_id|tenant_id)\(\)/; // left to the defaults: the caller's own
  const insertable = may('insert').filter((one) => !context.test(one.default ?? ''));
  const [first] = may('update');
  return [
    ...(may('select').length > 0 ? [{ sql: `select from ${table.name} where ${key} = ${literal(own)}`, fault: some }] : []),
    ...(first ? [{ sql: `update ${table.name} set ${quoted(first.name)} = ${quoted(first.name)}`, fault: some }] : []),
    ...(insertable.length > 0 ? [{ sql: insertOf(table, insertable, await planter.valid(table.name, own)), fault: some }] : []),
  ]; // prettier-ignore
}

/** A relation that is nobody's: no statement reaches it. */
export const unreachable = ({ name, columns }: Relation): Attempt[] => [
  { sql: `select from ${name}`, fault: refused },
  ...columns.map((column) => ({ sql: `select ${quoted(column.name)} from ${name} limit 0`, fault: refused })),
  { sql: `insert into ${name} default values`, fault: refused },
  { sql: `update ${name} set ${quoted(columns[0]!.name)} = default`, fault: refused },
  { sql: `delete from ${name}`, fault: refused },
  { sql: `truncate ${name}`, fault: refused },
];

/**
 * Makes attempts in one transaction that is taken back, as the application's own role: as if it had connected, so that no
 * right of the superuser who looks afterwards is left.
 * @returns those with which something is wrong, and what
 */
export async function attempt(
  admin: Client,
  situation: Situation,
  attempts: Attempt[],
  seenBy: () => Promise<unknown>,
): Promise<string[]> {
  const faults: string[] = [];
  await admin.query('begin');
  try {
    if (situation.since) await admin.query(situation.since);
    const before = attempts.some(({ blind }) => blind) && JSON.stringify(await seenBy());
    await admin.query(`set local session authorization ${situation.role ?? 'ringfence_app'}`);
    if (situation.cap !== undefined) await admin.query(`select app.enter(${literal(situation.cap)}, '{}')`);
    for (const { sql, blind, fault } of attempts) {
      const came = await tried(admin, sql);
      const wrong = fault(came);
      if (wrong) faults.push(`${situation.what}: ${sql}: ${wrong}`);
      if (blind && 'count' in came) {
        await admin.query('reset session authorization');
        if (JSON.stringify(await seenBy()) !== before) faults.push(`${situation.what}: ${sql}: rows of another tenant changed`);
      }
      await admin.query('rollback to attempt');
    } // prettier-ignore
  } finally {
    await admin.query('rollback');
  }
  return faults;
}

async function tried(admin: Client, sql: string): Promise<Came> {
  try {
    const [, result] = (await admin.query(`savepoint attempt; ${sql}`)) as unknown as QueryResult<Row>[];
    return { count: result?.rowCount ?? 0, rows: result?.rows ?? [] };
  } catch (error) {
    const { code = '?', message } = error as DatabaseError;
    return { code, message };
  }
}
