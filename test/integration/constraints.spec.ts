import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { useDatabase } from '../support/database.js';
import { Planter } from '../support/plant-row.js';
import { ONCE, REFERENCES } from './constraints/named.js';
import { CHECKS } from './constraints/refused.js';

/*
 * Constraints hold for whoever writes, functions of ours and administrators too. Each one refuses a change of a good row,
 * alone: no trigger runs, and where it is about foreign keys all other constraints are gone.
 */

const { db } = useDatabase();
const { a } = db.world;
const FOREIGN_KEY = '23503';
const UNIQUE = '23505';
const CHECK = '23514';
let admin: Client;
let planter: Planter;
/** kinds of records register themselves: what holds for them holds by rule, for new ones too */
let kinds: string[];

beforeAll(async () => {
  admin = await db.as('admin');
  planter = await Planter.of(admin);
  kinds = (await admin.query<{ name: string }>('select relation::text as name from auth.resources')).rows.map(
    ({ name }) => name,
  );
  for (const table of new Set([CHECKS, REFERENCES, ONCE].flatMap((lines) => Object.keys(lines)).concat(kinds)))
    await planter.ensure(table, a.id);
}, 60_000);

/** @returns what is wrong with how the statements are refused; they are undone */
async function refused(code: string, constraint: string, statements: readonly string[]): Promise<string[]> {
  await admin.query('begin');
  const came = await admin.query(statements.join(';\n')).then(
    () => 'nothing',
    (error: DatabaseError) => `${error.code} ${error.constraint ?? error.message}`,
  );
  await admin.query('rollback');
  return came === `${code} ${constraint}` ? [] : [`${constraint}: ${came}: ${statements.at(-1)}`];
}

const noTriggers = (table: string): string => `alter table ${table} disable trigger all`;
const firstOf = (table: string): string => `ctid = (select ctid from ${table} limit 1)`;
const listed = (lines: Readonly<Record<string, Readonly<Record<string, string>>>>): [string, string, string][] =>
  Object.entries(lines).flatMap(([table, of]) =>
    Object.entries(of).map(([name, what]): [string, string, string] => [table, name, what]),
  );

/** A change that a foreign key refuses where nothing else could. */
const alone = (table: string, name: string, set: string): string[] => [
  `do $$ declare c record; begin
     for c in select conrelid::regclass as t, conname as n from pg_constraint
       where conname <> '${name}' and conparentid = 0
         and ((contype = 'c' and conrelid = '${table}'::regclass) or (contype = 'f' and '${table}'::regclass in (conrelid, confrelid)))
     loop execute format('alter table %s drop constraint if exists %I', c.t, c.n); end loop;
   end $$`,
  `alter table ${table} disable trigger user`,
  'set constraints all immediate',
  `update ${table} set ${set.includes('=') ? set : `${set} = gen_random_uuid()`} where ${firstOf(table)}`,
];

/** A good row again, where no other key could refuse it. */
const twice = (table: string, name: string, what: string): string[] => {
  const set = what.split(', ').filter((one) => one.includes(' = '));
  const columns = (planter.relations.get(table)?.columns ?? [])
    .filter(({ generated }) => !generated)
    .map((column) => `"${column.name}"`)
    .join(', ');
  return [
    `do $$ declare r record; begin
       for r in select i.indexrelid::regclass as n, k.conname as c from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
         where i.indrelid = '${table}'::regclass and i.indisunique and i.indexrelid::regclass::text !~ '\\m${name}$'
       loop execute case when r.c is null then format('drop index %s', r.n) else format('alter table ${table} drop constraint %I cascade', r.c) end; end loop;
     end $$`,
    noTriggers(table),
    `delete from ${table} where not (${firstOf(table)})`,
    ...set.map((one) => `update ${table} set ${one}`),
    `insert into ${table} (${columns}) overriding system value select ${columns} from ${table}`,
  ];
};

it('has a line for each constraint of a table that is no kind of record', async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select conrelid::regclass || ' ' || conname as name from pg_constraint
      where connamespace in ('app'::regnamespace, 'auth'::regnamespace) and contype in ('c', 'f', 'u') and conparentid = 0
        and conrelid not in (select relation from auth.resources) and conname !~ '_carried_key$'
     union select i.indrelid::regclass || ' ' || c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indisunique and not i.indisprimary and c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace)
        and not c.relispartition and i.indrelid not in (select relation from auth.resources) and c.relname !~ '_carried_key$'`,
  );
  const known = new Set([CHECKS, REFERENCES, ONCE].flatMap(listed).map(([table, name]) => `${table} ${name}`));
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

describe('a table of ours', () => {
  it('refuses what its checks forbid', async () => {
    const faults: string[] = [];
    for (const [table, name, set] of listed(CHECKS))
      faults.push(
        ...(await refused(CHECK, name, [noTriggers(table), `update ${table} set ${set} where ${firstOf(table)}`])),
      );
    expect(faults).toEqual([]);
  });

  it('refuses to name what is not there', async () => {
    const faults: string[] = [];
    for (const [table, name, set] of listed(REFERENCES))
      faults.push(...(await refused(FOREIGN_KEY, name, alone(table, name, set))));
    expect(faults).toEqual([]);
  });

  it('refuses a second one', async () => {
    const faults: string[] = [];
    for (const [table, name, what] of listed(ONCE))
      faults.push(...(await refused(UNIQUE, name, twice(table, name, what))));
    expect(faults).toEqual([]);
  });
});

describe('a kind of record', () => {
  it('refuses empty texts, and to name what is not there', async () => {
    const faults: string[] = [];
    for (const table of kinds) {
      for (const { name, type } of planter.relations.get(table)?.columns ?? [])
        if (type === 'text') faults.push(...(await refusedEmpty(table, name)));
        else if (type === 'uuid' && name.endsWith('_id'))
          faults.push(
            ...(await refused(FOREIGN_KEY, await keyOf(table, name), alone(table, await keyOf(table, name), name))),
          );
    }
    expect(kinds.length).toBeGreaterThan(3);
    expect(faults).toEqual([]);
  });
});

async function refusedEmpty(table: string, column: string): Promise<string[]> {
  await admin.query(`begin; ${noTriggers(table)}`);
  const came = await admin.query(`update ${table} set "${column}" = ''`).then(
    () => 'nothing',
    (error: DatabaseError) => error.code,
  );
  await admin.query('rollback');
  return came === CHECK ? [] : [`${table}.${column} takes an empty text`];
}

/** The foreign key of a column, with the tenant where it is of a tenant's table. */
async function keyOf(table: string, column: string): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    `select conname::text as name from pg_constraint f where conrelid = $1::regclass and contype = 'f'
        and array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey) and attname <> 'tenant_id')
          = array_remove(array[$2], 'tenant_id')`,
    [table, column],
  );
  return rows[0]?.name ?? `${table}.${column} has none`;
}
