import '../../src/app.module.js'; // declares the permissions that the standard roles get
import { addMember, provisionTenant, standardRolesOf } from '../../src/modules/tenancy/index.js';
import type { UnfencedClient } from '../../src/database/service-client.js';
import { plantCapability } from '../support/acting.js';
import type { TestDatabase } from '../support/database.js';
import { plantPerson, type Person } from '../support/world.js';
import { WHOLE } from './whole.js';

const TENANTS = WHOLE ? 1_000 : 150;
const DEALS_PER_TENANT = 1_000;
const ROLES = 50;
const DEALS_AT_ONCE = 100;
const AUDITED = ['app.deals', 'app.files', 'app.file_versions'];

/** Round robin over the tenants, as they would arrive: no tenant's rows lie side by side. */
const DEALS = `
  insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency, stage, visibility)
  select t.tenant, t.person, t.role, 'Deal ' || n, n, 'EUR',
         (array['lead', 'qualified', 'proposal', 'won', 'lost'])[n % 5 + 1],
         (array['private', 'controlled', 'public'])[n % 3 + 1]
    from generate_series($1::int, $2::int) n
   cross join unnest($3::uuid[], $4::uuid[], $5::uuid[]) t (tenant, person, role)
   order by n, t.tenant`;

/** At each deal one file, with one version that is there. */
const FILES = `
  with made as (
    insert into app.files (tenant_id, resource_type, resource_id, name, current, created_by)
      select d.tenant_id, 'deal', d.id, 'a.txt', 1, d.owner_id from app.deals d where d.tenant_id = any($1::uuid[]) order by d.id
      returning tenant_id, id, created_by)
  insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, status, created_by)
    select tenant_id, id, 1, 'text/plain', 1, repeat('0', 64), concat_ws('/', tenant_id, id, gen_random_uuid()),
           concat_ws('/', tenant_id, id, gen_random_uuid()), 'ready', created_by from made`;

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
  ownFile: string;
  userId: string;
}

/** A thousand deals with a file each, of each of many tenants; one of these has a graph of fifty roles, with a member in the middle of it. */
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
  for (const table of AUDITED) await owner.query(`alter table ${table} disable trigger audit_insert`); // a million rows of the log would say nothing here
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
  const middle = (tenants[TENANTS / 2] as { tenant: string }).tenant;
  const planted = await plantMiddle(db, middle);
  for (let n = 0; n < TENANTS; n += DEALS_AT_ONCE) {
    const some = tenants.slice(n, n + DEALS_AT_ONCE).map((one) => one.tenant);
    await db.service((client) => client.query(FILES, [some]));
  }
  for (const table of AUDITED) await owner.query(`alter table ${table} enable always trigger audit_insert`);
  await owner.query('vacuum analyze');
  const [file] = await db.service((client) =>
    client.query<{ id: string }>('select id from app.files where tenant_id = $1 and resource_id = $2', [
      middle,
      planted.ownDeal,
    ]),
  );
  return { ...planted, ownFile: file?.id ?? '' };
}

async function plantMiddle(db: TestDatabase, tenantId: string): Promise<Omit<ManyDeals, 'ownFile'>> {
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
