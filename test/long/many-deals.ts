import '../../src/app.module.js'; // declares the permissions that the standard roles get
import { addMember, provisionTenant, standardRolesOf } from '../../src/modules/tenancy/index.js';
import type { UnfencedClient } from '../../src/database/service-client.js';
import { plantCapability } from '../support/acting.js';
import type { TestDatabase } from '../support/database.js';
import { plantPerson, type Person } from '../support/world.js';

const TENANTS = 1_000;
const DEALS_PER_TENANT = 1_000;
const ROLES = 50;
const DEALS_AT_ONCE = 100;

/** Round robin over the tenants, as they would arrive: no tenant's rows lie side by side. */
const DEALS = `
  insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency, stage, visibility)
  select t.tenant, t.person, t.role, 'Deal ' || n, n, 'EUR',
         (array['lead', 'qualified', 'proposal', 'won', 'lost'])[n % 5 + 1],
         (array['private', 'controlled', 'public'])[n % 3 + 1]
    from generate_series($1::int, $2::int) n
   cross join unnest($3::uuid[], $4::uuid[], $5::uuid[]) t (tenant, person, role)
   order by n, t.tenant`;

/** Each role below one or two of those before it. */
const GRAPH = `
  with made as (
    insert into app.roles (tenant_id, slug, name) select $1, 'r' || n, 'R' || n from generate_series(1, $2::int) n returning id, slug),
  numbered as (select id, substr(slug, 2)::int as n from made)
  select array_agg(id order by n) as ids from numbered`;

export interface ManyDeals {
  /** capability of somebody in the middle of a tenant's fifty roles */
  cap: string;
  ownDeal: string;
  userId: string;
}

/** A million deals of a thousand tenants; one of these has a graph of fifty roles, with a member in the middle of it. */
export async function plantManyDeals(db: TestDatabase): Promise<ManyDeals> {
  const tenants: { tenant: string; person: string; role: string }[] = [];
  await db.service(async (client) => {
    for (let n = 0; n < TENANTS; n += 1) {
      const tenant = await provisionTenant(client, `many-${n}`, `Many ${n}`);
      const { member } = await standardRolesOf(client, tenant);
      const person = await joined(client, tenant, member, `member@many-${n}.example`);
      tenants.push({ tenant, person: person.id, role: member });
    }
  });
  const owner = await db.as('owner'); // whose tables they are
  await owner.query('alter table app.deals disable trigger audit_insert'); // a million rows of the log would say nothing here
  for (let from = 1; from <= DEALS_PER_TENANT; from += DEALS_AT_ONCE) {
    await db.service((client) =>
      client.query(DEALS, [
        from,
        Math.min(DEALS_PER_TENANT, from + DEALS_AT_ONCE - 1),
        tenants.map((one) => one.tenant),
        tenants.map((one) => one.person),
        tenants.map((one) => one.role),
      ]),
    );
  }
  await owner.query('alter table app.deals enable always trigger audit_insert');
  const planted = await plantMiddle(db, (tenants[TENANTS / 2] as { tenant: string }).tenant);
  await owner.query('vacuum analyze');
  return planted;
}

async function plantMiddle(db: TestDatabase, tenantId: string): Promise<ManyDeals> {
  const { person, role, deal } = await db.service(async (client) => {
    const roles = await standardRolesOf(client, tenantId);
    const [made] = await client.query<{ ids: string[] }>(GRAPH, [tenantId, ROLES - 4]);
    const ids = made?.ids ?? [];
    const edges = ids.flatMap((id, n) =>
      n === 0
        ? [[roles.admin, id]]
        : [...new Set([ids[Math.floor((n - 1) / 2)], ids[Math.floor(n / 3)]])]
            .filter((parent) => parent !== id)
            .map((parent) => [parent, id]),
    );
    await client.query(
      'insert into app.role_edges (tenant_id, parent_id, child_id) select $1, p, c from unnest($2::uuid[], $3::uuid[]) e (p, c)',
      [tenantId, edges.map(([parent]) => parent), edges.map(([, child]) => child)],
    );
    const middle = ids[1] ?? '';
    await client.query(
      `insert into app.role_permissions (tenant_id, role_id, permission)
       select $1, $2, p from unnest(array['deal:read', 'deal:create', 'deal:update', 'deal:delete', 'role:read']) p`,
      [tenantId, middle],
    );
    const someone = await joined(client, tenantId, middle, 'middle@many.example');
    const [row] = await client.query<{ id: string }>(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency) values ($1, $2, $3, 'Own', 1, 'EUR') returning id`,
      [tenantId, someone.id, middle],
    );
    return { person: someone, role: middle, deal: row?.id ?? '' };
  });
  const { cap } = await plantCapability(db, { id: tenantId } as Parameters<typeof plantCapability>[1], person, 2);
  if (!role) throw new Error('the graph has no middle');
  return { cap, ownDeal: deal, userId: person.id };
}

async function joined(client: UnfencedClient, tenantId: string, roleId: string, email: string): Promise<Person> {
  const person = await plantPerson(client, email, null);
  await addMember(client, { tenantId, roleId, userId: person.id, email, fullName: email });
  return person;
}
