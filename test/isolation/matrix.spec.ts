import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import type { StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import type { Person, Tenant } from '../support/world.js';

/*
 * Role x table x verb x whose x visibility x AAL, as data. A line is what a role does; a group is whose the row is: one's
 * own, of somebody whose role is below, the same or above, or another tenant's; in a group private, controlled, public.
 *   + it happens    - no row, in silence    x refused (42501)    . there is no such case
 * The runner does all of it as ringfence_app, by SQL, with no guard anywhere near, and draws what came.
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
const RANKS: StandardRole[] = ['owner', 'admin', 'member', 'viewer'];
const VISIBILITIES = ['private', 'controlled', 'public'];
const OWNED = ['deals', 'vaults'];
const people = {} as Record<StandardRole, { actor: Person; peer: Person }>;
let app: Client;

beforeAll(async () => {
  app = await db.as('app');
  const owner = await db.as('owner');
  await owner.query(`
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
    call app.protect_table('app.notes', 'note')`);
  const codes = ['vault', 'note'].flatMap(
    (resource) =>
    Object.entries({ read: 'viewer', create: 'member', update: 'member', delete: 'admin' }).map(([verb, from]) => ({
      code: `${resource}:${verb}`, description: '', from })), // prettier-ignore
  );
  await db.look('select auth.sync_permissions($1)', [JSON.stringify(codes)]);
  for (const role of RANKS)
    people[role] = { actor: await newcomer(db, [a, role]), peer: await newcomer(db, [a, role]) };
  for (const role of RANKS) for (const person of Object.values(people[role])) await plantRecords(a, role, person);
  await plantRecords(b, 'member', b.users.member);
  await db.look(`insert into app.notes (tenant_id, title) values ($1, 'x'), ($2, 'x')`, [a.id, b.id]);
  await db.look(
    `insert into app.invitations (tenant_id, email, role_id, token_hash)
     select t, t || '@example.com', r, sha256(t::text::bytea) from unnest($1::uuid[], $2::uuid[]) i (t, r)`,
    [
      [a.id, b.id],
      [a.roles.viewer, b.roles.viewer],
    ],
  );
  await plantFiles();
  await plantWebhooks();
  await plantProofs();
});

/** A file with one version at a public deal of each tenant. */
async function plantFiles(): Promise<void> {
  for (const { id, users, deals } of [a, b]) {
    const [file] = await db.look<{ id: string }>(
      `insert into app.files (tenant_id, resource_type, resource_id, name, created_by) values ($1, 'deal', $2, 'x', $3) returning id`,
      [id, deals['owner-public'], users.owner.id],
    );
    await db.look(
      `insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, created_by)
       select t, f, 1, 'text/plain', 1, repeat('0', 64), concat_ws('/', t, f, 'u'), concat_ws('/', t, f, 'o'), $3
         from (select $1::uuid, $2::uuid) x (t, f)`,
      [id, file?.id, users.owner.id],
    );
    await db.look('insert into app.storage_usage (tenant_id) values ($1)', [id]);
  }
}

/** An endpoint of each tenant, and what was sent there. */
async function plantWebhooks(): Promise<void> {
  await db.look(
    `with w as (insert into app.webhooks (tenant_id, url, events, description, created_by)
         select t, 'https://partner.example/', '{deal.created}', '', t from unnest($1::uuid[]) t returning tenant_id, id),
       m as (insert into app.webhook_messages (tenant_id, type, payload) select tenant_id, 'deal.created', '{}' from w returning tenant_id, id)
     insert into app.webhook_deliveries (tenant_id, webhook_id, message_id) select w.tenant_id, w.id, m.id from w join m using (tenant_id)`,
    [[a.id, b.id]],
  );
}

/** One row of each table of proof in each tenant, and a job of its owner: the log itself has rows of its own. */
async function plantProofs(): Promise<void> {
  const admin = await db.as('admin');
  for (const values of [
    `audit_leaves select t, 0, t, sha256('x')`,
    `audit_nodes select t, 1, 0, sha256('x')`,
    `audit_checkpoints select t, 1, now(), 1, sha256('x'), 'key', 'note'`,
  ])
    await admin.query(`insert into app.${values} from unnest($1::uuid[]) t`, [[a.id, b.id]]);
  for (const { id, users } of [a, b])
    await admin.query(
      `insert into app.jobs (tenant_id, kind, actor_id, aal, auth_time, attempts_at_most, timeout_seconds)
       values ($1, 'test.job', $2, 1, now(), 1, 1)`,
      [id, users.owner.id],
    );
  for (const { id, users, slug } of [a, b])
    await db.look(
      `insert into app.api_keys (tenant_id, name, public_id, user_id, created_by, permissions, expires_at)
       select $1, 'x', rpad($2, 16, '0'), $3, $3, '{deal:read}', now() + interval '1 day'`,
      [id, slug, users.owner.id],
    );
}

async function plantRecords(tenant: Tenant, role: StandardRole, person: Person): Promise<void> {
  for (const table of OWNED)
    await db.look(
      `insert into app.${table} (tenant_id, owner_id, owner_role_id, visibility, ${columnsOf(table)})
       select $1, $2, $3, v, ${valuesOf(table)} from unnest($4::text[]) v`,
      [tenant.id, person.id, tenant.roles[role], VISIBILITIES],
    );
}

const columnsOf = (table: string): string => (table === 'deals' ? 'title, amount, currency' : 'title');
const valuesOf = (table: string): string => (table === 'deals' ? `'x', 1, 'EUR'` : `'x'`);

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
      (error: DatabaseError) => (error.code === '42501' ? 'x' : `(${error.code})`),
    ),
  );
}

