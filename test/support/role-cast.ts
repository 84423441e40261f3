import { beforeAll, expect } from '@jest/globals';
import type { Client } from 'pg';
import { plantCapability } from './acting.js';
import type { TestDatabase } from './database.js';
import { type Actor, attempt, plantActor, plantRole } from './role-graph.js';

/** What a lead holds: every right on roles and who has them, and not the rest. */
export const LEADS_RIGHTS = ['role:read', 'role:create', 'role:update', 'role:delete', 'member:update', 'deal:read'];

export interface RoleCast {
  /** admin above lead and peer; lead above sub, which is above leaf; lead and peer above shared; owner above spare */
  role: Record<'lead' | 'peer' | 'sub' | 'leaf' | 'shared' | 'spare', string>;
  who: Record<string, Actor>;
  app: Client;
  /** Nothing came of it, in any tenant, and the database said why. */
  expectRefusal(actor: string, code: string, text: string, values?: unknown[]): Promise<void>;
}

/** Roles of tenant A of every relation to one lead, and somebody in each, from beforeAll on. */
export function useRoleCast(db: TestDatabase): RoleCast {
  const cast = { role: {}, who: {} } as RoleCast;
  cast.expectRefusal = async (actor, code, text, values = []) => {
    const before = await everything(db);
    const outcome = await attempt(cast.app, cast.who[actor]!.cap, text, values);
    expect([outcome, await everything(db)]).toEqual([code, before]);
  };
  beforeAll(async () => {
    await plantRoles(db, cast.role);
    await plantPeople(db, cast);
    cast.app = await db.as('app');
  });
  return cast;
}

async function plantRoles(db: TestDatabase, role: RoleCast['role']): Promise<void> {
  const { a } = db.world;
  role.lead = await plantRole(db, a, LEADS_RIGHTS, [a.roles.admin]);
  role.peer = await plantRole(db, a, ['deal:delete'], [a.roles.admin]);
  role.sub = await plantRole(db, a, ['deal:read'], [role.lead]);
  role.leaf = await plantRole(db, a, [], [role.sub]);
  role.shared = await plantRole(db, a, [], [role.lead, role.peer]);
  role.spare = await plantRole(db, a, ['tenant:transfer', ...LEADS_RIGHTS], [a.roles.owner]);
}

async function plantPeople(db: TestDatabase, { role, who }: RoleCast): Promise<void> {
  const { a, nobody } = db.world;
  for (const name of ['lead', 'peer', 'sub', 'spare'] as const) who[name] = await plantActor(db, a, role[name]);
  who['unsure'] = await plantActor(db, a, role.lead, 1);
  who['suspended'] = await plantActor(db, a, role.lead);
  await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [who['suspended'].person.id]);
  for (const name of ['owner', 'admin', 'viewer'] as const)
    who[name] = { person: a.users[name], roleId: a.roles[name], ...(await plantCapability(db, a, a.users[name], 2)) };
  who['nobody'] = { person: nobody, roleId: '', cap: '', sessionId: '' };
}

const TABLES = [
  'app.tenants',
  'app.roles',
  'app.role_permissions',
  'app.role_edges',
  'app.role_closure',
  'app.memberships',
  'auth.role_rights',
  'auth.permissions',
  'auth.capabilities',
];

/** A fingerprint of every row that says who may what, in both tenants. */
async function everything(db: TestDatabase): Promise<unknown> {
  const admin = await db.as('admin');
  const sums = TABLES.map(
    (table) => `(select md5(string_agg(t::text, '|' order by t::text)) from ${table} t) as "${table}"`,
  );
  const { rows } = await admin.query(`select ${sums.join(', ')}`);
  await admin.end();
  return rows[0];
}
