import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { Aal, Principal } from '../../src/context/index.js';
import type { StandardRole } from '../../src/route/index.js';
import type { TestDatabase } from './database.js';
import type { Person, Tenant } from './world.js';

/** A live capability, as a token would have: its secret, and the session behind it. */
export interface Capability {
  cap: string;
  sessionId: string;
}

/** Plants a session with one capability for a person in a tenant, past the fence. */
export function plantCapability(db: TestDatabase, tenant: Tenant, person: Person, aal: 1 | 2 = 1): Promise<Capability> {
  const cap = randomBytes(32).toString('base64url');
  return db.service(async (client) => {
    const [session] = await client.query<{ id: string }>(
      `insert into auth.sessions (user_id, tenant_id, aal, amr, expires_at, idle_expires_at)
       values ($1, $2, $3, '{pwd}', now() + interval '1 hour', now() + interval '1 hour') returning id`,
      [person.id, tenant.id, aal],
    );
    await client.query(
      `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
       select $1, $2, $3, $4, role_id, $5, now() + interval '1 hour'
         from app.memberships where tenant_id = $4 and user_id = $3`,
      [createHash('sha256').update(cap).digest(), session?.id, person.id, tenant.id, aal],
    );
    return { cap, sessionId: session?.id ?? '' };
  });
}

/** The principal that a verified token with this capability would be. */
export async function principalOf(db: TestDatabase, tenant: Tenant, role: StandardRole): Promise<Principal> {
  const { cap, sessionId } = await plantCapability(db, tenant, tenant.users[role]);
  return {
    userId: tenant.users[role].id,
    sessionId,
    tenantId: tenant.id,
    permissions: undefined,
    aal: 'aal1' satisfies Aal,
    minAal: 'aal1' satisfies Aal,
    authTime: 0,
    cap,
    claims: JSON.stringify({ tenant_id: tenant.id }),
  };
}

/** One transaction of the application's role with the capability set, rolled back at the end. */
export async function acting<T>(client: Client, cap: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(`select app.enter($1, '{}')`, [cap]);
    return await work();
  } finally {
    await client.query('rollback');
  }
}
