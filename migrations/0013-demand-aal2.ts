import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a second factor that only a guard asks for is forgotten with the guard. Two rules move into the database. A tenant
 * may demand AAL2 of all its members: the demand is carried down by the same foreign keys that carry its status (tenant ->
 * membership -> capability), so that every reader of the context answers "nobody" to a session below it, from the next
 * statement on, and nothing is left that a policy could forget. And app.require_aal2 gives a table RESTRICTIVE policies
 * that ask how sure and how long ago, read from the session's capability. A capability keeps the level and the time it was
 * made with: a token issued before the step-up stays where it was.
 *
 * Ending a member's sessions is a definer function, since requests have no grant on auth at all; it asks the caller's
 * context for the right, the level, and that the member's role is below the caller's own.
 */
const HASH = `(select sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8')))`;
const ALIVE_0003 = `
  c.hash = ${HASH}
  and c.expires_at > now() and c.member_status = 'active' and c.tenant_status = 'active'`;
const ALIVE = `${ALIVE_0003} and c.aal >= c.min_aal`;
const RIGHTS = `join auth.role_rights r on r.tenant_id = c.tenant_id and r.role_id = c.role_id`;
const DEFINER = `stable parallel safe security definer set search_path = ''`;

export class DemandAal21764000000013 implements MigrationInterface {
  name = 'DemandAal21764000000013';

  async up(q: QueryRunner): Promise<void> {
    await lifted(q, ['app.tenants', 'app.memberships'], CARRY);
    await asContext(q, 'app', readers(ALIVE, ENTER_DEMAND) + AAL2);
    await q.query('drop function auth.memberships_of(uuid)');
    await asContext(q, 'auth', membershipsOf(true));
    await q.query(REQUIRE);
    await q.query(END_SESSIONS);
    await grantToStandardRoles(q);
  }

  async down(q: QueryRunner): Promise<void> {
    await lifted(q, ['app.role_permissions'], `delete from app.role_permissions where permission = 'session:end'`);
    await q.query(`
      drop procedure app.require_aal2(regclass, text[], interval);
      set role ringfence_derive;
      drop function app.end_sessions_of(uuid);
      set role ringfence_context;
      revoke execute on function app.context() from ringfence_derive;
      reset role;
      revoke usage on type app.request_context from ringfence_derive;
      revoke select (id, user_id, tenant_id), delete on auth.sessions from ringfence_derive;
      drop policy derive_reads on app.memberships;
      revoke select (tenant_id, user_id, role_id) on app.memberships from ringfence_derive;
    `);
    await asContext(q, 'app', readers(ALIVE_0003, ''));
    await q.query(`set role ringfence_context; drop function app.aal2(interval); reset role`);
    await q.query('drop function auth.memberships_of(uuid)');
    await asContext(q, 'auth', membershipsOf(false));
    await lifted(q, ['app.tenants', 'app.memberships'], UNCARRY);
  }
}

/** Runs SQL with FORCE off: the owner of a FORCEd table sees no row, so that a new key would validate nothing. */
async function lifted(q: QueryRunner, tables: string[], sql: string): Promise<void> {
  for (const table of tables) await q.query(`alter table ${table} no force row level security`);
  await q.query(sql);
  for (const table of tables) await q.query(`alter table ${table} force row level security`);
}

async function asContext(q: QueryRunner, schema: string, sql: string): Promise<void> {
  await q.query(`grant create on schema ${schema} to ringfence_context; set role ringfence_context; ${sql};
    reset role; revoke create on schema ${schema} from ringfence_context`);
}

const CARRY = `
  alter table app.tenants add column min_aal smallint not null default 1
    constraint tenants_min_aal_check check (min_aal in (1, 2));
  alter table app.tenants add constraint tenants_carried_key unique (id, status, min_aal);
  alter table app.memberships add column tenant_min_aal smallint not null default 1;
  alter table app.memberships add constraint memberships_carried_key
    unique (tenant_id, user_id, role_id, status, tenant_status, tenant_min_aal);
  alter table auth.capabilities add column min_aal smallint not null default 1;
  alter table auth.capabilities
    drop constraint capabilities_tenant_id_user_id_role_id_member_status_tenan_fkey,
    add constraint capabilities_member_fkey foreign key (tenant_id, user_id, role_id, member_status, tenant_status, min_aal)
      references app.memberships (tenant_id, user_id, role_id, status, tenant_status, tenant_min_aal)
      on update cascade on delete cascade;
  alter table app.memberships
    drop constraint memberships_tenant_id_user_id_role_id_status_tenant_status_key,
    drop constraint memberships_tenant_id_tenant_status_fkey,
    add constraint memberships_tenant_fkey foreign key (tenant_id, tenant_status, tenant_min_aal)
      references app.tenants (id, status, min_aal) on update cascade;
  alter table app.tenants drop constraint tenants_id_status_key;
  grant select (min_aal) on auth.capabilities to ringfence_context`;

