import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: a tenant table is safe only when key shape, row level security, FORCE, fence, row rules, grants and triggers are
 * all there. One call does all of it or refuses, so that a new table is three lines and a reviewer sees a whole.
 * The procedure runs with its caller's rights: only the owner of a table can protect it. It is frozen once released: a
 * newer behaviour is a new procedure (app.protect_table_2), so that what an old migration called stays as it was.
 *
 * The fence is RESTRICTIVE: a later permissive policy cannot widen it. What a person sees is one permissive rule whose
 * text UPDATE and DELETE repeat to the letter: PostgreSQL evaluates equal expressions once, and it must be repeated,
 * because an UPDATE that reads no column never meets the SELECT policy. The right to change is RESTRICTIVE again.
 * Functions stand inside (select ...) so that each runs once a statement, not once a row.
 */
const SHAPE = `
  create function app.protect_table_shape(p_table regclass, p_tenant_column name, p_other_indexes name[])
    returns text language sql stable set search_path = '' as $$
    with t as (
      select a.attnum, a.atttypid = 'uuid'::regtype and a.attnotnull as sound
        from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = p_tenant_column
    )
    select string_agg(x.what, '; ') from (
      select 'the tenant column must be uuid not null' as what where not exists (select from t where sound)
      union all
      select 'it has no primary key' where not exists (
        select from pg_catalog.pg_index i where i.indrelid = p_table and i.indisprimary)
      union all
      select 'this index does not lead with the tenant: ' || i.indexrelid::regclass
        from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
       where i.indrelid = p_table and i.indkey[0] is distinct from (select attnum from t)
         and c.relname <> all (p_other_indexes)
      union all
      select 'this foreign key lacks the tenant: ' || f.conname
        from pg_catalog.pg_constraint f
       where f.conrelid = p_table and f.contype = 'f' and not (select attnum from t) = any (f.conkey)
         and exists (select from pg_catalog.pg_attribute a
                      where a.attrelid = f.confrelid and a.attname = 'tenant_id' and not a.attisdropped)
      union all
      select 'it is a partition: protect its parent' where exists (
        select from pg_catalog.pg_inherits h where h.inhrelid = p_table)) x
  $$`;

const TRIGGERS = `
  create function app.tenant_id_is_immutable() returns trigger language plpgsql set search_path = '' as $$
  begin
    raise exception 'the tenant of a row cannot change' using errcode = 'RF001';
  end $$;
  create function app.touch_row() returns trigger language plpgsql set search_path = '' as $$
  begin
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
  end $$;
  create function app.visibility_is_the_owners() returns trigger language plpgsql set search_path = '' as $$
  begin
    if current_user = 'ringfence_app' and old.owner_id is distinct from app.user_id()
       and array_position(array['private', 'controlled', 'public'], new.visibility)
         < array_position(array['private', 'controlled', 'public'], old.visibility) then
      raise exception 'only the owner narrows who sees a record' using errcode = 'RF002';
    end if;
    return new;
  end $$;`;

// RLS and fence of one relation: the table itself, and each of its partitions (RLS does not descend to them).
const FENCE = `
  create procedure app.protect_table_fence(p_table regclass, p_tenant_column name, p_fence_to text)
    language plpgsql set search_path = '' as $$
  declare
    k constant text := format('%I', p_tenant_column);
    r record;
  begin
    execute format('revoke all on %s from public, ringfence_app, ringfence_auth, ringfence_context, ringfence_derive', p_table);
    for r in select p.polname from pg_catalog.pg_policy p where p.polrelid = p_table loop
      execute format('drop policy %I on %s', r.polname, p_table);
    end loop;
    execute format('alter table %s enable row level security', p_table);
    execute format('alter table %s force row level security', p_table);
    execute format('create policy fence on %s as restrictive for all to %s using (%s = (select app.tenant_id())) with check (%s = (select app.tenant_id()))',
      p_table, p_fence_to, k, k);
    if (select c.relispartition from pg_catalog.pg_class c where c.oid = p_table) then
      return;   -- a partition's triggers are its parent's, cloned and enabled with it
    end if;
    execute format('create or replace trigger a_tenant_is_immutable before update on %s for each row when (old.%s is distinct from new.%s) execute function app.tenant_id_is_immutable()',
      p_table, k, k);
    execute format('alter table %s enable always trigger a_tenant_is_immutable', p_table);
  end $$`;

const RULES = `
  create procedure app.protect_table_rules(p_table regclass, p_resource text, p_commands text[], p_sees text, p_owned boolean)
    language plpgsql set search_path = '' as $$
  declare
    c text;
  begin
    foreach c in array p_commands loop
      if c = 'insert' then
        execute format('create policy may_insert on %s for insert to ringfence_app with check (%s)', p_table, case when p_owned
          then format('(owner_id, owner_role_id) = (select a.user_id, a.role_id from app.author_with(%L) a)', p_resource || ':create')
          else format('(select app.may(%L))', p_resource || ':create') end);
      else
        execute format('create policy may_%s on %s for %s to ringfence_app using (%s)', c, p_table, c, p_sees);
        if c <> 'select' then
          execute format('create policy right_%s on %s as restrictive for %s to public using ((select app.may(%L)))%s',
            c, p_table, c, p_resource || ':' || c, case c when 'update' then ' with check (true)' else '' end);
        end if;
      end if;
    end loop;
  end $$`;

