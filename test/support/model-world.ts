import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Client, QueryResult } from 'pg';
import type { ModelWorld, Verb } from './authoriser.js';

const CODES = ['deal:read', 'deal:create', 'deal:update', 'deal:delete'];
const VISIBILITIES = ['private', 'controlled', 'public'] as const;

/** Numbers that become indices once it is known how many there are: so a world stays one while it shrinks. */
const pick = fc.nat(9999);

/** Any tenant: up to 20 roles in a DAG, 10 members, 40 records. */
export const anyWorld: fc.Arbitrary<ModelWorld> = fc
  .record({
    minAal: fc.oneof(
      { weight: 5, arbitrary: fc.constant(1 as const) },
      { weight: 1, arbitrary: fc.constant(2 as const) },
    ),
    roles: fc.array(
      fc.record({ parents: fc.array(pick, { minLength: 1, maxLength: 3 }), permissions: fc.subarray(CODES) }),
      { minLength: 1, maxLength: 19, size: 'max' },
    ),
    members: fc.array(
      fc.record({
        role: pick,
        active: fc.oneof({ weight: 7, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
        aal: fc.constantFrom(1 as const, 2 as const),
      }),
      { minLength: 1, maxLength: 10, size: 'max' },
    ),
    records: fc.array(
      fc.record({
        owner: pick,
        // mostly the role that the owner has; another one if that has changed since
        ownerRole: fc.option(pick, { freq: 4 }),
        visibility: fc.constantFrom(...VISIBILITIES, 'controlled' as const),
      }),
      { minLength: 1, maxLength: 40, size: 'max' },
    ),
  })
  .map(({ minAal, roles, members, records }) => {
    const allRoles = [
      { parents: [], permissions: [] },
      ...roles.map(({ parents, permissions }, index) => ({
        parents: [...new Set(parents.map((parent) => parent % (index + 1)))],
        permissions,
      })),
    ];
    const allMembers = members.map((member) => ({ ...member, role: member.role % allRoles.length }));
    return {
      minAal,
      roles: allRoles,
      members: allMembers,
      records: records.map(({ owner, ownerRole, visibility }) => {
        const by = owner % members.length;
        const usual = allMembers[by]?.role ?? 0;
        return { owner: by, ownerRole: ownerRole === null ? usual : ownerRole % allRoles.length, visibility };
      }),
    };
  });

/** A world's ids in the database, by index. */
export interface LoadedWorld {
  tenantId: string;
  roleIds: string[];
  userIds: string[];
  recordIds: string[];
  /** a live capability a member, at their AAL */
  caps: string[];
}

/** Anything that runs statements as ringfence_service. */
interface Statements {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const ids = (things: unknown[]): string[] => things.map(() => randomUUID());

/** Makes a tenant of it, one statement a table. */
export async function loadWorld(db: Statements, world: ModelWorld): Promise<LoadedWorld> {
  const tenantId = randomUUID();
  const loaded: LoadedWorld = {
    tenantId,
    roleIds: ids(world.roles),
    userIds: ids(world.members),
    recordIds: ids(world.records),
    caps: world.members.map(() => randomBytes(32).toString('base64url')),
  };
  await db.query('insert into app.tenants (id, slug, name, min_aal) values ($1, $2, $2, $3)', [
    tenantId,
    `w-${tenantId}`.slice(0, 24),
    world.minAal,
  ]);
  await loadRoles(db, world, loaded);
  await loadMembers(db, world, loaded);
  await db.query(
    `insert into app.deals (tenant_id, id, owner_id, owner_role_id, visibility, title, amount, currency)
     select $1, r.*, 'x', 1, 'EUR' from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) r`,
    [
      tenantId,
      loaded.recordIds,
      world.records.map(({ owner }) => loaded.userIds[owner]),
      world.records.map(({ ownerRole }) => loaded.roleIds[ownerRole]),
      world.records.map(({ visibility }) => visibility),
    ],
  );
  return loaded;
}

async function loadRoles(db: Statements, { roles }: ModelWorld, { tenantId, roleIds }: LoadedWorld): Promise<void> {
  await db.query(
    `insert into app.roles (tenant_id, id, slug, name, is_root)
     select $1, r.id, 'r' || r.at, 'r', r.at = 1 from unnest($2::uuid[]) with ordinality r (id, at)`,
    [tenantId, roleIds],
  );
  const edges = roles.flatMap(({ parents }, child) => parents.map((parent) => [roleIds[parent], roleIds[child]]));
  await db.query(
    'insert into app.role_edges (tenant_id, parent_id, child_id) select $1, e.* from unnest($2::uuid[], $3::uuid[]) e',
    [tenantId, edges.map(([parent]) => parent), edges.map(([, child]) => child)],
  );
  const held = roles.flatMap(({ permissions }, role) => permissions.map((code) => [roleIds[role], code]));
  await db.query(
    'insert into app.role_permissions (tenant_id, role_id, permission) select $1, p.* from unnest($2::uuid[], $3::text[]) p',
    [tenantId, held.map(([role]) => role), held.map(([, code]) => code)],
  );
}

async function loadMembers(db: Statements, { members, minAal }: ModelWorld, loaded: LoadedWorld): Promise<void> {
  const { tenantId, userIds, roleIds, caps } = loaded;
  await db.query(`insert into auth.users (id, email) select u, u || '@example.com' from unnest($1::uuid[]) u`, [
    userIds,
  ]);
  await db.query(
    `insert into app.memberships (tenant_id, user_id, role_id, status, tenant_min_aal)
     select $1, m.*, $5::smallint from unnest($2::uuid[], $3::uuid[], $4::text[]) m`,
    [
      tenantId,
      userIds,
      members.map(({ role }) => roleIds[role]),
      members.map(({ active }) => (active ? 'active' : 'suspended')),
      minAal,
    ],
  );
  await db.query(
    `with s as (
       insert into auth.sessions (user_id, tenant_id, aal, amr, expires_at, idle_expires_at)
       select u, $1, a, '{pwd}', now() + interval '1 hour', now() + interval '1 hour'
         from unnest($2::uuid[], $3::smallint[]) p (u, a) returning id, user_id, aal)
     insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, member_status, min_aal, aal, expires_at)
     select sha256(convert_to(c.cap, 'UTF8')), s.id, s.user_id, $1, m.role_id, m.status, $5::smallint, s.aal, now() + interval '1 hour'
       from s join unnest($2::uuid[], $4::text[]) c (u, cap) on c.u = s.user_id
       join app.memberships m on m.tenant_id = $1 and m.user_id = s.user_id`,
    [tenantId, userIds, members.map(({ aal }) => aal), caps, minAal],
  );
}

/** Loads a tenant, works with it, and takes it all back. `work` may roll back to the savepoint `loaded`. */
export async function inWorld<T>(
  admin: Client,
  world: ModelWorld,
  work: (loaded: LoadedWorld) => Promise<T>,
): Promise<T> {
  await admin.query('begin; set local role ringfence_service');
  try {
    const loaded = await loadWorld(admin, world);
    await admin.query('set constraints all immediate; reset role; savepoint loaded');
    return await work(loaded);
  } finally {
    await admin.query('rollback');
  }
}

/** Statements without a condition, as the application's role: the ids that each of them reached. Leaves nothing done. */
export async function reached(admin: Client, cap: string): Promise<Record<Verb, Set<string>>> {
  const results = (await admin.query(`
    set local role ringfence_app; select app.enter('${cap}', '{}');
    select id from app.deals; update app.deals set stage = stage returning id; delete from app.deals returning id;
    rollback to loaded`)) as unknown as QueryResult<{ id: string }>[];
  const ids = (at: number): Set<string> => new Set(results[at]?.rows.map(({ id }) => id));
  return { read: ids(2), update: ids(3), delete: ids(4) };
}

/** Whether they may create a record. Leaves none. */
export async function creates(admin: Client, cap: string): Promise<boolean> {
  try {
    await admin.query(`
      set local role ringfence_app; select app.enter('${cap}', '{}');
      insert into app.deals (title, amount, currency) values ('new', 1, 'EUR')`);
    return true;
  } catch (error) {
    // the policy's refusal; whoever is not let in has no tenant to write
    if (!['42501', '23502'].includes((error as { code: string }).code)) throw error;
    return false;
  } finally {
    await admin.query('rollback to loaded');
  }
}
