import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: at sign-in no tenant is known yet, so somebody must look across tenants for the memberships of one person. That
 * somebody is one function for one person, callable by the identity module's role alone; it lives in auth, where
 * requests have no USAGE. Provisioning a tenant is the counterpart for the service role: the tenant, its four standard
 * roles (owner above admin above member above viewer) and their permissions come into being together or not at all.
 */
export class CreateSignInFunctions1764000000007 implements MigrationInterface {
  name = 'CreateSignInFunctions1764000000007';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      grant create on schema auth to ringfence_context;
      set role ringfence_context;
      create function auth.memberships_of(p_user uuid) returns table (
        tenant_id uuid, tenant_slug text, tenant_name text, tenant_status text, member_status text,
        role_id uuid, role_slug text, role_name text, permissions text[], subordinate_role_ids uuid[]
      ) language sql stable security definer set search_path = ''
      begin atomic
        select t.id, t.slug, t.name, t.status, m.status, r.id, r.slug, r.name, g.permissions, g.subordinate_role_ids
          from app.memberships m
          join app.tenants t on t.id = m.tenant_id
          join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
          join auth.role_rights g on g.tenant_id = m.tenant_id and g.role_id = m.role_id
         where m.user_id = p_user
         order by t.slug;
      end;
      revoke all on function auth.memberships_of(uuid) from public;
      grant execute on function auth.memberships_of(uuid) to ringfence_auth, ringfence_service;
      reset role;
      revoke create on schema auth from ringfence_context;

      -- a disabled account loses its sessions, and with them every capability, in the same statement
      create function auth.end_sessions_of_disabled() returns trigger language plpgsql set search_path = '' as $$
      begin
        delete from auth.sessions s where s.user_id = new.id;
        return null;
      end $$;
      revoke all on function auth.end_sessions_of_disabled() from public;
      create trigger end_sessions after update of status on auth.users for each row
        when (new.status = 'disabled') execute function auth.end_sessions_of_disabled();
      alter table auth.users enable always trigger end_sessions;

      -- p_roles: [{"slug": "owner", "name": "Owner", "permissions": ["deal:read", ...]}, ...], highest first
      create function app.provision_tenant(p_slug text, p_name text, p_roles jsonb) returns uuid
        language plpgsql set search_path = '' as $$
      declare
        t uuid;
        above uuid;
        this uuid;
        r record;
      begin
        insert into app.tenants (slug, name) values (p_slug, p_name) returning id into t;
        for r in select e.value as role, e.ordinality as n from jsonb_array_elements(p_roles) with ordinality e loop
          insert into app.roles (tenant_id, slug, name, is_root)
            values (t, r.role ->> 'slug', r.role ->> 'name', r.n = 1) returning id into this;
          insert into app.role_permissions (tenant_id, role_id, permission)
            select t, this, p from jsonb_array_elements_text(r.role -> 'permissions') p;
          if above is not null then
            insert into app.role_edges (tenant_id, parent_id, child_id) values (t, above, this);
          end if;
          above := this;
        end loop;
        return t;
      end $$;
      revoke all on function app.provision_tenant(text, text, jsonb) from public;
      grant execute on function app.provision_tenant(text, text, jsonb) to ringfence_service;
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop function app.provision_tenant(text, text, jsonb);
      drop trigger end_sessions on auth.users;
      drop function auth.end_sessions_of_disabled();
      set role ringfence_context;
      drop function auth.memberships_of(uuid);
      reset role;
    `);
  }
}
