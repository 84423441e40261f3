import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Client, DatabaseError } from 'pg';
import type { StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import type { Relation } from '../support/catalogue.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { plantActor, plantRole } from '../support/role-graph.js';
import { Planter } from '../support/plant-row.js';
import type { Row } from '../support/plant-values.js';
import type { Person, Tenant } from '../support/world.js';
import { type Kind, kindsOf, linesOf, RANKS } from './expectations.js';

/*
 * Role x table x verb x whose x visibility x AAL, as data. A line is what a role does; a group is whose the row is: one's
 * own, of somebody whose role is below, the same or above, or another tenant's; in a group private, controlled, public.
 *   + it happens    - no row, in silence    x refused (42501)    . there is no such case
 * The runner does all of it as ringfence_app, by SQL, with no guard anywhere near, and draws what came. Deals, vaults and
 * notes say what is meant; every other kind of record is judged by the same rules, from what it has registered.
 */

const READS = `
  owner  select  +++ -++ --+ ... ---
  admin  select  +++ -++ --+ --+ ---
  member select  +++ -++ --+ --+ ---
  viewer select  +++ ... --+ --+ ---`;

/** read from viewer up, create and update from member, delete from admin */
const WRITES = `
  owner  insert  +++ xxx xxx ... xxx
  admin  insert  +++ xxx xxx xxx xxx
  member insert  +++ xxx xxx xxx xxx
  viewer insert  xxx ... xxx xxx xxx
  owner  update  +++ -++ --+ ... ---
  admin  update  +++ -++ --+ --+ ---
  member update  +++ -++ --+ --+ ---
  viewer update  --- ... --- --- ---
  owner  delete  +++ -++ --+ ... ---
  admin  delete  +++ -++ --+ --+ ---
  member delete  --- --- --- --- ---
  viewer delete  --- ... --- --- ---`;

const NO_WRITES = `
  owner  insert  xxx xxx xxx ... xxx
  admin  insert  xxx xxx xxx xxx xxx
  member insert  xxx xxx xxx xxx xxx
  viewer insert  xxx ... xxx xxx xxx
  owner  update  --- --- --- ... ---
  admin  update  --- --- --- --- ---
  member update  --- --- --- --- ---
  viewer update  --- ... --- --- ---
  owner  delete  --- --- --- ... ---
  admin  delete  --- --- --- --- ---
  member delete  --- --- --- --- ---
  viewer delete  --- ... --- --- ---`;

/** Rows of nobody: one group here, one of the other tenant, without visibility. */
const SHARED_READS = `
  owner  select  + -
  admin  select  + -
  member select  + -
  viewer select  + -`;
const ADMIN_READS = `
  owner  select  + -
  admin  select  + -
  member select  - -
  viewer select  - -`;
const SHARED_WRITES = `
  owner  insert  + x
  admin  insert  + x
  member insert  + x
  viewer insert  x x
  owner  update  + -
  admin  update  + -
  member update  + -
  viewer update  - -
  owner  delete  + -
  admin  delete  + -
  member delete  - -
  viewer delete  - -`;
/** What is written through functions only: no grant, so refused whoever asks. */
const NOBODY_WRITES = ['insert', 'update', 'delete']
  .flatMap((verb) => ['owner', 'admin', 'member', 'viewer'].map((role) => `\n  ${role} ${verb} x x`))
  .join('');

/** What is read through functions only, too. */
const NOBODY_READS = ['owner', 'admin', 'member', 'viewer'].map((role) => `\n  ${role} select x x`).join('');

const TENANCY = ['tenants', 'roles', 'role_permissions', 'role_edges', 'role_closure', 'memberships', 'profiles'];

/** of a record that everybody sees */
const FILES = ['files', 'file_versions', 'storage_usage'];

const WEBHOOKS = ['webhooks', 'webhook_messages', 'webhook_deliveries'];

const AUDIT = ['audit_log', 'audit_changes', 'audit_leaves', 'audit_nodes', 'audit_checkpoints'];

const MATRIX: [table: string, aal: 1 | 2, lines: string][] = [
  ['deals', 1, READS + WRITES],
  ['deals', 2, READS + WRITES],
  ['vaults', 1, READS + NO_WRITES], // p_sensitive: writes need AAL2
  ['vaults', 2, READS + WRITES],
  ['notes', 1, SHARED_READS + SHARED_WRITES], // p_owned left out
  ['notes', 2, SHARED_READS + SHARED_WRITES],
  ['invitations', 1, ADMIN_READS + NOBODY_WRITES],
  ['invitations', 2, ADMIN_READS + NOBODY_WRITES],
  ...TENANCY.flatMap((table) =>
    ([1, 2] as const).map((aal) => [table, aal, SHARED_READS + NOBODY_WRITES] as [string, 1 | 2, string]),
  ),
  ...FILES.map((table) => [table, 1, SHARED_READS + NOBODY_WRITES] as [string, 1 | 2, string]),
  ['jobs', 1, ADMIN_READS + NOBODY_WRITES], // of somebody else
  ...WEBHOOKS.map((table) => [table, 2, ADMIN_READS + NOBODY_WRITES] as [string, 1 | 2, string]),
  ['api_keys', 2, ADMIN_READS + NOBODY_WRITES],
  ['idempotency_keys', 1, NOBODY_READS + NOBODY_WRITES],
  ...AUDIT.map((table) => [table, 2, ADMIN_READS + NOBODY_WRITES] as [string, 1 | 2, string]),
];

const { db } = useDatabase();
const { a, b } = db.world;
const VISIBILITIES = ['private', 'controlled', 'public'];
const people = {} as Record<StandardRole, { actor: Person; peer: Person }>;
const caps = { 1: {}, 2: {} } as Record<1 | 2, Record<StandardRole, string>>;
let app: Client;
let planter: Planter;
let kinds: Kind[];

/** vaults and notes are registered, too, so that what is derived is compared with what is meant */
const SETUP = `
  create table app.vaults (
    tenant_id uuid not null default app.tenant_id() references app.tenants (id), id uuid not null default uuidv7(),
    owner_id uuid not null default app.user_id(), owner_role_id uuid not null default app.role_id(),
    visibility text not null default 'controlled', title text not null, primary key (tenant_id, id),
    foreign key (tenant_id, owner_id) references app.memberships (tenant_id, user_id),
    foreign key (tenant_id, owner_role_id) references app.roles (tenant_id, id));
  call app.protect_table('app.vaults', 'vault', p_owned => true, p_sensitive => true);
  create table app.notes (
    tenant_id uuid not null default app.tenant_id() references app.tenants (id), id uuid not null default uuidv7(),
    title text not null, primary key (tenant_id, id));
  call app.protect_table('app.notes', 'note');
  insert into auth.resources (resource, relation, owned) values ('vault', 'app.vaults', true), ('note', 'app.notes', false)`;

beforeAll(async () => {
  app = await db.as('app');
  await (await db.as('owner')).query(SETUP);
  const codes = ['vault', 'note'].flatMap(
    (resource) =>
    Object.entries({ read: 'viewer', create: 'member', update: 'member', delete: 'admin' }).map(([verb, from]) => ({
      code: `${resource}:${verb}`, description: '', from })), // prettier-ignore
  );
  await db.look('select auth.sync_permissions($1)', [JSON.stringify(codes)]);
  const admin = await db.as('admin');
  planter = await Planter.of(admin);
  kinds = await kindsOf(admin, JSON.parse(readFileSync(process.env['RINGFENCE_OPENAPI']!, 'utf8')));
  for (const role of RANKS) {
    people[role] = { actor: await newcomer(db, [a, role]), peer: await newcomer(db, [a, role]) };
    for (const aal of [1, 2] as const) caps[aal][role] = (await plantCapability(db, a, people[role].actor, aal)).cap;
  }
}, 60_000);

/** Whose a row is, by the place of its group; undefined where no role stands there. */
function whose(role: StandardRole, group: number): { tenant: Tenant; role: StandardRole; person: Person } | undefined {
  if (group === 4) return { tenant: b, role: 'member', person: b.users.member };
  const rank = RANKS.indexOf(role) + [0, 1, 0, -1][group]!;
  const other = RANKS[rank];
  if (!other) return undefined;
  return { tenant: a, role: other, person: group === 2 ? people[other].peer : people[other].actor };
}

/** One statement in a transaction that is rolled back. */
async function come(cap: string, text: string, values: unknown[]): Promise<string> {
  return acting(app, cap, () =>
    app.query(text, values).then(
      ({ rowCount }) => (rowCount ? '+' : '-'),
      // a record that it names is asked for before its policies are
      (error: DatabaseError) => (['42501', 'RF042'].includes(error.code ?? '') ? 'x' : `(${error.code})`),
    ),
  );
}

/** Rows of one table to try at: as they are planted, and by whose they are. */
class Rows {
  private readonly kept = new Map<string, Promise<Row>>();

  constructor(
    readonly table: Relation,
    readonly owned: boolean,
  ) {}

  private once(key: string, make: () => Promise<Row>): Promise<Row> {
    const row = this.kept.get(key) ?? make();
    this.kept.set(key, row);
    return row;
  }

  planted(tenant: Tenant, mine: Row = {}): Promise<Row> {
    const isNew = this.owned || this.columns('insert').length > 0; // what nobody may write stays as it is
    const key = JSON.stringify(['planted', tenant.id, mine]);
    return this.once(key, () => (isNew ? planter.plant(this.table.name, tenant.id, mine) : planter.ensure(this.table.name, tenant.id))); // prettier-ignore
  }

  columns(verb: 'insert' | 'update'): string[] {
    return this.table.columns.filter(({ may }) => may[verb]).map(({ name }) => name);
  }

  /** Text and values of an INSERT of a valid row. */
  async insert(tenant: Tenant, mine: Row = {}): Promise<[string, unknown[]]> {
    const names = this.columns('insert');
    if (names.length === 0) return [`insert into ${this.table.name} default values`, []];
    const row = {
      ...(await this.once(`valid ${tenant.id}`, () => planter.valid(this.table.name, tenant.id))),
      ...mine,
    };
    const places = names.map((_, n) => `$${n + 1}`).join(', ');
    return [`insert into ${this.table.name} (${names.join(', ')}) values (${places})`, names.map((name) => row[name])];
  }

  /** Text and values of another verb, of the one row. */
  statement(verb: string, row: Row): [string, unknown[]] {
    const { name, columns } = this.table;
    const keys = columns.filter(({ may, name: key }) => may.select && /^(tenant_id|id)$/.test(key)).map((one) => one.name); // prettier-ignore
    const where = keys.length > 0 ? `where ${keys.map((key, n) => `${key} = $${n + 1}`).join(' and ')}` : '';
    const column = `"${this.columns('update')[0] ?? columns[0]!.name}"`;
    const text = { select: `select from ${name} ${where}`, update: `update ${name} set ${column} = ${column} ${where}`, delete: `delete from ${name} ${where}` }[verb]; // prettier-ignore
    return [text!, keys.map((key) => row[key])];
  }
}

async function ownedCase(cap: string, rows: Rows, role: StandardRole, verb: string, at: [number, string]): Promise<string> {
  const theirs = whose(role, at[0]);
  if (!theirs) return '.';
  const mine = { owner_id: theirs.person.id, owner_role_id: theirs.tenant.roles[theirs.role], visibility: at[1] };
  if (verb === 'insert') return come(cap, ...(await rows.insert(theirs.tenant, mine)));
  return come(cap, ...rows.statement(verb, await rows.planted(theirs.tenant, mine)));
} // prettier-ignore

async function sharedCase(cap: string, rows: Rows, verb: string, tenant: Tenant): Promise<string> {
  if (verb === 'insert') return come(cap, ...(await rows.insert(tenant)));
  return come(cap, ...rows.statement(verb, await rows.planted(tenant)));
}

async function draw(rows: Rows, aal: 1 | 2, role: StandardRole, verb: string): Promise<string> {
  const cap = caps[aal][role];
  const groups: string[] = [];
  if (!rows.owned) for (const tenant of [a, b]) groups.push(await sharedCase(cap, rows, verb, tenant));
  else
    for (let group = 0; group < 5; group += 1) {
      let came = '';
      for (const visibility of VISIBILITIES) came += await ownedCase(cap, rows, role, verb, [group, visibility]);
      groups.push(came);
    }
  return [role, verb, ...groups].join(' ');
}

const rowsOf = new Map<string, Rows>();
async function drawn(table: string, aal: 1 | 2, expected: string[]): Promise<string[]> {
  const relation = planter.relations.get(table)!;
  const rows = rowsOf.get(table) ?? new Rows(relation, relation.columns.some(({ name }) => name === 'visibility'));
  rowsOf.set(table, rows);
  const came: string[] = [];
  for (const line of expected) {
    const [role, verb] = line.split(' ') as [StandardRole, string];
    came.push(await draw(rows, aal, role, verb));
  }
  return came;
} // prettier-ignore

const asLines = (text: string): string[] => text.trim().split('\n').map((line) => line.trim().replace(/ +/g, ' ')); // prettier-ignore

describe('who does what', () => {
  it.each(MATRIX)('app.%s at AAL%i', async (table, aal, lines) => {
    const expected = asLines(lines);
    expect(await drawn(`app.${table}`, aal, expected)).toEqual(expected);
  });

  it('in every kind of record that is registered, by what it says of itself', async () => {
    const named = new Set(MATRIX.map(([table]) => `app.${table}`));
    const wrong: unknown[] = [];
    for (const kind of kinds.filter(({ table }) => !named.has(table)))
      for (const aal of [1, 2] as const) {
        const expected = linesOf(kind, aal);
        const came = await drawn(kind.table, aal, expected);
        for (const [n, line] of expected.entries()) if (came[n] !== line) wrong.push([kind.table, aal, came[n], line]);
      }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('shows nothing of what belongs to a record to whoever does not see the record', async () => {
    for (const kind of kinds.filter(({ parent }) => parent)) {
      const rows = new Rows(planter.relations.get(kind.table)!, kind.owned);
      const row = await rows.planted(a);
      const codes = ['read', 'create', 'update', 'delete'].map((verb) => `${kind.resource}:${verb}`);
      const above = kinds.find(({ table }) => table === kind.parent)!;
      for (const [held, expected] of [
        [codes, '-'],
        [[...codes, `${above.resource}:read`], '+'],
      ] as const) {
        const { cap } = await plantActor(db, a, await plantRole(db, a, [...held], [a.roles.owner]));
        for (const verb of ['select', 'update', 'delete'])
          expect([kind.table, verb, await come(cap, ...rows.statement(verb, row))]).toEqual([
            kind.table,
            verb,
            expected,
          ]);
      }
    }
  });

  it.each(['deals', 'vaults', 'notes'])('is derived of %s as it is meant', (table) => {
    const kind = kinds.find((one) => one.table === `app.${table}`)!;
    for (const [, aal, lines] of MATRIX.filter(([name]) => name === table))
      expect([aal, linesOf(kind, aal).sort()]).toEqual([aal, asLines(lines).sort()]);
  });
});
