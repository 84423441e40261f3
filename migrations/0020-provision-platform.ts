import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: whoever runs the installation makes tenants and suspends them, and stands in none of them. That needs the service
 * role, which no fence binds, so here the database asks who is behind it: a transaction of the platform module begins with
 * auth.enter_platform, which takes the capability of the request's token and raises unless it is alive, at AAL2, and an
 * active operator's. The functions that act ask once more, so that a statement outside such a transaction changes nothing.
 * The command line has no token. It says so by auth.enter_command_line, which no request calls, and then no operator is
 * on record.
 *
 * A tenant, its roles, its first owner's invitation and the mail of it are one call: there is no tenant that nobody can
 * enter. The standard roles are made of the catalogue of permissions, where a new permission would have put them too.
 * Until somebody has accepted, that invitation can be made anew; from then on owners are the tenant's own affair.
 */
export class ProvisionPlatform1764000000020 implements MigrationInterface {
  name = 'ProvisionPlatform1764000000020';

  async up(q: QueryRunner): Promise<void> {
    await q.query(OPERATORS);
    await q.query(`grant create on schema auth to ringfence_context; set role ringfence_context; ${ASKING}; reset role;
      revoke create on schema auth from ringfence_context`);
    await q.query(ACTING);
    await q.query(`revoke all on function ${FUNCTIONS.join(', ')} from public;
      grant execute on function ${FUNCTIONS.join(', ')} to ringfence_service`);
    await q.query(
      `set role ringfence_context; grant execute on function auth.invitation_of(bytea) to ringfence_service; reset role`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop function ${FUNCTIONS.join(', ')};
      set role ringfence_context;
      drop function auth.enter_platform(text), auth.operator();
      revoke execute on function auth.invitation_of(bytea) from ringfence_service;
      reset role;
      drop table auth.operators;
    `);
  }
}

const OPERATORS = `
  -- people who run the installation; of tenants they may have none
  create table auth.operators (
    user_id uuid primary key references auth.users (id) on delete cascade,
    created_at timestamptz not null default now()
  );
  grant select on auth.operators to ringfence_auth, ringfence_context;
  grant select, insert, delete on auth.operators to ringfence_service;`;

const ASKING = `
  -- The operator whose live capability the transaction names; raises when there is none. The state of a tenant that the
  -- session may be in does not count: operators resume what is suspended.
  create function auth.operator() returns uuid language plpgsql stable security definer set search_path = '' as $$
  declare
    held record;
  begin
    select c.user_id, c.aal, u.status = 'active' and o.user_id is not null as operates into held
      from auth.capabilities c join auth.users u on u.id = c.user_id left join auth.operators o on o.user_id = c.user_id
     where c.hash = (select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))
       and c.expires_at > now();
    if held.user_id is null then
      raise exception 'nobody is asking' using errcode = 'RF023';
    elsif held.aal < 2 then
      raise exception 'the platform is for operators at AAL2' using errcode = 'RF004';
    elsif not held.operates then
      raise exception 'not an operator' using errcode = 'RF022';
    end if;
    return held.user_id;
  end $$;

  -- The first statement of every transaction of the platform module.
  create function auth.enter_platform(p_cap text) returns uuid language plpgsql set search_path = '' as $$
  begin
    perform set_config('app.cap', coalesce(p_cap, ''), true);
    return auth.operator();
  end $$;
  revoke all on function auth.operator(), auth.enter_platform(text) from public;
  grant execute on function auth.operator(), auth.enter_platform(text) to ringfence_service`;

const FUNCTIONS = [
  'auth.enter_command_line()',
  'auth.acting_operator()',
  'app.provision_standard_tenant(text, text)',
  'app.invite_first_owner(uuid, text, bytea, uuid, text)',
  'app.provision_invited_tenant(text, text, text, bytea, uuid, text)',
  'app.set_tenant_status(uuid, text)',
];

// With the service role's own rights: it may write these tables, and what is asked here is who is behind it.
const ACTING = `
  create function auth.enter_command_line() returns void language plpgsql set search_path = '' as $$
  begin
    perform set_config('app.command_line', 'on', true);
  end $$;

  -- Who acts; null: whoever holds the service role's password, on the command line.
  create function auth.acting_operator() returns uuid language plpgsql stable set search_path = '' as $$
  begin
    if nullif(current_setting('app.cap', true), '') is null and current_setting('app.command_line', true) = 'on' then
      return null;
    end if;
    return auth.operator();
  end $$;

  create function app.provision_standard_tenant(p_slug text, p_name text) returns uuid
    language plpgsql set search_path = '' as $$
  declare
    ranks constant text[] := array['owner', 'admin', 'member', 'viewer'];
  begin
    perform pg_catalog.pg_advisory_xact_lock(7231002);   -- a permission that comes meanwhile is seen here, or sees us
    return app.provision_tenant(p_slug, p_name, (
      select jsonb_agg(jsonb_build_object('slug', r.slug, 'name', initcap(r.slug), 'permissions', (
               select coalesce(jsonb_agg(p.code), '[]') from auth.permissions p
                where array_position(ranks, p.standard_role) >= r.n)) order by r.n)
        from unnest(ranks) with ordinality r (slug, n)));
  end $$;

  -- In the place of the last one, which expired or went astray. Under the lock of accepting, so that only one of them counts.
  create function app.invite_first_owner(p_tenant uuid, p_email text, p_hash bytea, p_mail uuid, p_sealed text) returns void
    language plpgsql set search_path = '' as $$
  begin
    perform auth.acting_operator();
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || p_tenant, 0));
    if not exists (select from app.tenants t where t.id = p_tenant) then
      raise exception 'no such tenant' using errcode = 'P0002';
    elsif exists (select from app.memberships m join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
                   where m.tenant_id = p_tenant and m.status = 'active' and r.is_root) then
      raise exception 'the tenant has an owner' using errcode = 'RF025';
    elsif exists (select from app.memberships m join auth.users u on u.id = m.user_id
                   where m.tenant_id = p_tenant and u.email = p_email) then
      raise exception 'a member has this address' using errcode = 'RF019';
    end if;
    -- with it those to this address that nobody could accept any more
    delete from app.invitations i using app.roles r
     where i.tenant_id = p_tenant and r.tenant_id = i.tenant_id and r.id = i.role_id
       and (r.is_root and i.invited_by is null
            or i.email = p_email and not exists (select from auth.invitation_of(i.token_hash)));
    insert into app.invitations (tenant_id, email, role_id, invited_by, token_hash)
      select p_tenant, p_email, r.id, null, p_hash from app.roles r where r.tenant_id = p_tenant and r.is_root
      on conflict on constraint invitations_email_key do nothing;
    if not found then
      raise exception 'an invitation to this address is pending' using errcode = 'RF024';
    end if;
    insert into auth.mail_outbox (id, recipient, template, values_encrypted, expires_at)
      values (p_mail, p_email, 'invitation', p_sealed, now() + interval '7 days');
  end $$;

  create function app.provision_invited_tenant(p_slug text, p_name text, p_email text, p_hash bytea, p_mail uuid, p_sealed text)
    returns uuid language plpgsql set search_path = '' as $$
  declare
    t uuid;
  begin
    perform auth.acting_operator();
    t := app.provision_standard_tenant(p_slug, p_name);
    perform app.invite_first_owner(t, p_email, p_hash, p_mail, p_sealed);
    return t;
  end $$;

  -- Whether it was another one before. Every session in the tenant follows in the same statement (see 0001).
  create function app.set_tenant_status(p_tenant uuid, p_status text) returns boolean
    language plpgsql set search_path = '' as $$
  begin
    perform auth.acting_operator();
    update app.tenants t set status = p_status where t.id = p_tenant and t.status <> p_status;
    if not found and not exists (select from app.tenants t where t.id = p_tenant) then
      raise exception 'no such tenant' using errcode = 'P0002';
    end if;
    return found;
  end $$;`;
