/*
 * How a question of access is judged (used by 0021, and frozen with it). The functions run as ringfence_derive, which owns
 * them and alone may call them, under the capability that is set.
 */

const PLAIN = `language plpgsql set search_path = ''`;

export const ENGINE = `
  create function app.command_of(p_action text) returns text language sql immutable set search_path = ''
    return case p_action when 'read' then 'select' when 'create' then 'insert' when 'update' then 'update' when 'delete' then 'delete' end;

  create function app.resource_table(p_resource text) returns regclass language sql stable set search_path = ''
    return (select o.relation from auth.resources o where o.resource = p_resource);

  -- What app.require_aal2 and protect_table's p_sensitive put on a table: it asks about the session, never about a row.
  create function app.aal_holds(p_table regclass, p_command text) returns boolean ${PLAIN} as $$
  declare
    answer boolean;
  begin
    execute (select 'select ' || coalesce(string_agg(format('coalesce((%s), false)',
          pg_catalog.pg_get_expr(coalesce(p.polqual, p.polwithcheck), p.polrelid)), ' and '), 'true')
        from pg_catalog.pg_policy p
       where p.polrelid = p_table and not p.polpermissive and p.polname in ('aal2_select', 'aal2_' || p_command)) into answer;
    return answer;
  end $$;

  -- The checks of an INSERT, on a row as the defaults make it: the caller's own.
  create function app.new_row_allowed(p_table regclass) returns boolean ${PLAIN} as $$
  declare
    answer boolean;
  begin
    execute format('select %s from jsonb_populate_record(null::%s, jsonb_build_object(
        ''tenant_id'', app.tenant_id(), ''owner_id'', app.user_id(), ''owner_role_id'', app.role_id()))',
      app.combined_policies(p_table, 'insert'), p_table) into answer;
    return answer;
  end $$;

  -- One way down, from role to role; null: there is none. The closure says at each step which child leads there.
  create function app.role_path(p_tenant uuid, p_from uuid, p_to uuid) returns jsonb ${PLAIN} as $$
  declare
    here uuid := p_from;
    path jsonb := '[]';
  begin
    while here is not null loop
      path := path || (select jsonb_build_object('id', r.id, 'slug', r.slug) from app.roles r where r.tenant_id = p_tenant and r.id = here);
      if here = p_to then
        return path;
      end if;
      select e.child_id into here from app.role_edges e
       where e.tenant_id = p_tenant and e.parent_id = here and (e.child_id = p_to or exists (
         select from app.role_closure c where c.tenant_id = p_tenant and c.ancestor_id = e.child_id and c.descendant_id = p_to))
       order by e.child_id <> p_to, e.child_id limit 1;
    end loop;
    return null;
  end $$;

  -- The role that a right comes from: one's own, or one below it. The root role has every right by itself.
  create function app.holder_of(p_tenant uuid, p_role uuid, p_permission text) returns uuid language sql stable set search_path = ''
    return coalesce((select p.role_id from app.role_permissions p
      where p.tenant_id = p_tenant and p.permission = p_permission
        and not exists (select from app.roles r where r.tenant_id = p_tenant and r.id = p_role and r.is_root) and (p.role_id = p_role or exists (
        select from app.role_closure c where c.tenant_id = p_tenant and c.ancestor_id = p_role and c.descendant_id = p.role_id))
      order by p.role_id <> p_role, p.role_id limit 1), p_role);

  -- What somebody is to a record that they see.
  create function app.relation_to(p_row jsonb, p_user uuid, p_tenant uuid, p_role uuid) returns text language sql stable set search_path = ''
    return case
      when p_row ->> 'owner_id' = p_user::text then 'owner'
      when coalesce(p_row ->> 'visibility', 'public') = 'public' then 'public'
      when p_row ->> 'visibility' = 'controlled' and exists (select from app.role_closure c where c.tenant_id = p_tenant
        and c.ancestor_id = p_role and c.descendant_id::text = p_row ->> 'owner_role_id') then 'owner_role_below'
      else 'rule' end;`;

