import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: who owns a record decides who sees it, so no statement of the application may write the owner's columns. They move
 * through functions that ask who may: a record's owner, or somebody whose role stands above the owner's and who sees the
 * record and may change it; and, when a member leaves or is removed, all that they own at once, to a member who is named.
 * Without an heir a member who owns something stays: the foreign key of the record says so.
 *
 * A table takes part by app.let_ownership_move, after register_resource (a new one by app.protect_resource, which does
 * both): it gives ringfence_derive, which owns the functions,
 * the two columns and nothing else. The fence holds for that role too, so a wrong id moves nothing of another tenant. The
 * right to change stays demanded of the application's role: the functions ask for themselves.
 */
export class MoveOwnership1764000000017 implements MigrationInterface {
  name = 'MoveOwnership1764000000017';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table auth.resources add column owned boolean not null default false;
      create procedure app.let_ownership_move(p_table regclass) language plpgsql set search_path = '' as $$
      begin
        update auth.resources r set owned = true where r.relation = p_table;
        if not found then
          raise exception 'let_ownership_move(%): register_resource comes first', p_table using errcode = '42P16';
        end if;
        execute format('grant update (owner_id, owner_role_id) on %s to ringfence_derive', p_table);
        execute format('create policy derive_moves on %s for update to ringfence_derive using (true)', p_table);
        execute format('alter policy right_update on %s to ringfence_app', p_table);
      end $$;
      revoke all on procedure app.let_ownership_move(regclass) from public;
      call app.let_ownership_move('app.deals');
    `);
    await q.query(HIDE);
    await q.query(PROTECT);
    await q.query(asDerive(FUNCTIONS));
    await q.query(
      asDerive(`revoke all on function ${[...INNER, ...DOORS].join(', ')} from public;
        grant execute on function ${DOORS.join(', ')} to ringfence_app`),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function ${[...DOORS, ...INNER].join(', ')};
      reset role;
      drop policy derive_moves on app.deals;
      alter policy right_update on app.deals to public;
      revoke update (owner_id, owner_role_id) on app.deals from ringfence_derive;
      drop procedure app.protect_resource(regclass, text, boolean, name[]), app.forget_resource(text),
        app.hide_statistics(regclass, name[]), app.let_ownership_move(regclass);
      alter table auth.resources drop column owned;
    `);
  }
}

const HIDE = `
  -- What ANALYZE knows of a column it knows of all tenants, and EXPLAIN tells it to each of them. So it shall know nothing of
  -- a column that no index is searched by and no policy reads, nor of those in p_also: plans need these alone. After the
  -- policies, therefore; and whoever adds a column later calls this once more.
  create procedure app.hide_statistics(p_table regclass, p_also name[] default '{}') language plpgsql set search_path = '' as $$
  declare
    c record;
  begin
    for c in
      select n.nspname, t.relname, h.attname
        from pg_catalog.pg_class t join pg_catalog.pg_namespace n on n.oid = t.relnamespace, (
          select a.attname from pg_catalog.pg_attribute a
           where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and not exists (
             select from pg_catalog.pg_index i   -- the columns after the keys are included ones
              where i.indrelid = p_table and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
             and not exists (
             select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_policy'::regclass
                and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = p_table and d.refobjsubid = a.attnum)
          union select unnest(p_also)) h
       where t.oid = p_table
    loop
      execute format('alter table %s alter column %I set statistics 0', p_table, c.attname);
      perform pg_catalog.pg_clear_attribute_stats(c.nspname, c.relname, c.attname, false);
    end loop;
  end $$;
  revoke all on procedure app.hide_statistics(regclass, name[]) from public;`;

/** The one call for the next table of this kind. */
const PROTECT = `
  -- p_resource as in the permission codes. The keys come first: without them a member would leave records that nobody owns.
  create procedure app.protect_resource(p_table regclass, p_resource text, p_sensitive boolean default false, p_fixed name[] default '{}')
    language plpgsql set search_path = '' as $$
  declare
    k record;
  begin
    for k in select * from (values ('owner_id', 'app.memberships'), ('owner_role_id', 'app.roles')) v (col, target) loop
      if not exists (
          select from pg_catalog.pg_constraint f where f.conrelid = p_table and f.contype = 'f' and f.confrelid = k.target::regclass
             and f.conkey = array(select a.attnum from unnest(array['tenant_id', k.col]) with ordinality c (name, n)
               join pg_catalog.pg_attribute a on a.attrelid = p_table and a.attname = c.name order by c.n)) then
        raise exception 'protect_resource(%): it needs foreign key (tenant_id, %) references %', p_table, k.col, k.target
          using errcode = '42P16';
      end if;
    end loop;
    call app.protect_table(p_table, p_resource, p_owned => true, p_sensitive => p_sensitive, p_fixed => p_fixed);
    call app.register_resource(p_table, p_resource);
    call app.let_ownership_move(p_table);
    call app.hide_statistics(p_table);
  end $$;
  -- in the down of such a migration, before the table is dropped
  create procedure app.forget_resource(p_resource text) language plpgsql set search_path = '' as $$
  begin
    delete from auth.resources r where r.resource = p_resource;
  end $$;
  revoke all on procedure app.protect_resource(regclass, text, boolean, name[]), app.forget_resource(text) from public;`;

const asDerive = (sql: string): string => `
  grant create on schema app to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema app from ringfence_derive`;

const DEFINER = `language plpgsql security definer set search_path = ''`;

