/*
 * What holds of roles and members whoever writes (used by 0015, and frozen with it).
 */

const DEFINER = `language plpgsql security definer set search_path = ''`;

// Whoever writes. Definer, so that they see the rows whatever the writer may see.
export const INVARIANTS = `
  create function app.owner_stays() returns trigger ${DEFINER} as $$
  begin
    if exists (select from app.roles r where r.tenant_id = old.tenant_id and r.id = old.role_id and r.is_root) then
      perform app.assert_read_committed();
      perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('owners:' || old.tenant_id, 0));
      if not exists (select from app.memberships m join app.roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
                      join auth.users u on u.id = m.user_id
                      where m.tenant_id = old.tenant_id and r.is_root and m.status = 'active' and u.status = 'active') then
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

export const INVARIANT_TRIGGERS = `
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
