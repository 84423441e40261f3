import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { type Relation, relationsOf } from '../support/catalogue.js';
import { useDatabase } from '../support/database.js';
import {
  type Given,
  GIVEN_FUNCTIONS,
  GIVEN_TABLES,
  NEVER_CHANGED,
  NEVER_SAID,
  SERVER_FUNCTIONS,
  SERVER_GIVEN,
  SERVER_VIEWS,
} from './grants.js';

/*
 * The grants alone: each login tries each command on each column of each table, and each function, on no rows, where
 * no policy has anything to say. What `grants.ts` does not list must be refused for lack of privilege.
 */

const { db } = useDatabase();
const DENIED = '42501';
let relations: Relation[];
/** kinds of records that register themselves, with the column that says what they belong to: their grants are by one rule */
let kinds: Map<string, string | null>;

beforeAll(async () => {
  const admin = await db.as('admin');
  relations = [...(await relationsOf(admin)).values()].filter(({ schema }) => schema !== 'pgboss');
  const { rows } = await admin.query<{ name: string; parent: string | null }>(
    `select r.relation::text as name,
            (select a.attname::text from pg_constraint f join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[2]
              where f.conrelid = r.relation and f.contype = 'f' and f.confrelid = r.parent) as parent
       from auth.resources r`,
  );
  kinds = new Map(rows.map(({ name, parent }) => [name, parent]));
});

/** @returns whether it was refused for lack of privilege; what changes something is undone */
async function denied(client: Client, sql: string): Promise<boolean> {
  const changes = !sql.endsWith('where false');
  if (changes) await client.query('begin');
  const code = await client.query(sql).then(
    () => '',
    (error: { code: string }) => error.code,
  );
  if (changes) await client.query('rollback');
  return code === DENIED;
}

const ofKind = (columns: string[], parent: string | null): Given => {
  const said = columns.filter((name) => !NEVER_SAID.includes(name));
  const changed = said.filter((name) => !NEVER_CHANGED.includes(name) && name !== parent);
  return { select: 'all', insert: said, update: changed, delete: true };
};

type Try = [sql: string, given: boolean];

/** What is tried, and whether it is given. `select count(*)` and an insert of no column ask whether any column is given. */
function tries({ name, columns }: Relation, given: Given): Try[] {
  const has = (verb: 'select' | 'insert' | 'update', column: string): boolean =>
    given[verb] === 'all' || (given[verb] ?? []).includes(column);
  const all = columns.map((column) => column.name);
  const plain = columns.filter(({ generated }) => !generated).map((column) => column.name);
  const inserting = (into: string, values: string): string =>
    `insert into ${name} ${into} select ${values} where false`;
  return [
    ...(given.select
      ? all.map((c): Try => [`select "${c}" from ${name} where false`, has('select', c)])
      : [[`select count(*) from ${name} where false`, false] as Try]),
    ...(given.insert
      ? plain.map((c): Try => [inserting(`("${c}")`, 'null'), has('insert', c)])
      : [[inserting('', ''), false] as Try]),
    ...plain.map((c): Try => [`update ${name} set "${c}" = null where false`, has('update', c)]),
    [`delete from ${name} where false`, given.delete ?? false],
    [`truncate ${name}`, false],
    [`create trigger hostile before insert on ${name} execute function suppress_redundant_updates_trigger()`, false],
  ];
}

describe.each(['app', 'auth'] as const)('ringfence_%s', (role) => {
  it('may do to tables what it was given, and nothing else', async () => {
    const client = await db.as(role);
    const faults: string[] = [];
    for (const relation of relations) {
      const columns = relation.columns.map(({ name }) => name);
      const parent = role === 'app' ? kinds.get(relation.name) : undefined;
      const given = parent === undefined ? (GIVEN_TABLES[role]?.[relation.name] ?? {}) : ofKind(columns, parent);
      for (const [sql, may] of tries(relation, given))
        if ((await denied(client, sql)) === may) faults.push(`${may ? 'refused' : 'not refused'}: ${sql}`);
    }
    expect(faults).toEqual([]);
  });

  it('may call what it was given, and nothing else', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ name: string; call: string }>(
      `select p.oid::regproc::text as name,
              format('%s %s(%s)', case p.prokind when 'p' then 'call' else 'select' end, p.oid::regproc,
                (select string_agg('null::' || t::regtype, ', ' order by n) from unnest(p.proargtypes) with ordinality u (t, n))) as call
         from pg_proc p where p.pronamespace in ('app'::regnamespace, 'auth'::regnamespace, 'meta'::regnamespace)
          and p.prokind in ('f', 'p')`,
    );
    const client = await db.as(role);
    const given = GIVEN_FUNCTIONS[role] ?? [];
    expect(given.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
    const faults: string[] = [];
    for (const { name, call } of rows.filter((row) => !given.includes(row.name)))
      if (!(await denied(client, call))) faults.push(`not refused: ${name}: ${call}`);
    expect(faults).toEqual([]);
  });

  it('may ask the server nothing that is not for everybody', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ name: string; plain: string; sql: string }>(
      // arguments from a row that is read: constants would be worked out before anybody asks for the right
      `select p.oid::regprocedure::text as name, p.proname::text as plain,
              format('%s %s(%s) from (select %s from generate_series(1, 1) offset 0) given', 'select', p.oid::regproc,
                (select string_agg('a' || n, ', ' order by n) from generate_series(1, p.pronargs) n),
                (select string_agg('null::' || t::regtype || ' as a' || n, ', ' order by n) from unnest(p.proargtypes) with ordinality u (t, n))) as sql
         from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
       union all
       select c.relname::text, c.relname::text, format('select from %s where false', c.oid::regclass)
         from pg_class c where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('v', 'r')`,
    );
    const taken = rows.filter(({ plain, sql }) =>
      (sql.includes(' given') ? SERVER_FUNCTIONS : SERVER_VIEWS).test(plain),
    );
    expect(taken.length).toBeGreaterThan(200);
    const client = await db.as(role);
    const faults: string[] = [];
    for (const { name, sql } of taken.filter((one) => !SERVER_GIVEN[role]?.includes(one.name)))
      if (!(await denied(client, sql))) faults.push(`not refused: ${name}: ${sql}`);
    for (const language of ['sql', 'plpgsql'])
      if (!(await denied(client, `do language ${language} 'select 1'`))) faults.push(`may write ${language}`);
    expect(faults).toEqual([]);
  });
});
