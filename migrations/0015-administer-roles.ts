import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: who may make, change and assign roles decides everything else, so the application holds no grant to write them at
 * all. It calls one function a deed. Each takes the tenant's role lock first and reads the caller's context after it, so
 * that of two deeds at once the second sees what the first did to its own right; asks for the permission, AAL2 and that
 * what it touches is below the caller's role; and never lets a right out that the caller does not hold. What must hold
 * whoever writes (one root, no cycle, a parent for every other role, an owner at all times) is kept by constraints and
 * triggers, for the service role too.
 *
 * The functions belong to ringfence_derive, which no connection can log in as. They name the tenant in every statement,
 * since that role's policies do not.
 */
export class AdministerRoles1764000000015 implements MigrationInterface {
  name = 'AdministerRoles1764000000015';

  async up(q: QueryRunner): Promise<void> {
    await q.query(GRANTS);
    await q.query(asDerive(INVARIANTS));
    await q.query(INVARIANT_TRIGGERS);
    await q.query(asDerive(ASKING + ROLES));
    await q.query(
      asDerive(`revoke all on function ${[...INNER, ...DOORS].join(', ')} from public;
      grant execute on function ${DOORS.join(', ')} to ringfence_app`),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      drop trigger z_owner_stays on app.memberships;
      drop trigger a_root_is_fixed on app.roles;
      drop trigger a_root_has_no_parent on app.role_edges;
      drop trigger z_has_parent on app.roles;
      drop trigger z_has_parent on app.role_edges;
      set role ringfence_derive;
      drop function ${[...DOORS, ...INNER].reverse().join(', ')};
      reset role;
    `);
    for (const [table, policies] of Object.entries(POLICIES))
      for (const command of policies) await q.query(`drop policy derive_${command}s on ${table}`);
    await q.query(REVOKES);
  }
}

const asDerive = (sql: string): string => `
  grant create on schema app to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema app from ringfence_derive`;

const POLICIES: Record<string, string[]> = {
  'app.roles': ['insert', 'update', 'delete'],
  'app.role_permissions': ['delete'],
  'app.role_edges': ['insert', 'delete'],
  'app.memberships': ['update', 'delete'],
};

const policy = (table: string, command: string): string =>
  `create policy derive_${command}s on ${table} for ${command} to ringfence_derive ${command === 'insert' ? 'with check' : 'using'} (true);`;

const GRANTS = `
  grant insert, update (slug, name), delete on app.roles to ringfence_derive;
  grant delete on app.role_permissions to ringfence_derive;
  grant insert, delete on app.role_edges to ringfence_derive;
  grant select, update (role_id, status), delete on app.memberships to ringfence_derive;
  ${Object.entries(POLICIES)
    .flatMap(([table, commands]) => commands.map((command) => policy(table, command)))
    .join('\n')}`;

const REVOKES = `
  revoke insert, update (slug, name), delete on app.roles from ringfence_derive;
  revoke delete on app.role_permissions from ringfence_derive;
  revoke insert, delete on app.role_edges from ringfence_derive;
  revoke select, update (role_id, status), delete on app.memberships from ringfence_derive;
  grant select (tenant_id, user_id, role_id) on app.memberships to ringfence_derive`;

/** In the order in which one needs the other. */
const INNER = [
  'app.owner_stays()',
  'app.root_is_fixed()',
  'app.root_has_no_parent()',
  'app.role_has_parent()',
  'app.acting(text)',
  'app.role_below(app.request_context, uuid, integer[])',
  'app.assert_grantable(app.request_context, text[])',
  'app.assert_slug(app.request_context, text)',
  'app.assert_parents(app.request_context, uuid[])',
];
const DOORS = [
  'app.create_role(text, text, text[], uuid[])',
  'app.update_role(uuid, text, text, integer[])',
  'app.set_role_permissions(uuid, text[], integer[])',
  'app.set_role_parents(uuid, uuid[], integer[])',
  'app.delete_role(uuid, integer[])',
  'app.assign_role(uuid, uuid)',
  'app.transfer_ownership(uuid)',
];

const DEFINER = `language plpgsql security definer set search_path = ''`;

// Whoever writes. Definer, so that they see the rows whatever the writer may see.
const INVARIANTS = `
  create function app.owner_stays() returns trigger ${DEFINER} as $$
  begin
    if exists (select from app.roles r where r.tenant_id = old.tenant_id and r.id = old.role_id and r.is_root) then
      perform app.assert_read_committed();
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('owners:' || old.tenant_id, 0));
      if not exists (select from app.memberships m join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
                      where m.tenant_id = old.tenant_id and r.is_root and m.status = 'active') then
        raise exception 'a tenant keeps an owner' using errcode = 'RF008';
      end if;
    end if;
    return null;
  end $$;
  create function app.root_is_fixed() returns trigger language plpgsql set search_path = '' as $$
  begin
    raise exception 'the root role does not change' using errcode = 'RF010';
  end $$;
  create function app.root_has_no_parent() returns trigger ${DEFINER} as $$
  begin
    if exists (select from app.roles r where r.tenant_id = new.tenant_id and r.id = new.child_id and r.is_root) then
      raise exception 'nothing is above the root role' using errcode = 'RF010';
    end if;
    return new;
  end $$;
  create function app.role_has_parent() returns trigger ${DEFINER} as $$
  declare
    this uuid;
    t uuid;
  begin
    if tg_op = 'INSERT' then
      this := new.id; t := new.tenant_id;
    else
      this := old.child_id; t := old.tenant_id;
    end if;
    if exists (select from app.roles r where r.tenant_id = t and r.id = this and not r.is_root)
       and not exists (select from app.role_edges e where e.tenant_id = t and e.child_id = this) then
      raise exception 'a role stands below at least one other' using errcode = 'RF011';
    end if;
    return null;
  end $$;
  grant execute on function app.owner_stays(), app.root_is_fixed(), app.root_has_no_parent(), app.role_has_parent() to ringfence_owner`;

const INVARIANT_TRIGGERS = `
  create constraint trigger z_owner_stays after update or delete on app.memberships
    deferrable initially deferred for each row execute function app.owner_stays();
  alter table app.memberships enable always trigger z_owner_stays;
  create trigger a_root_is_fixed before update or delete on app.roles
    for each row when (old.is_root) execute function app.root_is_fixed();
  alter table app.roles enable always trigger a_root_is_fixed;
  create trigger a_root_has_no_parent before insert or update on app.role_edges
    for each row execute function app.root_has_no_parent();
  alter table app.role_edges enable always trigger a_root_has_no_parent;
  create constraint trigger z_has_parent after insert on app.roles
    deferrable initially deferred for each row execute function app.role_has_parent();
  alter table app.roles enable always trigger z_has_parent;
  create constraint trigger z_has_parent after update or delete on app.role_edges
    deferrable initially deferred for each row execute function app.role_has_parent();
  alter table app.role_edges enable always trigger z_has_parent;
  set role ringfence_derive;
  revoke execute on function app.owner_stays(), app.root_is_fixed(), app.root_has_no_parent(), app.role_has_parent() from ringfence_owner;
  reset role`;

const ASKING = `
  -- Who does it, read after the tenant's lock, so that it is what they may do now. Only where the deed needs AAL2.
  create function app.acting(p_permission text) returns app.request_context language plpgsql set search_path = '' as $$
  declare
    me app.request_context := app.context();
  begin
    perform app.assert_read_committed();
    if me.user_id is not null then
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('role-graph:' || me.tenant_id, 0));
      me := app.context();
    end if;
    if me.user_id is null then
      raise exception 'nobody is asking' using errcode = '42501';
    elsif not p_permission = any (me.permissions) then
      raise exception '% is needed', p_permission using errcode = 'RF007', detail = p_permission;
    end if;
    if me.aal < 2 then
      raise exception '% needs AAL2', p_permission using errcode = 'RF004';
    end if;
    return me;
  end $$;
  -- A role that the caller may change: there, below them, and at one of the versions that they read (null: any).
  create function app.role_below(me app.request_context, p_role uuid, p_versions integer[]) returns void
    language plpgsql set search_path = '' as $$
  declare
    r app.roles;
  begin
    select * into r from app.roles x where x.tenant_id = me.tenant_id and x.id = p_role for update;
    if not found then
      raise exception 'no such role' using errcode = 'P0002';
    elsif r.is_root then
      raise exception 'the root role does not change' using errcode = 'RF010';
    elsif not p_role = any (me.subordinate_role_ids) then
      raise exception 'the role is not below the caller''s' using errcode = 'RF005';
    elsif p_versions is not null and r.version = any (p_versions) is not true then
      raise exception 'the role has changed since it was read' using errcode = 'RF014';
    end if;
  end $$;
  create function app.assert_grantable(me app.request_context, p_permissions text[]) returns void
    language plpgsql set search_path = '' as $$
  declare
    p text;
  begin
    foreach p in array p_permissions loop
      if not exists (select from auth.permissions c where c.code = p) then
        raise exception 'nobody declared this permission' using errcode = 'RF013', detail = coalesce(p, '');
      elsif not p = any (me.permissions) then
        raise exception 'nobody grants what they do not hold' using errcode = 'RF006', detail = p;
      end if;
    end loop;
  end $$;
  -- A new version of the software gives its new permissions to the roles of these slugs (auth.sync_permissions): whoever
  -- takes such a slug takes what comes, so only the owner, who has everything in any case, gives it to another role.
  create function app.assert_slug(me app.request_context, p_slug text) returns void
    language plpgsql set search_path = '' as $$
  begin
    if p_slug = any ('{owner,admin,member,viewer}') and not exists (
        select from app.roles r where r.tenant_id = me.tenant_id and r.id = me.role_id and r.is_root) then
      raise exception 'the slug is one of a standard role' using errcode = 'RF012';
    end if;
  end $$;
  create function app.assert_parents(me app.request_context, p_parents uuid[]) returns void
    language plpgsql set search_path = '' as $$
  declare
    p uuid;
  begin
    foreach p in array p_parents loop
      if not exists (select from app.roles r where r.tenant_id = me.tenant_id and r.id = p) then
        raise exception 'no such parent' using errcode = 'RF016';
      elsif p <> me.role_id and not p = any (me.subordinate_role_ids) then
        raise exception 'the parent is neither the caller''s role nor below it' using errcode = 'RF005';
      end if;
    end loop;
  end $$;`;

const ROLES = `
  create function app.create_role(p_slug text, p_name text, p_permissions text[], p_parents uuid[]) returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:create');
    made uuid;
  begin
    perform app.assert_slug(me, p_slug);
    perform app.assert_grantable(me, p_permissions);
    perform app.assert_parents(me, p_parents);
    if cardinality(p_parents) = 0 then
      raise exception 'a role stands below at least one other' using errcode = 'RF011';
    end if;
    insert into app.roles (tenant_id, slug, name) values (me.tenant_id, p_slug, p_name) returning id into made;
    insert into app.role_edges (tenant_id, parent_id, child_id) select distinct me.tenant_id, p, made from unnest(p_parents) p;
    insert into app.role_permissions (tenant_id, role_id, permission)
      select distinct me.tenant_id, made, p from unnest(p_permissions) p;
    return made;
  end $$;

