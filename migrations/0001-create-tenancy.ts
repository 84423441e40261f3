import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: the shape carries the proof. Every tenant table is keyed (tenant_id, id) and every foreign key between tenant
 * tables is composite, since referential checks bypass row level security: a single-column key would let tenant A point
 * at B's row. Status is carried down by the foreign keys themselves (tenant -> membership -> capability, ON UPDATE
 * CASCADE), so that one row answers whether a request is alive and no trigger can be forgotten: suspending a tenant
 * reaches every capability in the same statement. Text with a CHECK instead of an enum: only leakproof operators become
 * index conditions under row level security. Nothing is granted here; a table stays closed until protect_table opens it.
 */
export class CreateTenancy1764000000001 implements MigrationInterface {
  name = 'CreateTenancy1764000000001';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table auth.users (
        id uuid primary key default uuidv7(),
        email text not null unique check (email = lower(btrim(email)) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
        full_name text not null default '',
        password_hash text,
        status text not null default 'active' check (status in ('active', 'disabled')),
        created_at timestamptz not null default now()
      );
      create table app.tenants (
        id uuid primary key default uuidv7(),
        slug text not null constraint tenants_slug_key unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,39}$'),
        name text not null check (length(name) between 1 and 200),
        status text not null default 'active' check (status in ('active', 'suspended')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (id, status)
      );
      create table app.roles (
        tenant_id uuid not null references app.tenants (id),
        id uuid not null default uuidv7(),
        slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,39}$'),
        name text not null check (length(name) between 1 and 100),
        is_root boolean not null default false,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, slug)
      );
      create unique index roles_one_root on app.roles (tenant_id) where is_root;
      create table app.role_permissions (
        tenant_id uuid not null,
        role_id uuid not null,
        permission text not null check (permission ~ '^[a-z_]+:[a-z_]+$'),
        primary key (tenant_id, role_id, permission),
        foreign key (tenant_id, role_id) references app.roles on delete cascade
      );
      create table app.role_edges (
        tenant_id uuid not null,
        parent_id uuid not null,
        child_id uuid not null check (child_id <> parent_id),
        primary key (tenant_id, parent_id, child_id),
        foreign key (tenant_id, parent_id) references app.roles on delete cascade,
        foreign key (tenant_id, child_id) references app.roles on delete cascade
      );
      create index role_edges_child on app.role_edges (tenant_id, child_id);
      create table app.role_closure (
        tenant_id uuid not null,
        ancestor_id uuid not null,
        descendant_id uuid not null check (descendant_id <> ancestor_id),
        primary key (tenant_id, ancestor_id, descendant_id),
        foreign key (tenant_id, ancestor_id) references app.roles on delete cascade,
        foreign key (tenant_id, descendant_id) references app.roles on delete cascade
      );
      create index role_closure_descendant on app.role_closure (tenant_id, descendant_id);
      create table app.memberships (
        tenant_id uuid not null,
        user_id uuid not null references auth.users (id),
        role_id uuid not null,
        status text not null default 'active' check (status in ('active', 'suspended')),
        tenant_status text not null default 'active',
        created_at timestamptz not null default now(),
        primary key (tenant_id, user_id),
        foreign key (tenant_id, tenant_status) references app.tenants (id, status) on update cascade,
        foreign key (tenant_id, role_id) references app.roles,
        unique (tenant_id, user_id, role_id, status, tenant_status)
      );
      create index memberships_role on app.memberships (tenant_id, role_id);
      create table app.profiles (
        tenant_id uuid not null,
        user_id uuid not null,
        full_name text not null default '' check (length(full_name) <= 200),
        email text not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, user_id),
        foreign key (tenant_id, user_id) references app.memberships on delete cascade
      );
      -- derived: one row says what a role may; in auth, so that the readers never touch a fenced table and cannot recurse
      create table auth.role_rights (
        tenant_id uuid not null,
        role_id uuid not null,
        permissions text[] not null default '{}',
        subordinate_role_ids uuid[] not null default '{}',
        primary key (tenant_id, role_id),
        foreign key (tenant_id, role_id) references app.roles on delete cascade
      );
      -- what sign-in looks up by person, across tenants (the memberships' key leads with the tenant)
      create index memberships_user on app.memberships (user_id);
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop table auth.role_rights, app.profiles, app.memberships, app.role_closure, app.role_edges,
        app.role_permissions, app.roles, app.tenants, auth.users
    `);
  }
}