const UNCARRY = `
  revoke select (min_aal) on auth.capabilities from ringfence_context;
  alter table app.tenants add constraint tenants_id_status_key unique (id, status);
  alter table app.memberships
    drop constraint memberships_tenant_fkey,
    add constraint memberships_tenant_id_tenant_status_fkey foreign key (tenant_id, tenant_status)
      references app.tenants (id, status) on update cascade,
    add constraint memberships_tenant_id_user_id_role_id_status_tenant_status_key
      unique (tenant_id, user_id, role_id, status, tenant_status);
  alter table auth.capabilities
    drop constraint capabilities_member_fkey,
    add constraint capabilities_tenant_id_user_id_role_id_member_status_tenan_fkey
      foreign key (tenant_id, user_id, role_id, member_status, tenant_status)
      references app.memberships (tenant_id, user_id, role_id, status, tenant_status) on update cascade on delete cascade;
  alter table auth.capabilities drop column min_aal;
  alter table app.memberships drop constraint memberships_carried_key, drop column tenant_min_aal;
  alter table app.tenants drop constraint tenants_carried_key, drop column min_aal`;

const scalar = (alive: string, name: string, type: string, column: string): string => `
  create or replace function app.${name}() returns ${type} language sql ${DEFINER}
  begin atomic
    select ${column} from auth.capabilities c ${column.startsWith('r.') ? RIGHTS : ''} where ${alive};
  end;`;

const ENTER_DEMAND = `
    elsif held.aal < held.min_aal then
      refusal := 'aal2_required';`;

const readers = (alive: string, demand: string): string => `
  create or replace function app.context() returns app.request_context language sql ${DEFINER}
  begin atomic
    select row(c.session_id, c.user_id, c.tenant_id, c.role_id, r.permissions, r.subordinate_role_ids, c.aal)::app.request_context
      from auth.capabilities c ${RIGHTS} where ${alive};
  end;
  ${scalar(alive, 'tenant_id', 'uuid', 'c.tenant_id')}
  ${scalar(alive, 'user_id', 'uuid', 'c.user_id')}
  ${scalar(alive, 'role_id', 'uuid', 'c.role_id')}
  ${scalar(alive, 'aal', 'smallint', 'c.aal')}
  ${scalar(alive, 'subordinate_role_ids', 'uuid[]', 'r.subordinate_role_ids')}
  create or replace function app.may(p_permission text) returns boolean language plpgsql ${DEFINER} as $$
  begin
    perform from auth.capabilities c ${RIGHTS} where ${alive} and p_permission = any (r.permissions);
    return found;
  end $$;
  create or replace function app.author_with(p_permission text, out user_id uuid, out role_id uuid) language plpgsql ${DEFINER} as $$
  begin
    select c.user_id, c.role_id into author_with.user_id, author_with.role_id
      from auth.capabilities c ${RIGHTS} where ${alive} and p_permission = any (r.permissions);
  end $$;
  create or replace function app.enter(p_cap text, p_claims text,
      out session_id uuid, out user_id uuid, out tenant_id uuid, out role_id uuid,
      out permissions text[], out subordinate_role_ids uuid[], out aal smallint, out refusal text)
    language plpgsql volatile security definer set search_path = '' as $$
  declare
    cap constant text := set_config('app.cap', coalesce(p_cap, ''), true);
    claims constant text := set_config('request.jwt.claims', coalesce(p_claims, ''), true);
    held record;
  begin
    if cap = '' then
      return;
    end if;
    select c.session_id, c.user_id, c.tenant_id, c.role_id, c.member_status, c.tenant_status, c.aal,
           ${demand ? 'c.min_aal, ' : ''}r.permissions, r.subordinate_role_ids
      into held
      from auth.capabilities c ${RIGHTS}
     where c.hash = sha256(convert_to(cap, 'UTF8')) and c.expires_at > now();
    if held.tenant_status <> 'active' then
      refusal := 'tenant_suspended';
    elsif held.member_status <> 'active' then
      refusal := 'membership_suspended';${demand}
    else
      session_id := held.session_id; user_id := held.user_id; tenant_id := held.tenant_id;
      role_id := held.role_id; aal := held.aal;
      permissions := held.permissions; subordinate_role_ids := held.subordinate_role_ids;
    end if;
  end $$;`;

