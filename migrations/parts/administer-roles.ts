/*
 * How roles are administered (used by 0015, and frozen with it). The functions run as ringfence_derive, which owns them, and
 * ask for themselves who calls.
 */

const DEFINER = `language plpgsql security definer set search_path = ''`;

export const ASKING = `
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
  end $$;
  -- What the roles beside the caller's hold: those that are neither it, nor below it, nor above it.
  create function app.rights_beside(me app.request_context) returns jsonb language plpgsql set search_path = '' as $$
  begin
    return (select coalesce(jsonb_object_agg(g.role_id, to_jsonb(g.permissions)), '{}') from auth.role_rights g
      where g.tenant_id = me.tenant_id and g.role_id <> me.role_id and not g.role_id = any (me.subordinate_role_ids)
        and not exists (select from app.role_closure c where c.tenant_id = me.tenant_id
          and c.ancestor_id = g.role_id and c.descendant_id = me.role_id));
  end $$;
  -- A role that the caller may change may stand below such a one, too, which must not gain by it.
  create function app.assert_nothing_beside(me app.request_context, p_before jsonb) returns void
    language plpgsql set search_path = '' as $$
  begin
    if exists (select from jsonb_each(app.rights_beside(me)) n where p_before ? n.key and not (p_before -> n.key) @> n.value) then
      raise exception 'a role that is not below the caller''s would gain' using errcode = 'RF005';
    end if;
  end $$;`;

export const ROLES = `
  create function app.create_role(p_slug text, p_name text, p_permissions text[], p_parents uuid[]) returns uuid ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:create');
    made uuid;
    beside constant jsonb := app.rights_beside(me);
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
    perform app.assert_nothing_beside(me, beside);
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
    beside constant jsonb := app.rights_beside(me);
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
    perform app.assert_nothing_beside(me, beside);
  end $$;

  -- A parent that is out of the caller's reach is neither put above the role nor taken away: that role would lose by it.
  create function app.set_role_parents(p_role uuid, p_parents uuid[], p_versions integer[]) returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.acting('role:update');
    held constant uuid[] := array(select e.parent_id from app.role_edges e where e.tenant_id = me.tenant_id and e.child_id = p_role);
    beside constant jsonb := app.rights_beside(me);
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
    perform app.assert_nothing_beside(me, beside);
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
      where m.tenant_id = me.tenant_id and m.user_id = p_user and m.status = 'active' and m.user_id <> me.user_id
        and exists (select from auth.users u where u.id = m.user_id and u.status = 'active') for update;
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
