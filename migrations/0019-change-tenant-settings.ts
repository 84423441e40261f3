import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a tenant names itself and says how sure it wants to be of its members: whether each needs a second factor, and how
 * long a session of theirs lasts. What is written here acts on people who are signed in elsewhere, so the application has
 * no grant for it: it calls one function, which asks for the right and AAL2 after the tenant's lock, and changes the row
 * of the caller's tenant and no other. A limit left NULL is the installation's. It can only shorten what the installation
 * allows, and is handed to sign-in with the membership, so that each refresh obeys it as it is then. Since one signs in to a
 * tenant by its slug or its id, no slug may read as an id: it could be another tenant's.
 */
export class ChangeTenantSettings1764000000019 implements MigrationInterface {
  name = 'ChangeTenantSettings1764000000019';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table app.tenants
        add column session_idle_minutes smallint
          constraint tenants_session_idle_minutes_check check (session_idle_minutes between 5 and 30),
        add column session_hours smallint constraint tenants_session_hours_check check (session_hours between 1 and 12),
        add constraint tenants_slug_is_no_id_check check (slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
      grant update (slug, name, min_aal, session_idle_minutes, session_hours) on app.tenants to ringfence_derive;
      create policy derive_updates on app.tenants for update to ringfence_derive using (true);
      drop function auth.memberships_of(uuid);
    `);
    await q.query(as('ringfence_context', 'auth', membershipsOf(true)));
    await q.query(as('ringfence_derive', 'app', UPDATE_TENANT));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function app.update_tenant(jsonb, integer[]);
      reset role;
      drop function auth.memberships_of(uuid);
    `);
    await q.query(as('ringfence_context', 'auth', membershipsOf(false)));
    await q.query(`
      drop policy derive_updates on app.tenants;
      revoke update (slug, name, min_aal, session_idle_minutes, session_hours) on app.tenants from ringfence_derive;
      alter table app.tenants drop constraint tenants_slug_is_no_id_check,
        drop column session_idle_minutes, drop column session_hours;
    `);
  }
}

const as = (role: string, schema: string, sql: string): string => `
  grant create on schema ${schema} to ${role}; set role ${role}; ${sql}; reset role;
  revoke create on schema ${schema} from ${role}`;

/** As in 0013, and with the tenant's limits. */
const membershipsOf = (limits: boolean): string => `
  create function auth.memberships_of(p_user uuid) returns table (
    tenant_id uuid, tenant_slug text, tenant_name text, tenant_status text, member_status text,
    role_id uuid, role_slug text, role_name text, permissions text[], subordinate_role_ids uuid[], tenant_min_aal smallint
    ${limits ? ', session_idle_minutes smallint, session_hours smallint' : ''}
  ) language sql stable security definer set search_path = ''
  begin atomic
    select t.id, t.slug, t.name, t.status, m.status, r.id, r.slug, r.name, g.permissions, g.subordinate_role_ids, t.min_aal
           ${limits ? ', t.session_idle_minutes, t.session_hours' : ''}
      from app.memberships m
      join app.tenants t on t.id = m.tenant_id
      join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
      join auth.role_rights g on g.tenant_id = m.tenant_id and g.role_id = m.role_id
     where m.user_id = p_user
     order by t.slug;
  end;
  revoke all on function auth.memberships_of(uuid) from public;
  grant execute on function auth.memberships_of(uuid) to ringfence_auth, ringfence_service`;

const UPDATE_TENANT = `
  -- p_change: {"name": ..., "slug": ..., "requireAal2": ..., "sessionIdleMinutes": ..., "sessionHours": ...}; what is not
  -- named stays, and a limit of null is the installation's. p_versions: those that the caller read (null: any).
  create function app.update_tenant(p_change jsonb, p_versions integer[]) returns void
    language plpgsql security definer set search_path = '' as $$
  declare
    me constant app.request_context := app.acting('tenant:update');
    t app.tenants;
  begin
    select * into t from app.tenants x where x.id = me.tenant_id for update;
    if p_versions is not null and not t.version = any (p_versions) then
      raise exception 'the tenant has changed since it was read' using errcode = 'RF014';
    end if;
    update app.tenants x set
        slug = case when p_change ? 'slug' then p_change ->> 'slug' else t.slug end,
        name = case when p_change ? 'name' then p_change ->> 'name' else t.name end,
        min_aal = case when p_change ? 'requireAal2'
          then case (p_change ->> 'requireAal2')::boolean when true then 2 when false then 1 end else t.min_aal end,
        session_idle_minutes = case when p_change ? 'sessionIdleMinutes'
          then (p_change ->> 'sessionIdleMinutes')::smallint else t.session_idle_minutes end,
        session_hours = case when p_change ? 'sessionHours' then (p_change ->> 'sessionHours')::smallint else t.session_hours end
     where x.id = me.tenant_id;
  end $$;
  revoke all on function app.update_tenant(jsonb, integer[]) from public;
  grant execute on function app.update_tenant(jsonb, integer[]) to ringfence_app`;
