import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { HideStatistics1764000000022 } from '../../migrations/0022-hide-statistics.js';
import { migratorOptions } from '../../src/database/migrator.js';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';

/*
 * The planner's statistics are of all tenants together. What it expects of a condition must not depend on whether somebody
 * else's rows fulfil it.
 */
const { db } = useDatabase();
const { a, b } = db.world;
const SECRET = 'moonlit merger';
let app: Client;
let cap: string;
let owner: QueryRunner;

const PLANT = [
  `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency)
   select $1, $2, $3, case when n % 2 = 0 then '${SECRET}' else gen_random_uuid()::text end, n, 'EUR' from generate_series(1, 4000) n`,
  `with u as (insert into auth.users (email) select 'm' || n || '@b.example' from generate_series(1, 1000) n returning id, email),
        m as (insert into app.memberships (tenant_id, user_id, role_id) select $1, u.id, $3 from u where $2::uuid is not null)
   insert into app.profiles (tenant_id, user_id, full_name, email) select $1, u.id, '${SECRET}', '${SECRET}' from u`,
  `insert into app.invitations (tenant_id, email, role_id, invited_by, token_hash)
   select $1, 'm' || n || '@b.example', $3, $2, sha256(n::text::bytea) from generate_series(1, 1000) n`,
];

beforeAll(async () => {
  app = await db.as('app');
  cap = (await plantCapability(db, a, a.users.admin, 2)).cap;
  for (const text of PLANT) await db.look(text, [b.id, b.users.owner.id, b.roles.owner]);
  const source = await new DataSource(migratorOptions(db.connections.owner)).initialize();
  owner = source.createQueryRunner();
  db.beforeDrop(() => owner.release().then(() => source.destroy()));
  await analyze();
}, 60_000);

/** As autovacuum does sooner or later. */
const analyze = async (): Promise<void> => {
  for (const table of ['deals', 'profiles', 'invitations']) await owner.query(`analyze app.${table}`);
};

/** How many rows the planner expects, asked from inside tenant A. */
const expected = (table: string, condition: string): Promise<number> =>
  acting(app, cap, async () => {
    const { rows } = await app.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
      `explain (format json) select 1 from ${table} where ${condition}`,
    );
    return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
  });

/** A condition that rows of B fulfil, and one of the same kind that none does. */
const GUESSES: [table: string, right: string, wrong: string][] = [
  ['app.deals', `title = '${SECRET}'`, `title = '${randomUUID()}'`],
  ['app.deals', `title <= 'zzz'`, `title <= ' '`],
  ['app.profiles', `full_name = '${SECRET}'`, `full_name = '${randomUUID()}'`],
  ['app.profiles', `email = '${SECRET}'`, `email = '${randomUUID()}@b.example'`],
  ['app.invitations', `email < 'zzz'`, `email < 'a'`],
];
const differing = async (): Promise<string[]> => {
  const found: string[] = [];
  for (const [table, right, wrong] of GUESSES) {
    if ((await expected(table, right)) !== (await expected(table, wrong))) found.push(`${table}: ${right}`);
  }
  return found;
};

describe("the planner's expectations", () => {
  it("do not depend on others' texts", async () => {
    expect(await differing()).toEqual([]);
  });

  it('would, with statistics; and no longer do from the moment they are hidden', async () => {
    const migration = new HideStatistics1764000000022();
    await migration.down(owner);
    await analyze();
    expect(await differing()).toEqual(GUESSES.map(([table, right]) => `${table}: ${right}`));
    await migration.up(owner);
    expect(await differing()).toEqual([]);
    await analyze();
    expect(await differing()).toEqual([]);
  });
});

describe('app.hide_statistics', () => {
  it('was called for every table: no column is analysed that no index is searched by and no policy reads', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ analysed: string }>(`
      select a.attrelid::regclass || '.' || a.attname as analysed from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
         and a.attstattarget is distinct from 0 and not exists (
           select from pg_index i where i.indrelid = c.oid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
         and not exists (select from pg_depend d where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_class'::regclass
                            and d.refobjid = c.oid and d.refobjsubid = a.attnum)`);
    expect(rows).toEqual([]);
    const unique = ['app.tenants.slug', 'app.roles.slug', 'app.invitations.email', 'app.invitations.token_hash'];
    const { rows: hidden } = await admin.query(
      `select from pg_attribute where attstattarget = 0 and attrelid::regclass || '.' || attname = any ($1)`,
      [unique],
    );
    expect(hidden).toHaveLength(unique.length);
  });

  it('is part of app.protect_resource, and refuses a column that is not there', async () => {
    const key = 'primary key (tenant_id, id)';
    await owner.query(`create table app.ideas (tenant_id uuid not null default app.tenant_id() references app.tenants (id),
      id uuid not null default uuidv7(), owner_id uuid not null default app.user_id(),
      owner_role_id uuid not null default app.role_id(), visibility text not null default 'controlled', text text, ${key},
      foreign key (tenant_id, owner_id) references app.memberships (tenant_id, user_id),
      foreign key (tenant_id, owner_role_id) references app.roles (tenant_id, id));
      call app.protect_resource('app.ideas', 'deal_idea')`);
    const [{ analysed }] =
      (await owner.query(`select array_agg(attname::text order by attnum) as analysed from pg_attribute
      where attrelid = 'app.ideas'::regclass and attnum > 0 and attstattarget is distinct from 0`)) as [
        { analysed: string[] },
      ];
    expect(analysed).toEqual(['tenant_id', 'id', 'owner_id', 'owner_role_id', 'visibility']);
    await expect(owner.query(`call app.hide_statistics('app.ideas', '{txet}')`)).rejects.toThrow(/"txet"/);
    await owner.query(`call app.forget_resource('deal_idea'); drop table app.ideas`);
  });
});