export const JUDGE = `
  -- Whoever it is, whether their tenant, their membership and how sure one is of them let them in at all. p_who: see judge.
  create function app.judge_member(p_who jsonb, p_table regclass, p_command text) returns jsonb ${PLAIN} as $$
  declare
    demanded constant boolean := (p_who ->> 'min_aal')::smallint > 1 or exists (select from pg_catalog.pg_policy p
      where p.polrelid = p_table and not p.polpermissive and p.polname in ('aal2_select', 'aal2_' || p_command));
  begin
    return jsonb_build_array(
      jsonb_build_object('step', 'tenant', 'holds', p_who ->> 'tenant_status' = 'active', 'status', p_who ->> 'tenant_status'),
      jsonb_build_object('step', 'session', 'holds', p_who ->> 'status' = 'active', 'status', p_who ->> 'status'),
      jsonb_build_object('step', 'aal', 'holds', (p_who ->> 'aal')::smallint >= (p_who ->> 'min_aal')::smallint
          and app.aal_holds(p_table, p_command),
        'demanded', case when demanded then 2 else 1 end, 'held', (p_who ->> 'aal')::smallint));
  end $$;

  create function app.judge_right(p_who jsonb, p_permission text) returns jsonb ${PLAIN} as $$
  declare
    t constant uuid := p_who ->> 'tenant_id';
    own constant uuid := p_who ->> 'role_id';
    holds constant boolean := app.may(p_permission);
  begin
    return jsonb_build_object('step', 'permission', 'holds', holds, 'permission', p_permission, 'roles',
      case when holds then app.role_path(t, own, app.holder_of(t, own, p_permission)) end);
  end $$;

  -- p_tell: the caller sees the record and may hear what hides it from somebody else.
  create function app.judge_row(p_who jsonb, p_table regclass, p_id uuid, p_tell boolean) returns jsonb ${PLAIN} as $$
  declare
    seen constant boolean := coalesce(app.row_allows(p_table, p_id, 'select'), false);
    t constant uuid := p_who ->> 'tenant_id';
    own constant uuid := p_who ->> 'role_id';
    found_row jsonb;
    relation text := 'none';
  begin
    if seen or p_tell then
      execute format('select to_jsonb(x) from %s x where tenant_id = $1 and id = $2', p_table) into found_row using t, p_id;
    end if;
    if seen then
      relation := app.relation_to(found_row, (p_who ->> 'user_id')::uuid, t, own);
    end if;
    return jsonb_build_object('step', 'visibility', 'holds', seen, 'relation', relation,
      'visibility', found_row -> 'visibility', 'ownerId', found_row -> 'owner_id',
      'roles', case relation when 'owner_role_below' then app.role_path(t, own, (found_row ->> 'owner_role_id')::uuid) end);
  end $$;

  -- Under the capability that is set, which is p_user's: every step up to the first that refuses. The answer itself is the
  -- policies', not the sum of the steps; where they refuse and no step does, a further rule of the table is the reason.
  create function app.judge(me app.request_context, p_user uuid, p_action text, p_resource text, p_table regclass, p_id uuid)
    returns jsonb ${PLAIN} as $$
  declare
    command constant text := app.command_of(p_action);
    who constant jsonb := (select to_jsonb(m) || jsonb_build_object('min_aal', m.tenant_min_aal, 'aal', me.aal)
      from app.memberships m where m.tenant_id = me.tenant_id and m.user_id = p_user);
    allowed constant boolean := coalesce(case when p_id is null then app.new_row_allowed(p_table)
      else app.row_allows(p_table, p_id, command) end, false);
    reasons jsonb := app.judge_member(who, p_table, command);
    refusing bigint;
    decided text;
  begin
    if p_id is not null and p_action <> 'read' then
      reasons := reasons || app.judge_right(who, p_resource || ':read');
    end if;
    reasons := reasons || app.judge_right(who, p_resource || ':' || p_action);
    if p_id is not null then
      reasons := reasons || app.judge_row(who, p_table, p_id, p_user <> me.user_id);
    end if;
    if not allowed then
      reasons := reasons || jsonb_build_object('step', 'rule', 'holds', false);
    end if;
    select e.at, e.value ->> 'step' into refusing, decided from jsonb_array_elements(reasons) with ordinality e (value, at)
     where not (e.value ->> 'holds')::boolean order by e.at limit 1;
    return jsonb_build_object('allowed', allowed,
      'decidedBy', coalesce(decided, reasons -> -1 ->> 'relation', reasons -> -1 ->> 'step'),
      'reasons', (select jsonb_agg(e.value order by e.at) from jsonb_array_elements(reasons) with ordinality e (value, at)
                   where refusing is null or e.at <= refusing));
  end $$;`;
