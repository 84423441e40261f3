import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { ENGINE } from './parts/judge-access.js';
import { definition } from './parts/redefine.js';

/**
 * Why: a record may name another one: a ticket its project, a comment its ticket. The composite foreign key keeps it in its
 * tenant, but referential checks bypass row level security: a key alone would let somebody name a record that is hidden from
 * them, and learn from the refusal which ids exist. So what names a record asks for it as its writer, under the policies:
 * an id of nothing, of another tenant and of a hidden record are refused alike, before the key is looked at.
 *
 * What belongs to another record altogether (its parent) is seen by whoever sees the parent, on top of its own rules, by one
 * more RESTRICTIVE policy: a join or a count cannot leak it either. The engine that explains access (0016) runs as a role
 * that sees each row of the tenant, so it is told the parent, and judges that, too.
 *
 * Here, too: one call for records that have no owner and are shared by the members of their tenant, and the way back of
 * attach_files, without which a table with files could never be dropped.
 */
export class FollowReferences1764000000038 implements MigrationInterface {
  name = 'FollowReferences1764000000038';

  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table auth.resources add column parent regclass, add column parent_column name');
    await q.query(PROCEDURES);
    await q.query(asDerive('app', ROW_ALLOWS + NEW_ROW_ALLOWED));
    await q.query(`revoke all on function app.names_what_is_seen() from public`);
    await q.query(`revoke all on procedure ${PROCEDURE_NAMES.join(', ')} from public`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(asDerive('app', ROW_ALLOWS_BEFORE + NEW_ROW_ALLOWED_BEFORE));
    await q.query(`drop procedure ${PROCEDURE_NAMES.join(', ')}`);
    await q.query('drop function app.names_what_is_seen()');
    await q.query('alter table auth.resources drop column parent, drop column parent_column');
  }
}

const PROCEDURE_NAMES = [
  'app.protect_shared_resource(regclass, text, boolean, name[])',
  'app.check_reference(regclass, name, regclass)',
  'app.follow_parent(regclass, name, regclass)',
  'app.detach_files(regclass)',
];