const GRANTS = `
  create procedure app.protect_table_grants(p_table regclass, p_commands text[], p_fixed name[])
    language plpgsql set search_path = '' as $$
  declare
    drawn constant name[] := array['id', 'version', 'created_at', 'updated_at'];   -- the database's to fill
    c text;
    cols text;
  begin
    foreach c in array p_commands loop
      cols := '';
      if c in ('insert', 'update') then
        select format('(%s)', string_agg(format('%I', a.attname), ', ')) into cols
          from pg_catalog.pg_attribute a
         where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attname <> all (drawn)
           and (c = 'insert' or a.attname <> all (p_fixed));
      end if;
      execute format('grant %s %s on %s to ringfence_app', c, cols, p_table);
    end loop;
    execute format('grant select, insert, update, delete on %s to ringfence_service', p_table);
  end $$`;

const PROTECT = `
  create procedure app.protect_table(
    p_table regclass,
    p_resource text,                                   -- the permissions are p_resource:read, :create, :update, :delete
    p_owned boolean default false,                     -- has owner_id, owner_role_id and visibility
    p_sensitive boolean default false,                 -- writes need AAL2
    p_commands text[] default '{select,insert,update,delete}',
    p_fixed name[] default '{}',                       -- further columns the application may not update
    p_tenant_column name default 'tenant_id',
    p_fence_to text default 'public',                  -- other than public only for tables the definer roles must read
    p_sees text default null,                          -- another rule for who sees a row
    p_other_indexes name[] default '{}'                -- indexes that may lead with another column
  ) language plpgsql set search_path = '' as $$
  declare
    bad constant text := app.protect_table_shape(p_table, p_tenant_column, p_other_indexes);
    sees text;
    c text;
    part regclass;
  begin
    if bad is not null then
      raise exception 'protect_table(%): %', p_table, bad using errcode = '42P16';
    end if;
    call app.protect_table_fence(p_table, p_tenant_column, p_fence_to);
    for part in select i.relid from pg_catalog.pg_partition_tree(p_table) i where i.relid <> p_table loop
      call app.protect_table_fence(part, p_tenant_column, p_fence_to);
    end loop;
    sees := coalesce(p_sees, case when p_owned then format(
      $q$(select app.may(%L)) and (visibility = 'public' or owner_id = (select app.user_id()) or (visibility = 'controlled' and owner_role_id = any ((select app.subordinate_role_ids())::uuid[])))$q$,
      p_resource || ':read') else format('(select app.may(%L))', p_resource || ':read') end);
    call app.protect_table_rules(p_table, p_resource, p_commands, sees, p_owned);
    call app.protect_table_grants(p_table, p_commands,
      p_fixed || array[p_tenant_column] || case when p_owned then array['owner_id', 'owner_role_id']::name[] else '{}'::name[] end);
    if p_sensitive then
      foreach c in array array['insert', 'update', 'delete'] loop
        execute format('create policy aal2_%s on %s as restrictive for %s to public %s ((select app.aal()) >= 2)',
          c, p_table, c, case c when 'insert' then 'with check' else 'using' end);
      end loop;
    end if;
    if exists (select from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = 'version' and not a.attisdropped) then
      execute format('create or replace trigger b_touch before update on %s for each row execute function app.touch_row()', p_table);
      execute format('alter table %s enable always trigger b_touch', p_table);
    end if;
    if p_owned then
      execute format('create or replace trigger c_visibility before update of visibility on %s for each row when (old.visibility is distinct from new.visibility) execute function app.visibility_is_the_owners()', p_table);
      execute format('alter table %s enable always trigger c_visibility', p_table);
    end if;
  end $$`;

const SIGNATURES = {
  functions: [
    'app.tenant_id_is_immutable()',
    'app.touch_row()',
    'app.visibility_is_the_owners()',
    'app.protect_table_shape(regclass, name, name[])',
  ],
  procedures: [
    'app.protect_table_fence(regclass, name, text)',
    'app.protect_table_rules(regclass, text, text[], text, boolean)',
    'app.protect_table_grants(regclass, text[], name[])',
    'app.protect_table(regclass, text, boolean, boolean, text[], name[], name, text, text, name[])',
  ],
};

export class CreateProtectTable1764000000004 implements MigrationInterface {
  name = 'CreateProtectTable1764000000004';

  async up(q: QueryRunner): Promise<void> {
    for (const sql of [SHAPE, TRIGGERS, FENCE, RULES, GRANTS, PROTECT]) await q.query(sql);
    await q.query(`revoke all on function ${SIGNATURES.functions.join(', ')} from public`);
    await q.query(`revoke all on procedure ${SIGNATURES.procedures.join(', ')} from public`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop procedure ${SIGNATURES.procedures.join(', ')}`);
    await q.query(`drop function ${SIGNATURES.functions.join(', ')}`);
  }
}
