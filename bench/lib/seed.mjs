/** Tenants with deals, and one owner each in the tenants that are measured. Everything invented, the same at every run. */
import { hash } from '@node-rs/argon2';
import { withUnfencedTransaction } from '../../dist/src/database/service-client.js';
import '../../dist/src/modules/deals/index.js'; // declares the permissions that the standard roles get
import { provisionTenant, standardRolesOf as rolesOf } from '../../dist/src/modules/tenancy/index.js';

const DEALS_AT_ONCE = 100_000;

/** Deals are inserted round robin over the tenants, as they would arrive, so that no tenant's rows lie side by side. */
const DEALS = `
  insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency, stage, visibility)
  select t.tenant, case when n % 3 = 0 then t.owner else t.member end, case when n % 3 = 0 then t.owner_role else t.member_role end,
         'Deal ' || n || ' for ' || (array['Northwind', 'Contoso', 'Initech', 'Hooli'])[n % 4 + 1],
         (n * 317 % 90000) + 0.5, case when n % 5 = 0 then 'USD' else 'EUR' end,
         (array['lead', 'qualified', 'proposal', 'won', 'lost'])[n % 5 + 1],
         case when n % 3 = 0 then 'private' when n % 2 = 0 then 'public' else 'controlled' end
    from generate_series($1::int, $2::int) n
   cross join unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[]) t (tenant, owner, owner_role, member, member_role)
   order by n, t.tenant`;

/** People who are signed in elsewhere: without them the table that every request looks into would have twenty rows. */
const SESSIONS = `
  with s as (
    insert into auth.sessions (user_id, tenant_id, amr, expires_at, idle_expires_at)
    select m.user_id, m.tenant_id, '{pwd}', now() + interval '1 hour', now() + interval '1 hour'
      from app.memberships m cross join generate_series(1, $1::int)
    returning id, user_id, tenant_id)
  insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
  select sha256(uuid_send(s.id)), s.id, s.user_id, s.tenant_id, m.role_id, 1, now() + interval '1 hour'
    from s join app.memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id`;

/**
 * The owner of a tenant sees every deal of it by each of the three ways: it is public, it is theirs and private, or it is
 * controlled and of a role below theirs.
 * @returns e-mail addresses of owners, who share `password`: of the measured tenants, and of all others
 */
export async function seed(serviceUrl, { tenants, dealsPerTenant, sessionsPerPerson, measured, password }) {
  const passwordHash = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const made = { tenant: [], owner: [], ownerRole: [], member: [], memberRole: [] };
  await withUnfencedTransaction(serviceUrl, async (client) => {
    for (let n = 0; n < tenants; n += 1) {
      const tenantId = await provisionTenant(client, `bench-${n}`, `Bench ${n}`);
      const roles = await rolesOf(client, tenantId);
      made.tenant.push(tenantId);
      made.ownerRole.push(roles.owner);
      made.memberRole.push(roles.member);
      made.owner.push(await person(client, tenantId, roles.owner, ownerOf(n), passwordHash));
      made.member.push(await person(client, tenantId, roles.member, `member-${n}@bench.example`, null));
    }
  });
  const step = Math.max(1, Math.floor(DEALS_AT_ONCE / tenants));
  for (let from = 1; from <= dealsPerTenant; from += step) {
    const to = Math.min(dealsPerTenant, from + step - 1);
    await withUnfencedTransaction(serviceUrl, (client) =>
      client.query(DEALS, [from, to, made.tenant, made.owner, made.ownerRole, made.member, made.memberRole]),
    );
  }
  await withUnfencedTransaction(serviceUrl, (client) => client.query(SESSIONS, [sessionsPerPerson]));
  // spread over all tenants, oldest and newest alike
  const readers = new Set(Array.from({ length: measured }, (_, i) => ownerOf(Math.floor((i * tenants) / measured))));
  const others = Array.from({ length: tenants }, (_, n) => ownerOf(n)).filter((email) => !readers.has(email));
  return { readers: [...readers], others };
}

const ownerOf = (n) => `owner-${n}@bench.example`;

async function person(client, tenantId, roleId, email, passwordHash) {
  const [user] = await client.query('insert into auth.users (email, password_hash) values ($1, $2) returning id', [
    email,
    passwordHash,
  ]);
  await client.query('insert into app.memberships (tenant_id, user_id, role_id) values ($1, $2, $3)', [
    tenantId,
    user.id,
    roleId,
  ]);
  return user.id;
}
