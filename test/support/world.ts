import '../../src/app.module.js'; // declares the permissions that the standard roles get
import { Config } from '../../src/config/index.js';
import { withUnfencedTransaction, type UnfencedClient } from '../../src/database/service-client.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { type StandardRole, STANDARD_ROLES } from '../../src/route/index.js';
import { addMember, provisionTenant, standardRolesOf } from '../../src/modules/tenancy/index.js';

/** Everybody's password in the tests. */
export const PASSWORD = 'correct horse battery staple';

export interface Person {
  id: string;
  email: string;
}

export interface Tenant {
  id: string;
  slug: string;
  roles: Record<StandardRole, string>;
  users: Record<StandardRole, Person>;
  /** ids of planted deals: one a visibility and owning role, as `${role}-${visibility}` */
  deals: Record<string, string>;
}

/** Two tenants that know nothing of each other, and one person who belongs to both. */
export interface World {
  a: Tenant;
  b: Tenant;
  /** member of a, viewer of b */
  both: Person;
  /** member of nothing */
  nobody: Person;
}

export function plantWorld(serviceUrl: string): Promise<World> {
  const hasher = new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
  return withUnfencedTransaction(serviceUrl, async (client) => {
    const hash = await hasher.hash(PASSWORD);
    const a = await plantTenant(client, 'alpha', hash);
    const b = await plantTenant(client, 'beta', hash);
    const both = await plantPerson(client, 'both@example.com', hash);
    await join(client, a.id, a.roles.member, both);
    await join(client, b.id, b.roles.viewer, both);
    return { a, b, both, nobody: await plantPerson(client, 'nobody@example.com', hash) };
  });
}

async function plantTenant(client: UnfencedClient, slug: string, hash: string): Promise<Tenant> {
  const id = await provisionTenant(client, slug, `Tenant ${slug}`);
  const roles = await standardRolesOf(client, id);
  const users = {} as Tenant['users'];
  const deals: Tenant['deals'] = {};
  for (const role of STANDARD_ROLES) {
    const person = await plantPerson(client, `${role}@${slug}.example`, hash);
    await join(client, id, roles[role], person);
    users[role] = person;
    for (const visibility of ['private', 'controlled', 'public']) {
      const [deal] = await client.query<{ id: string }>(
        `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency, visibility)
         values ($1, $2, $3, $4, 100, 'EUR', $5) returning id`,
        [id, person.id, roles[role], `${slug} ${role} ${visibility}`, visibility],
      );
      deals[`${role}-${visibility}`] = deal?.id ?? '';
    }
  }
  return { id, slug, roles, users, deals };
}

export async function plantPerson(client: UnfencedClient, email: string, hash: string | null): Promise<Person> {
  const [user] = await client.query<{ id: string }>(
    'insert into auth.users (email, full_name, password_hash) values ($1, $1, $2) returning id',
    [email, hash],
  );
  return { id: user?.id ?? '', email };
}

export const join = (client: UnfencedClient, tenantId: string, roleId: string, { id, email }: Person): Promise<void> =>
  addMember(client, { tenantId, roleId, userId: id, email, fullName: email });