  create function app.update_role(p_role uuid, p_slug text, p_name text, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:update');
  begin
    perform app.role_below(me, p_role, p_versions);
    perform app.assert_slug(me, nullif(p_slug, (select r.slug from app.roles r where r.tenant_id = me.tenant_id and r.id = p_role)));
    update app.roles r set slug = coalesce(p_slug, r.slug), name = coalesce(p_name, r.name)
     where r.tenant_id = me.tenant_id and r.id = p_role;
  end $$;

  -- What stays needs no right; what is added does.
  create function app.set_role_permissions(p_role uuid, p_permissions text[], p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:update');
  begin
    perform app.role_below(me, p_role, p_versions);
    if p_permissions is null then
      raise exception 'no list is not an empty one' using errcode = '22004';
    end if;
    perform app.assert_grantable(me, array(select p from unnest(p_permissions) p except
      select h.permission from app.role_permissions h where h.tenant_id = me.tenant_id and h.role_id = p_role));
    delete from app.role_permissions h
     where h.tenant_id = me.tenant_id and h.role_id = p_role and h.permission <> all (p_permissions);
    insert into app.role_permissions (tenant_id, role_id, permission)
      select distinct me.tenant_id, p_role, p from unnest(p_permissions) p on conflict do nothing;
    update app.roles r set name = r.name where r.tenant_id = me.tenant_id and r.id = p_role;   -- a new version
  end $$;

  -- A parent that is out of the caller's reach is neither put above the role nor taken away: that role would lose by it.
  create function app.set_role_parents(p_role uuid, p_parents uuid[], p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:update');
    held constant uuid[] := array(select e.parent_id from app.role_edges e where e.tenant_id = me.tenant_id and e.child_id = p_role);
  begin
    perform app.role_below(me, p_role, p_versions);
    if p_role = any (p_parents) then
      raise exception 'a role cannot be above itself' using errcode = 'RF003';
    elsif coalesce(cardinality(p_parents), 0) = 0 then
      raise exception 'a role stands below at least one other' using errcode = 'RF011';
    end if;
    perform app.assert_parents(me, array(
      (select p from unnest(p_parents) p except select h from unnest(held) h)
      union all (select h from unnest(held) h except select p from unnest(p_parents) p)));
    insert into app.role_edges (tenant_id, parent_id, child_id)
      select distinct me.tenant_id, p, p_role from unnest(p_parents) p on conflict do nothing;
    delete from app.role_edges e where e.tenant_id = me.tenant_id and e.child_id = p_role and e.parent_id <> all (p_parents);
    update app.roles r set name = r.name where r.tenant_id = me.tenant_id and r.id = p_role;
  end $$;

  -- What stood below it stands below its parents afterwards, so that nothing falls out of everybody's sight.
  create function app.delete_role(p_role uuid, p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:delete');
  begin
    perform app.role_below(me, p_role, p_versions);
    insert into app.role_edges (tenant_id, parent_id, child_id)
      select me.tenant_id, above.parent_id, below.child_id
        from app.role_edges above join app.role_edges below on below.tenant_id = me.tenant_id and below.parent_id = p_role
       where above.tenant_id = me.tenant_id and above.child_id = p_role
      on conflict do nothing;
    update app.roles r set name = r.name   -- a new version: their parents are others now
      from app.role_edges e where e.tenant_id = me.tenant_id and e.parent_id = p_role and r.tenant_id = me.tenant_id and r.id = e.child_id;
    delete from app.roles r where r.tenant_id = me.tenant_id and r.id = p_role;
  exception when foreign_key_violation then
    raise exception 'members, invitations or records have this role' using errcode = 'RF009';
  end $$;

  create function app.assign_role(p_user uuid, p_role uuid) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('member:update');
    theirs uuid;
  begin
    select m.role_id into theirs from app.memberships m where m.tenant_id = me.tenant_id and m.user_id = p_user for update;
    if theirs is null then
      raise exception 'no such member' using errcode = 'P0002';
    elsif not exists (select from app.roles r where r.tenant_id = me.tenant_id and r.id = p_role) then
      raise exception 'nobody can be given a role that is not there' using errcode = 'RF016';
    elsif not theirs = any (me.subordinate_role_ids) or not p_role = any (me.subordinate_role_ids) then
      raise exception 'the role is not below the caller''s' using errcode = 'RF005';
    end if;
    update app.memberships m set role_id = p_role where m.tenant_id = me.tenant_id and m.user_id = p_user;
  end $$;

  -- One owner more, and the caller stands below the root role afterwards.
  create function app.transfer_ownership(p_user uuid) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('tenant:transfer');
    next_role uuid;
  begin
    if not exists (select from app.roles r where r.tenant_id = me.tenant_id and r.id = me.role_id and r.is_root) then
      raise exception 'an owner hands ownership over' using errcode = 'RF021';
    end if;
    perform from app.memberships m
      where m.tenant_id = me.tenant_id and m.user_id = p_user and m.status = 'active' and m.user_id <> me.user_id for update;
    if not found then
      raise exception 'no such member' using errcode = 'P0002';
    end if;
    select r.id into next_role
      from app.roles r join app.role_edges e on e.tenant_id = r.tenant_id and e.child_id = r.id
     where r.tenant_id = me.tenant_id and e.parent_id = me.role_id order by r.slug <> 'admin', r.created_at, r.id limit 1;
    if next_role is null then
      raise exception 'no role is left for the one who hands over' using errcode = 'RF011';
    end if;
    update app.memberships m set role_id = me.role_id where m.tenant_id = me.tenant_id and m.user_id = p_user;
    update app.memberships m set role_id = next_role where m.tenant_id = me.tenant_id and m.user_id = me.user_id;
  end $$`;
