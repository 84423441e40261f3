import { beforeAll, describe, expect, it } from '@jest/globals';
import { plantCapability } from '../support/acting.js';
import { isTenantTable, type Relation, tenantColumnOf } from '../support/catalogue.js';
import { useDatabase } from '../support/database.js';
import { Planter } from '../support/plant-row.js';
import { attempt, type Attempt, type Came, type Situation } from './attacks.js';
import type { Client } from 'pg';

/*
 * The policies alone: every command is granted on every table of app, as a careless GRANT would, and rows stay whose they are.
 * Then each half of the policies alone: the restrictive ones beside a permissive one that lets everything through, and the
 * permissive ones without any that restricts.
 */

const { db } = useDatabase();
const { a, b } = db.world;

/** What whoever is in a tenant sees of it: who is who, and what roles there are. */
const OPEN = ['memberships', 'profiles', 'role_closure', 'role_edges', 'role_permissions', 'roles', 'tenants'].map(
  (name) => `app.${name}`,
);

let admin: Client;
let planter: Planter;
let tables: Relation[];
let kinds: string[];
/** The log is owned by the role of the functions that write it. */
let ofFunctions: string[];
let owner: Situation;
let holdsNothing: Situation;
const both = [a.id, b.id];
const nobody: Situation = { what: 'nobody', victims: both };
const ownerOfTables: Situation = { what: 'the owner of the tables', role: 'ringfence_owner', victims: both };

beforeAll(async () => {
  admin = await db.as('admin');
  planter = await Planter.of(admin);
  tables = [...planter.relations.values()].filter(isTenantTable);
  for (const { name } of tables) for (const id of both) await planter.ensure(name, id);
  await admin.query('grant all on all tables in schema app to ringfence_app, ringfence_owner');
  const { rows } = await admin.query<{ name: string }>('select relation::text as name from auth.resources');
  kinds = rows.map(({ name }) => name);
  const { rows: owned } = await admin.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind in ('r', 'p') and relowner = 'ringfence_derive'::regrole`,
  );
  ofFunctions = owned.map(({ name }) => name);
  const { id: role } = await planter.plant('app.roles', a.id, { slug: 'nothing' });
  const { user_id: id } = await planter.plant('app.memberships', a.id, { role_id: role ?? '', status: 'active' });
  const live = await plantCapability(db, a, a.users.owner, 2);
  owner = { what: 'the owner of another tenant', cap: live.cap, own: a.id, victims: [b.id] };
  const { cap } = await plantCapability(db, a, { ...a.users.viewer, id: id ?? '' }, 2);
  holdsNothing = { what: 'a member whose role holds nothing', cap, own: a.id, victims: both };
}, 60_000);

const told = (came: Came): string => ('code' in came ? `${came.code} ${came.message}` : `${came.count} rows`);
const none = (came: Came): string | undefined =>
  ('count' in came ? came.count === 0 : came.code === '42501') ? undefined : told(came);
/** Triggers may speak before policies do; keys speak behind them. */
const refused = (came: Came): string | undefined =>
  'code' in came && (came.code === '42501' || came.code.startsWith('RF')) ? undefined : told(came);

const seeing = ({ name }: Relation, where: string): Attempt => ({ sql: `select from ${name} ${where}`, fault: none });
/** A command that reads no column meets no policy of SELECT. */
const blindly = (table: Relation): Attempt[] => [
  { sql: `update ${table.name} set "${tenantColumnOf(table)}" = '${b.id}'`, fault: none },
  { sql: `delete from ${table.name}`, fault: none },
];

async function commands(table: Relation, victim: string): Promise<Attempt[]> {
  const key = tenantColumnOf(table) as string;
  const where = `where "${key}" = '${victim}'`;
  const row = await planter.ensure(table.name, victim); // once more
  const columns = table.columns.filter(({ generated, name }) => !generated && name in row).map(({ name }) => name);
  const values = columns.map((name) => (row[name] == null ? 'null' : `'${row[name]?.replaceAll("'", "''")}'`));
  const into = `insert into ${table.name} (${columns.map((name) => `"${name}"`).join(', ')})`;
  return [
    ...(victim === a.id && OPEN.includes(table.name) ? [] : [seeing(table, where)]),
    { sql: `update ${table.name} set "${key}" = "${key}" ${where}`, fault: none },
    { sql: `delete from ${table.name} ${where}`, fault: none },
    { sql: `${into} values (${values.join(', ')})`, fault: refused },
  ];
}

const tryAll = (situation: Situation, attempts: Attempt[]): Promise<string[]> =>
  attempt(admin, situation, attempts, () => Promise.resolve());

/** They may read and write what they own, and no more than that, unless row level security were not forced on them. */
it('the functions’ own role changes nothing of the log that it owns', async () => {
  const faults: string[] = [];
  expect(ofFunctions).toContain('app.audit_log');
  for (const table of tables.filter(({ name }) => ofFunctions.includes(name)))
    faults.push(...(await tryAll({ ...ownerOfTables, role: 'ringfence_derive' }, blindly(table))));
  expect(faults).toEqual([]);
});

describe('with every command granted', () => {
  it.each([
    ['the owner of another tenant', () => owner],
    ['a member whose role holds nothing', () => holdsNothing],
    ['nobody', () => nobody],
    ['the owner of the tables', () => ownerOfTables],
  ] as const)('%s reads and changes no row that is not theirs', async (_, situationOf) => {
    const situation = situationOf();
    const faults: string[] = [];
    for (const victim of situation.victims)
      for (const table of tables) faults.push(...(await tryAll(situation, await commands(table, victim))));
    expect(faults).toEqual([]);
  });
});

/** Drops a table's restrictive policies, but for one. */
const without = ({ name }: Relation, kept = ''): string =>
  `do $$ declare p record; begin
     for p in select polname from pg_policy where polrelid = '${name}'::regclass and not polpermissive and polname <> '${kept}'
     loop execute format('drop policy %I on ${name}', p.polname); end loop;
   end $$;`;

describe('and every row let through but by what restricts', () => {
  const wide = ({ name }: Relation): string =>
    `create policy wide on ${name} for all to ringfence_app using (true) with check (true);`;

  it('no row of another tenant is met, for the fence alone', async () => {
    const faults: string[] = [];
    for (const table of tables)
      faults.push(
        ...(await tryAll({ ...owner, since: wide(table) + without(table, 'fence') }, await commands(table, b.id))),
      );
    expect(faults).toEqual([]);
  });

  it('no record is changed by who may not', async () => {
    const faults: string[] = [];
    for (const table of tables.filter(({ name }) => kinds.includes(name)))
      faults.push(...(await tryAll({ ...holdsNothing, since: wide(table) }, blindly(table))));
    expect(faults).toEqual([]);
  });
});

describe('and nothing that restricts', () => {
  it('nobody, and who holds nothing, meets no row', async () => {
    const faults: string[] = [];
    for (const table of tables) {
      const since = without(table);
      faults.push(...(await tryAll({ ...nobody, since }, [seeing(table, ''), ...blindly(table)])));
      const attempts = OPEN.includes(table.name) ? blindly(table) : [seeing(table, ''), ...blindly(table)];
      faults.push(...(await tryAll({ ...holdsNothing, since }, attempts)));
    }
    expect(faults).toEqual([]);
  });
});