const INNER = ['app.hand_over(uuid, uuid, uuid)', 'app.drop_member(uuid, uuid, uuid)'];
const DOORS = ['app.transfer_record(text, uuid, uuid)', 'app.remove_member(uuid, uuid)', 'app.leave_tenant(uuid)'];

const FUNCTIONS = `
  -- Everything that one member owns to another, who is active. The triggers of each table see it as any change.
  create function app.hand_over(p_tenant uuid, p_from uuid, p_to uuid) returns void language plpgsql set search_path = '' as $$
  declare
    heirs_role uuid;
    left_over boolean;
    t record;
  begin
    select m.role_id into heirs_role from app.memberships m
     where m.tenant_id = p_tenant and m.user_id = p_to and m.status = 'active' and m.user_id <> p_from
       and exists (select from auth.users u where u.id = m.user_id and u.status = 'active') for share;
    if heirs_role is null then
      raise exception 'the heir is no active member' using errcode = 'RF017';
    end if;
    for t in select o.relation from auth.resources o where o.owned order by o.resource loop
      execute format('update %s set owner_id = $1, owner_role_id = $2 where tenant_id = $3 and owner_id = $4', t.relation)
        using p_to, heirs_role, p_tenant, p_from;
      execute format('select exists (select from %s where tenant_id = $1 and owner_id = $2)', t.relation)
        into left_over using p_tenant, p_from;
      if left_over then   -- a table that demands AAL2 of whoever changes it
        raise exception 'some of their records move at AAL2 only' using errcode = 'RF004';
      end if;
    end loop;
  end $$;

  create function app.drop_member(p_tenant uuid, p_user uuid, p_heir uuid) returns void language plpgsql set search_path = '' as $$
  begin
    if p_heir is not null then
      perform app.hand_over(p_tenant, p_user, p_heir);
    end if;
    delete from app.memberships m where m.tenant_id = p_tenant and m.user_id = p_user;
  exception when foreign_key_violation then
    raise exception 'the member owns records' using errcode = 'RF015';
  end $$;

  create function app.remove_member(p_user uuid, p_heir uuid) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('member:delete');
    theirs uuid;
  begin
    select m.role_id into theirs from app.memberships m where m.tenant_id = me.tenant_id and m.user_id = p_user for update;
    if theirs is null then
      raise exception 'no such member' using errcode = 'P0002';
    elsif not theirs = any (me.subordinate_role_ids) then
      raise exception 'their role is not below the caller''s' using errcode = 'RF005';
    end if;
    perform app.drop_member(me.tenant_id, p_user, p_heir);
  end $$;

  -- Whoever leaves needs no right; an owner cannot be the last one to (RF008, at COMMIT). The tenant's lock first, as for
  -- every change of members, then their own row: a record that is being made for them is either seen here or refused.
  create function app.leave_tenant(p_heir uuid) returns void ${DEFINER} as $$
  declare
    me app.request_context := app.context();
  begin
    perform app.assert_read_committed();
    if me.user_id is not null then
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || me.tenant_id, 0));
      me := app.context();
    end if;
    if me.user_id is null then
      raise exception 'nobody leaves' using errcode = '42501';
    elsif p_heir is not null and me.aal < 2 then   -- else a thief of a token hands everything to an accomplice
      raise exception 'what one owns goes to an heir at AAL2' using errcode = 'RF004';
    end if;
    perform from app.memberships m where m.tenant_id = me.tenant_id and m.user_id = me.user_id for update;
    perform app.drop_member(me.tenant_id, me.user_id, p_heir);
  end $$;

  -- An id that the caller does not see is one that does not exist.
  create function app.transfer_record(p_resource text, p_id uuid, p_to uuid) returns void ${DEFINER} as $$
  declare
    me app.request_context := app.context();
    t constant regclass := (select o.relation from auth.resources o where o.resource = p_resource and o.owned);
    r record;
    heirs_role uuid;
  begin
    perform app.assert_read_committed();
    if me.user_id is null or t is null or app.row_allows(t, p_id, 'select') is not true then   -- before it waits for a lock
      raise exception 'no such record' using errcode = 'P0002';
    end if;
    execute format('select owner_id, owner_role_id from %s where tenant_id = $1 and id = $2 for update', t)
      into r using me.tenant_id, p_id;
    me := app.context();   -- as it is once the record is ours to change
    if app.row_allows(t, p_id, 'select') is not true then
      raise exception 'no such record' using errcode = 'P0002';
    elsif not (p_resource || ':update') = any (me.permissions) then
      raise exception '%:update is needed', p_resource using errcode = 'RF007', detail = p_resource || ':update';
    elsif r.owner_id is null then   -- seen and not to be changed: a table that demands AAL2 of whoever changes it
      raise exception 'the record moves at AAL2 only' using errcode = 'RF004';
    elsif app.row_allows(t, p_id, 'update') is not true
        or not (r.owner_id = me.user_id or r.owner_role_id = any (me.subordinate_role_ids)) then
      raise exception 'its owner, or somebody above them, hands it over' using errcode = 'RF018';
    end if;
    select m.role_id into heirs_role from app.memberships m
     where m.tenant_id = me.tenant_id and m.user_id = p_to and m.status = 'active'
       and exists (select from auth.users u where u.id = m.user_id and u.status = 'active') for share;
    if heirs_role is null then
      raise exception 'the heir is no active member' using errcode = 'RF017';
    end if;
    execute format('update %s set owner_id = $1, owner_role_id = $2 where tenant_id = $3 and id = $4', t)
      using p_to, heirs_role, me.tenant_id, p_id;
  end $$`;
