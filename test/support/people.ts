import { randomUUID } from 'node:crypto';
import type { StandardRole } from '../../src/route/index.js';
import type { TestDatabase } from './database.js';
import { join, plantPerson, type Person, type Tenant } from './world.js';

/** Somebody new with everybody's password, who owns nothing, so that a test may do with them what it likes. */
export function newcomer(db: TestDatabase, ...memberships: [Tenant, StandardRole][]): Promise<Person> {
  return db.service(async (client) => {
    const [known] = await client.query<{ hash: string }>('select password_hash as hash from auth.users where id = $1', [
      db.world.nobody.id,
    ]);
    const person = await plantPerson(client, `${randomUUID()}@example.com`, known?.hash ?? null);
    for (const [tenant, role] of memberships) await join(client, tenant.id, tenant.roles[role], person);
    return person;
  });
}