const AAL2 = `
  -- at AAL2, and the second factor given no longer ago than p_max_age (null: whenever)
  create function app.aal2(p_max_age interval) returns boolean language plpgsql ${DEFINER} as $$
  begin
    perform from auth.capabilities c
      where ${ALIVE} and c.aal >= 2 and (p_max_age is null or c.auth_time > now() - p_max_age);
    return found;
  end $$;
  revoke all on function app.aal2(interval) from public;
  grant execute on function app.aal2(interval) to ringfence_app, ringfence_service`;

const membershipsOf = (demand: boolean): string => `
  create function auth.memberships_of(p_user uuid) returns table (
    tenant_id uuid, tenant_slug text, tenant_name text, tenant_status text, member_status text,
    role_id uuid, role_slug text, role_name text, permissions text[], subordinate_role_ids uuid[]${demand ? ', tenant_min_aal smallint' : ''}
  ) language sql stable security definer set search_path = ''
  begin atomic
    select t.id, t.slug, t.name, t.status, m.status, r.id, r.slug, r.name, g.permissions, g.subordinate_role_ids${demand ? ', t.min_aal' : ''}
      from app.memberships m
      join app.tenants t on t.id = m.tenant_id
      join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
      join auth.role_rights g on g.tenant_id = m.tenant_id and g.role_id = m.role_id
     where m.user_id = p_user
     order by t.slug;
  end;
  revoke all on function auth.memberships_of(uuid) from public;
  grant execute on function auth.memberships_of(uuid) to ringfence_auth, ringfence_service`;

const REQUIRE = `
  -- Called by migrations beside protect_table. p_max_age: how long ago the second factor may have been given.
  create procedure app.require_aal2(p_table regclass, p_commands text[] default '{insert,update,delete}', p_max_age interval default null)
    language plpgsql set search_path = '' as $$
  declare
    c text;
  begin
    foreach c in array p_commands loop
      execute format('drop policy if exists %I on %s', 'aal2_' || c, p_table);
      execute format('create policy %I on %s as restrictive for %s to public %s ((select app.aal2(%L::interval)))',
        'aal2_' || c, p_table, c, case c when 'insert' then 'with check' else 'using' end, p_max_age);
    end loop;
  end $$;
  revoke all on procedure app.require_aal2(regclass, text[], interval) from public;`;

const END_SESSIONS = `
  grant select (id, user_id, tenant_id), delete on auth.sessions to ringfence_derive;
  grant select (tenant_id, user_id, role_id) on app.memberships to ringfence_derive;
  create policy derive_reads on app.memberships for select to ringfence_derive using (true);
  grant usage on type app.request_context to ringfence_derive;
  grant create on schema app to ringfence_derive;
  set role ringfence_context;
  grant execute on function app.context() to ringfence_derive;
  set role ringfence_derive;
  -- Ends what a member has open in the caller's tenant; their sessions elsewhere are not the caller's business.
  create function app.end_sessions_of(p_user uuid) returns integer
    language plpgsql security definer set search_path = '' as $$
  declare
    me constant app.request_context := app.context();
    theirs uuid;
    ended integer;
  begin
    if me.user_id is null or not 'session:end' = any (me.permissions) then
      raise exception 'session:end is needed' using errcode = '42501';
    end if;
    if me.aal < 2 then
      raise exception 'sessions of others are ended at AAL2' using errcode = 'RF004';
    end if;
    select m.role_id into theirs from app.memberships m where m.tenant_id = me.tenant_id and m.user_id = p_user;
    if theirs is null then
      raise exception 'no such member' using errcode = 'P0002';
    end if;
    if not theirs = any (me.subordinate_role_ids) then
      raise exception 'their role is not below the caller''s' using errcode = 'RF005';
    end if;
    delete from auth.sessions s where s.tenant_id = me.tenant_id and s.user_id = p_user;
    get diagnostics ended = row_count;
    return ended;
  end $$;
  revoke all on function app.end_sessions_of(uuid) from public;
  grant execute on function app.end_sessions_of(uuid) to ringfence_app;
  reset role;
  revoke create on schema app from ringfence_derive;`;

/** The permission that comes with this: tenants that exist already get it as new ones do, from their admin up. */
async function grantToStandardRoles(q: QueryRunner): Promise<void> {
  await lifted(
    q,
    ['app.roles', 'app.role_permissions'],
    `insert into app.role_permissions (tenant_id, role_id, permission)
     select r.tenant_id, r.id, 'session:end' from app.roles r where r.slug in ('owner', 'admin')
     on conflict do nothing`,
  );
}