async function ownedCase(
  cap: string,
  table: string,
  role: StandardRole,
  verb: string,
  group: number,
  visibility: string,
): Promise<string> {
  // prettier-ignore
  const theirs = whose(role, group);
  if (!theirs) return '.';
  const { tenant, person } = theirs;
  if (verb === 'insert')
    return come(cap, `insert into app.${table} (tenant_id, owner_id, owner_role_id, visibility, ${columnsOf(table)})
      values ($1, $2, $3, $4, ${valuesOf(table)})`, [tenant.id, person.id, tenant.roles[theirs.role], visibility]); // prettier-ignore
  const where = 'where tenant_id = $1 and owner_id = $2 and visibility = $3 and title = $4';
  const title = 'x'; // what this spec planted, and not the world's
  return come(cap, statement(table, verb, 'title', where), [tenant.id, person.id, visibility, title]);
}

const statement = (table: string, verb: string, column: string, where: string): string =>
  ({
    select: `select from app.${table} ${where}`,
    update: `update app.${table} set ${column} = ${column} ${where}`,
    delete: `delete from app.${table} ${where}`,
  })[verb] ?? '';

const COLUMN: Record<string, string> = { tenants: 'name', roles: 'name', notes: 'title', memberships: 'role_id', profiles: 'full_name', role_permissions: 'permission', role_edges: 'child_id', role_closure: 'descendant_id', invitations: 'role_id', audit_log: 'n', audit_changes: 'op', audit_leaves: 'seq', audit_nodes: 'index', audit_checkpoints: 'size', files: 'name', file_versions: 'status', storage_usage: 'bytes', jobs: 'status', webhooks: 'url', webhook_messages: 'type', webhook_deliveries: 'status', api_keys: 'name', idempotency_keys: 'status' }; // prettier-ignore

function sharedCase(cap: string, table: string, verb: string, tenant: Tenant): Promise<string> {
  const key = table === 'tenants' ? 'id' : 'tenant_id';
  const insert =
    table === 'notes'
      ? `insert into app.notes (tenant_id, title) values ($1, 'new')`
      : `insert into app.${table} (${key}) select ${key} from app.${table} where ${key} = $1`;
  const text = verb === 'insert' ? insert : statement(table, verb, COLUMN[table] ?? '', `where ${key} = $1`);
  return come(cap, text, [tenant.id]);
}

async function draw(table: string, cap: string, role: StandardRole, verb: string): Promise<string> {
  const groups: string[] = [];
  if (!OWNED.includes(table)) for (const tenant of [a, b]) groups.push(await sharedCase(cap, table, verb, tenant));
  else
    for (let group = 0; group < 5; group += 1) {
      let came = '';
      for (const visibility of VISIBILITIES) came += await ownedCase(cap, table, role, verb, group, visibility);
      groups.push(came);
    }
  return [role, verb, ...groups].join(' ');
}

describe('who does what', () => {
  it.each(MATRIX)('app.%s at AAL%i', async (table, aal, lines) => {
    const caps = {} as Record<StandardRole, string>;
    for (const role of RANKS) caps[role] = (await plantCapability(db, a, people[role].actor, aal)).cap;
    const expected = lines.trim().split('\n').map((line) => line.trim().replace(/ +/g, ' ')); // prettier-ignore
    const came: string[] = [];
    for (const line of expected) {
      const [role, verb] = line.split(' ') as [StandardRole, string];
      came.push(await draw(table, caps[role], role, verb));
    }
    expect(came).toEqual(expected);
  });

  it('leaves no table of app out', async () => {
    const { rows } = await app.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    );
    const named = new Set(MATRIX.map(([table]) => table));
    expect(rows.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});
