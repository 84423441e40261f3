import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ENGINE, JUDGE } from './parts/judge-access.js';

/**
 * Why: a refusal that says nothing costs a support case, and one that is explained by other code than the one that refused
 * is wrong sooner or later. So the reason is asked of the engine itself, the policies (0016): which step of them refuses,
 * in the order in which a request meets them, or what made a record visible.
 *
 * For another member the same question is put under a capability of theirs. It is made inside a block that always ends with
 * an error of our own: PostgreSQL itself takes back the row and the setting, whatever happens in between, so there is no
 * clean-up that could be missed, and no secret of it is ever committed.
 *
 * A record that the caller does not see answers as one that does not exist, whomever they ask about.
 */
export class ExplainAccess1764000000021 implements MigrationInterface {
  name = 'ExplainAccess1764000000021';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`grant ${GRANTS} on auth.capabilities to ringfence_derive`);
    await q.query(asDerive(ENGINE + JUDGE + AS_MEMBER));
    await q.query(asDerive(QUESTIONS));
    await q.query(
      asDerive(`revoke all on function ${[...INNER, ...DOORS].join(', ')} from public;
        grant execute on function ${DOORS.join(', ')} to ringfence_app`),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`set role ringfence_derive; drop function ${[...DOORS, ...INNER].reverse().join(', ')}; reset role`);
    await q.query(`revoke ${GRANTS} on auth.capabilities from ringfence_derive`);
  }
}

const asDerive = (sql: string): string => `
  grant create on schema app to ringfence_derive; set role ringfence_derive; ${sql}; reset role;
  revoke create on schema app from ringfence_derive`;

const GRANTS = 'select (hash, session_id, aal, auth_time, expires_at), insert';
const DEFINER = `language plpgsql security definer set search_path = ''`;
const PLAIN = `language plpgsql set search_path = ''`;

const INNER = [
  'app.command_of(text)',
  'app.resource_table(text)',
  'app.aal_holds(regclass, text)',
  'app.new_row_allowed(regclass)',
  'app.role_path(uuid, uuid, uuid)',
  'app.holder_of(uuid, uuid, text)',
  'app.relation_to(jsonb, uuid, uuid, uuid)',
  'app.judge_member(jsonb, regclass, text)',
  'app.judge_right(jsonb, text)',
  'app.judge_row(jsonb, regclass, uuid, boolean)',
  'app.judge(app.request_context, uuid, text, text, regclass, uuid)',
  'app.judge_as(app.request_context, uuid, text, text, regclass, uuid)',
];
const DOORS = [
  'app.refusal_of(text, text, uuid)',
  'app.explain(text, text, uuid, uuid)',
  'app.viewers(text, uuid, uuid, integer)',
];

const AS_MEMBER = `
  -- The same as a member would be told, as sure as the caller is. The row and the setting never outlive the inner block.
  create function app.judge_as(me app.request_context, p_user uuid, p_action text, p_resource text, p_table regclass, p_id uuid)
    returns jsonb ${PLAIN} as $$
  declare
    answer jsonb;
    cap constant text := gen_random_uuid()::text || gen_random_uuid()::text;
  begin
    insert into auth.capabilities
        (hash, session_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, auth_time, expires_at)
      select sha256(convert_to(cap, 'UTF8')), c.session_id, m.user_id, m.tenant_id, m.role_id, m.status, m.tenant_status,
             m.tenant_min_aal, c.aal, c.auth_time, c.expires_at
        from app.memberships m, auth.capabilities c
       where m.tenant_id = me.tenant_id and m.user_id = p_user
         and c.hash = sha256(convert_to(nullif(current_setting('app.cap', true), ''), 'UTF8'));
    if not found then
      raise exception 'no such member' using errcode = 'P0002';
    end if;
    perform set_config('app.cap', cap, true);
    answer := app.judge(me, p_user, p_action, p_resource, p_table, p_id);
    raise exception 'take it all back' using errcode = 'UNDO1';
  exception when sqlstate 'UNDO1' then
    return answer;
  end $$`;

const QUESTIONS = `
  -- Why a statement changed nothing. Null: nothing forbids it, so the row was not at the version that was asked for.
  create function app.refusal_of(p_resource text, p_action text, p_id uuid) returns text ${DEFINER} as $$
  declare
    t constant regclass := app.resource_table(p_resource);
    command constant text := app.command_of(p_action);
  begin
    if t is null or app.row_allows(t, p_id, 'select') is not true then
      return 'invisible';
    elsif app.row_allows(t, p_id, command) then
      return null;
    elsif not app.aal_holds(t, command) then
      return 'aal';
    elsif not app.may(p_resource || ':' || p_action) then
      return 'permission';
    end if;
    return 'rule';
  end $$;

  -- p_id: of the record; null for 'create'. p_user: null or the caller for oneself. Null: no such resource or action.
  create function app.explain(p_action text, p_resource text, p_id uuid, p_user uuid) returns jsonb ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    t constant regclass := app.resource_table(p_resource);
  begin
    if me.user_id is null then
      raise exception 'nobody is asking' using errcode = '42501';
    elsif t is null or app.command_of(p_action) is null or (p_action = 'create') <> (p_id is null) then
      return null;
    elsif coalesce(p_user, me.user_id) = me.user_id then
      return app.judge(me, me.user_id, p_action, p_resource, t, p_id);
    elsif not 'access:explain' = any (me.permissions) then
      raise exception 'access:explain is needed' using errcode = 'RF007', detail = 'access:explain';
    elsif p_id is not null and app.row_allows(t, p_id, 'select') is not true then
      raise exception 'no such record' using errcode = 'P0002';
    end if;
    return app.judge_as(me, p_user, p_action, p_resource, t, p_id);
  end $$;

  -- Members who see a record, each with the step that shows it to them, in the order of their ids. A tenant may have
  -- thousands who do not, so a call looks at 200 at most; next: the last one looked at, null at the end.
  create function app.viewers(p_resource text, p_id uuid, p_after uuid, p_limit integer) returns jsonb ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
    t constant regclass := app.resource_table(p_resource);
    looked constant uuid[] := array(select m.user_id from app.memberships m
      where m.tenant_id = me.tenant_id and (p_after is null or m.user_id > p_after) order by m.user_id limit 50);
    items jsonb := '[]';
    answer jsonb;
    u uuid;
  begin
    if me.user_id is null then
      raise exception 'nobody is asking' using errcode = '42501';
    elsif not 'access:explain' = any (me.permissions) then
      raise exception 'access:explain is needed' using errcode = 'RF007', detail = 'access:explain';
    elsif t is null then
      return null;
    elsif app.row_allows(t, p_id, 'select') is not true then
      raise exception 'no such record' using errcode = 'P0002';
    end if;
    foreach u in array looked loop
      begin
        answer := app.judge_as(me, u, 'read', p_resource, t, p_id);
      exception when no_data_found then
        answer := '{}';   -- gone since the list was read
      end;
      if (answer ->> 'allowed')::boolean then
        items := items || jsonb_build_object('userId', u, 'because', answer -> 'decidedBy', 'roles', answer -> 'reasons' -> -1 -> 'roles');
      end if;
      exit when jsonb_array_length(items) >= p_limit;
    end loop;
    return jsonb_build_object('items', items, 'next', (select m.user_id from app.memberships m
      where m.tenant_id = me.tenant_id and m.user_id = u
        and exists (select from app.memberships n where n.tenant_id = me.tenant_id and n.user_id > u)));
  end $$`;