const PROCEDURES = `
  -- As protect_resource, for records without owner and visibility: whoever has the right in the tenant reads, makes, changes.
  create procedure app.protect_shared_resource(p_table regclass, p_resource text, p_sensitive boolean default false, p_fixed name[] default '{}')
    language plpgsql set search_path = '' as $$
  begin
    call app.protect_table(p_table, p_resource, p_sensitive => p_sensitive, p_fixed => p_fixed);
    call app.register_resource(p_table, p_resource);
    call app.hide_statistics(p_table);
  end $$;

  -- With its writer's rights, so that the policies of the other table say what there is to be named.
  create function app.names_what_is_seen() returns trigger language plpgsql set search_path = '' as $$
  declare
    named uuid;
    seen boolean;
  begin
    execute format('select ($1).%I', tg_argv[0]) into named using new;
    execute format('select true from %s r where r.tenant_id = $1 and r.id = $2', tg_argv[1]) into seen using new.tenant_id, named;
    if seen is not true then
      raise exception 'the record that is named is not there' using errcode = 'RF042', detail = tg_argv[0];
    end if;
    return new;
  end $$;

  -- p_column of p_table names a record of p_target; a composite foreign key comes first.
  create procedure app.check_reference(p_table regclass, p_column name, p_target regclass) language plpgsql set search_path = '' as $$
  begin
    if not exists (
        select from pg_catalog.pg_constraint f where f.conrelid = p_table and f.contype = 'f' and f.confrelid = p_target
           and f.conkey = array(select a.attnum from unnest(array['tenant_id', p_column]) with ordinality c (name, n)
             join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attname = c.name order by c.n)) then
      raise exception 'check_reference(%): it needs foreign key (tenant_id, %) references %', p_table, p_column, p_target
        using errcode = '42P16';
    end if;
    execute format('create trigger %1$I before insert on %2$s for each row when (new.%3$I is not null) execute function app.names_what_is_seen(%3$L, %4$L)',
      'd_' || p_column || '_made', p_table, p_column, p_target);
    execute format('create trigger %1$I before update of %3$I on %2$s for each row when (new.%3$I is not null and new.%3$I is distinct from old.%3$I) execute function app.names_what_is_seen(%3$L, %4$L)',
      'd_' || p_column || '_changed', p_table, p_column, p_target);
    execute format('alter table %s enable always trigger %I', p_table, 'd_' || p_column || '_made');
    execute format('alter table %s enable always trigger %I', p_table, 'd_' || p_column || '_changed');
  end $$;

  -- After protect_resource or protect_shared_resource with the column among p_fixed: a record does not change its parent.
  create procedure app.follow_parent(p_table regclass, p_column name, p_parent regclass) language plpgsql set search_path = '' as $$
  begin
    call app.check_reference(p_table, p_column, p_parent);
    update auth.resources r set parent = p_parent, parent_column = p_column where r.relation = p_table;
    if not found then
      raise exception 'follow_parent(%): protect_resource or protect_shared_resource comes first', p_table using errcode = '42P16';
    elsif not (select a.attnotnull from pg_catalog.pg_attribute a where a.attrelid = p_table and a.attname = p_column) then
      raise exception 'follow_parent(%): % may not be null', p_table, p_column using errcode = '42P16';
    elsif has_column_privilege('ringfence_app', p_table, p_column, 'update') then
      raise exception 'follow_parent(%): name % in p_fixed', p_table, p_column using errcode = '42P16';
    end if;
    -- null is not a row's (the column is not nullable): it is the engine's, which asks whether one may be made at all
    execute format('create policy follows_parent on %1$s as restrictive for all to ringfence_app
        using (%2$I is null or (select true from %3$s p where p.tenant_id = %4$I.tenant_id and p.id = %4$I.%2$I))
        with check (%2$I is null or (select true from %3$s p where p.tenant_id = %4$I.tenant_id and p.id = %4$I.%2$I))',
      p_table, p_column, p_parent, (select c.relname from pg_catalog.pg_class c where c.oid = p_table));
  end $$;

  -- In the down of a migration that attached files, before the table goes. What hung there is deleted like any file.
  create procedure app.detach_files(p_table regclass) language plpgsql set search_path = '' as $$
  declare
    kind text;
  begin
    update auth.resources r set files = false where r.relation = p_table and r.files returning r.resource into kind;
    if kind is null then
      raise exception 'detach_files(%): no files are attached', p_table using errcode = '42P16';
    end if;
    execute format('drop trigger delete_files on %s', p_table);
    execute (select format('alter policy may_select on app.files using (deleted_at is null and (select app.may(''file:read'')) and (%s))',
        coalesce(string_agg(format('resource_type = %L and (select true from %s r where r.tenant_id = files.tenant_id and r.id = files.resource_id)',
          r.resource, r.relation), ' or ' order by r.resource), 'false')) from auth.resources r where r.files);
    -- the owner of a FORCEd table sees no row
    alter table app.files no force row level security;
    update app.files f set deleted_at = now() where f.resource_type = kind and f.deleted_at is null;
    set constraints all immediate;
    alter table app.files force row level security;
  end $$;`;

/** As 0016 has it, and the parent's answer beside it. */
const ROW_ALLOWS = `
  create or replace function app.row_allows(p_table regclass, p_id uuid, p_command text) returns boolean
    language plpgsql security definer set search_path = '' as $$
  declare
    o constant auth.resources := (select r from auth.resources r where r.relation = p_table);
    answer boolean;
    parents_id uuid;
  begin
    execute format('select (%s) and (%s), %s from %s where id = $1', app.combined_policies(p_table, 'select'),
      app.combined_policies(p_table, p_command), coalesce(quote_ident(o.parent_column), 'null::uuid'), p_table)
      into answer, parents_id using p_id;
    if answer and o.parent is not null then
      return app.row_allows(o.parent, parents_id, 'select') is true;
    end if;
    return answer;
  end $$;`;

const ROW_ALLOWS_BEFORE = `
  create or replace function app.row_allows(p_table regclass, p_id uuid, p_command text) returns boolean
    language plpgsql security definer set search_path = '' as $$
  declare
    answer boolean;
  begin
    execute format('select (%s) and (%s) from %s where id = $1',
      app.combined_policies(p_table, 'select'), app.combined_policies(p_table, p_command), p_table)
      into answer using p_id;
    return answer;
  end $$;`;

/** A rule that names its own table, as follows_parent does, finds the row that is to be judged under that name. */
const NEW_ROW_ALLOWED_BEFORE = definition(ENGINE, 'app.new_row_allowed');
const NEW_ROW_ALLOWED = NEW_ROW_ALLOWED_BEFORE.replace(`app.role_id()))',`, `app.role_id())) as %I',`).replace(
  `app.combined_policies(p_table, 'insert'), p_table) into`,
  `app.combined_policies(p_table, 'insert'), p_table, (select c.relname from pg_catalog.pg_class c where c.oid = p_table)) into`,
);
