import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a permission exists once, for every tenant, and is declared in code beside the module that checks it. The database
 * keeps the list, so that no role holds a code that nobody declared (a foreign key), and so that the root role holds all of
 * them by computation: an owner is never behind the software. What a new version declares comes in by one function, which
 * also gives each new code to the standard roles of the tenants that exist already, since a feature that only new tenants
 * can use is a support case. A code is never deleted: a version that is rolled back finds its roles as they were.
 */
const DEFINER = `language plpgsql security definer set search_path = ''`;

export class CataloguePermissions1764000000014 implements MigrationInterface {
  name = 'CataloguePermissions1764000000014';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.permissions (
        code text primary key check (code ~ '^[a-z_]+:[a-z_]+$'),
        description text not null default '',
        -- the lowest standard role that starts with it
        standard_role text not null default 'owner'
          constraint permissions_standard_role_check check (standard_role in ('owner', 'admin', 'member', 'viewer')),
        created_at timestamptz not null default now()
      );
      grant select on auth.permissions to ringfence_auth, ringfence_service, ringfence_derive;
      grant insert, update (description, standard_role) on auth.permissions to ringfence_derive;
      -- what a tenant does not have yet
      create table auth.pending_permissions (
        tenant_id uuid not null references app.tenants (id) on delete cascade,
        code text not null references auth.permissions (code),
        primary key (tenant_id, code)
      );
      grant select, insert, delete on auth.pending_permissions to ringfence_derive;
      alter table app.role_permissions no force row level security;
      insert into auth.permissions (code) select distinct permission from app.role_permissions;
      alter table app.role_permissions add constraint role_permissions_permission_fkey
        foreign key (permission) references auth.permissions (code);
      alter table app.role_permissions force row level security;
      grant insert on app.role_permissions to ringfence_derive;
      create policy derive_inserts on app.role_permissions for insert to ringfence_derive with check (true);
    `);
    await q.query(asDerive(READ_COMMITTED + DERIVE + SYNC));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(
      `set role ringfence_derive; drop function auth.sync_permissions(jsonb), auth.spread_permissions(integer); reset role`,
    );
    await q.query(asDerive(DERIVE_0006 + '; drop function app.assert_read_committed()'));
    await q.query(`
      drop policy derive_inserts on app.role_permissions;
      revoke insert on app.role_permissions from ringfence_derive;
      alter table app.role_permissions drop constraint role_permissions_permission_fkey;
      drop table auth.pending_permissions, auth.permissions;
    `);
  }
}

const asDerive = (sql: string): string => `
  grant create on schema app, auth to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema app, auth from ringfence_derive`;

const READ_COMMITTED = `
  -- A lock orders two deeds, but a snapshot from before the first would still show the second a world that is gone.
  create function app.assert_read_committed() returns void language plpgsql set search_path = '' as $$
  begin
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'roles and owners change at READ COMMITTED only' using errcode = '25000';
    end if;
  end $$;
  revoke all on function app.assert_read_committed() from public;`;

const BELOW = `with recursive below (ancestor_id, descendant_id) as (
        select e.parent_id, e.child_id from app.role_edges e where e.tenant_id = p_tenant
        union
        select b.ancestor_id, e.child_id
          from below b join app.role_edges e on e.tenant_id = p_tenant and e.parent_id = b.descendant_id
      )`;

/** As in 0006, but for what the root role holds, and that it writes only what is different: most pairs stay as they are. */
const DERIVE = derive(
  `perform app.assert_read_committed();
    `,
  `${BELOW}, gone as (
      delete from app.role_closure c where c.tenant_id = p_tenant
         and (c.ancestor_id, c.descendant_id) not in (select b.ancestor_id, b.descendant_id from below b)
    )
    insert into app.role_closure (tenant_id, ancestor_id, descendant_id)
      select p_tenant, b.ancestor_id, b.descendant_id from below b on conflict do nothing;`,
  (held) => `case when r.is_root then array(select p.code from auth.permissions p order by 1) else ${held} end`,
);

const DERIVE_0006 = derive(
  '',
  `delete from app.role_closure where tenant_id = p_tenant;
    insert into app.role_closure (tenant_id, ancestor_id, descendant_id)
      ${BELOW}
      select p_tenant, b.ancestor_id, b.descendant_id from below b;`,
  (held) => held,
);

function derive(first: string, closure: string, permissions: (held: string) => string): string {
  const held = `array(select distinct p.permission from app.role_permissions p
               where p.tenant_id = p_tenant and (p.role_id = r.id or p.role_id in (
                 select c.descendant_id from app.role_closure c where c.tenant_id = p_tenant and c.ancestor_id = r.id))
               order by 1)`;
  return `
  create or replace function app.derive_role_rights(p_tenant uuid) returns void ${DEFINER} as $$
  begin
    ${first}perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || p_tenant, 0));
    ${closure}
    insert into auth.role_rights as t (tenant_id, role_id, permissions, subordinate_role_ids)
      select p_tenant, r.id,
        ${permissions(held)},
        array(select c.descendant_id from app.role_closure c
               where c.tenant_id = p_tenant and c.ancestor_id = r.id order by 1)
        from app.roles r where r.tenant_id = p_tenant
      on conflict (tenant_id, role_id) do update
        set permissions = excluded.permissions, subordinate_role_ids = excluded.subordinate_role_ids
        where (t.permissions, t.subordinate_role_ids) is distinct from (excluded.permissions, excluded.subordinate_role_ids);
  exception when check_violation then
    raise exception 'a role cannot be above itself' using errcode = 'RF003';
  end $$`;
}

const SYNC = `;
  -- p_catalogue: [{"code": "deal:read", "description": "...", "from": "viewer"}, ...], everything that this version declares
  create function auth.sync_permissions(p_catalogue jsonb) returns integer ${DEFINER} as $$
  declare
    fresh text[];
  begin
    if not exists (select from jsonb_array_elements(p_catalogue) e where not exists (select from auth.permissions p
        where (p.code, p.description, p.standard_role) = (e.value ->> 'code', e.value ->> 'description', e.value ->> 'from'))) then
      return 0;   -- the usual start: one read, no lock
    end if;
    perform pg_catalog.pg_advisory_xact_lock(7231002);   -- taken by whoever makes a tenant, too (0020)
    with made as (
      insert into auth.permissions (code, description, standard_role)
        select e.value ->> 'code', e.value ->> 'description', e.value ->> 'from' from jsonb_array_elements(p_catalogue) e
        on conflict (code) do nothing returning code)
    select coalesce(array_agg(made.code), '{}') into fresh from made;
    update auth.permissions p set description = e.value ->> 'description', standard_role = e.value ->> 'from'
      from jsonb_array_elements(p_catalogue) e where p.code = e.value ->> 'code'
       and (p.description, p.standard_role) is distinct from (e.value ->> 'description', e.value ->> 'from');
    insert into auth.pending_permissions (tenant_id, code)
      select r.tenant_id, f from app.roles r, unnest(fresh) f where r.is_root;
    perform auth.spread_permissions(100);
    return cardinality(fresh);
  end $$;

  -- Gives tenants what is pending for them: so many at most, each under its role lock, and none that is being worked on, so
  -- that no tenant holds up the others. Returns how many are left.
  create function auth.spread_permissions(p_at_most integer) returns integer ${DEFINER} as $$
  declare
    ranks constant text[] := array['owner', 'admin', 'member', 'viewer'];
    t uuid;
  begin
    for t in select w.tenant_id from (select distinct n.tenant_id from auth.pending_permissions n) w order by random() limit p_at_most loop
      continue when not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || t, 0));
      insert into app.role_permissions (tenant_id, role_id, permission)
        select r.tenant_id, r.id, p.code
          from auth.pending_permissions n
          join auth.permissions p on p.code = n.code
          join app.roles r on r.tenant_id = n.tenant_id and r.slug = any (ranks)
            and array_position(ranks, r.slug) <= array_position(ranks, p.standard_role)
         where n.tenant_id = t
        on conflict do nothing;
      delete from auth.pending_permissions n where n.tenant_id = t;
      perform app.derive_role_rights(t);   -- codes that only the root role has changed nothing above
    end loop;
    return (select count(distinct n.tenant_id) from auth.pending_permissions n);
  end $$;
  revoke all on function auth.spread_permissions(integer) from public;
  grant execute on function auth.spread_permissions(integer) to ringfence_auth, ringfence_service;
  revoke all on function auth.sync_permissions(jsonb) from public;
  grant execute on function auth.sync_permissions(jsonb) to ringfence_auth, ringfence_service`;
