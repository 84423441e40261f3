import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';

/**
 * Why: whoever writes into the log does not say who they are. The application names an action, its target and where the
 * request came from; actor, tenant and session are read from the context of the capability. The role that signs people in
 * has no such context, since it makes it: it says whom an act concerns, and the entry goes to the log that is named, or to
 * that of each tenant in which the person is a member, or to the installation's. Operators' acts stand in the
 * installation's log and in the tenant's.
 *
 * A row that changes in a table under audit is written down by a deferred trigger, at COMMIT and with the entry of the
 * same transaction. Where nobody wrote one, the trigger does: database.changed, with the login role and, if there is one,
 * the caller. So a change without a trace cannot be made through this schema, by the application, by injected SQL, or by
 * hand, and what no route declared is told apart from what one did.
 */
export class AddAuditWriters1764000000024 implements MigrationInterface {
  name = 'AddAuditWriters1764000000024';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`set role ringfence_context;
      grant execute on function auth.operator() to ringfence_derive;
      reset role;
      grant execute on function auth.acting_operator() to ringfence_derive;`);
    await q.query(asDerive('app, auth', WRITERS + CHANGES + READERS));
    await q.query(asDerive('app, auth', GRANTS));
    await q.query(AUDIT_TABLE);
    for (const call of AUDITED) await q.query(`call app.audit_table(${call})`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const call of AUDITED) await q.query(`call app.forget_audit(${call.split(',')[0]})`);
    await q.query(`
      drop procedure app.audit_table(regclass, text, name, name, text, name[], name[], name, name[]), app.forget_audit(regclass);
      set role ringfence_derive;
      drop function ${FUNCTIONS.join(', ')};
      reset role;
      revoke execute on function auth.acting_operator() from ringfence_derive;
      set role ringfence_context;
      revoke execute on function auth.operator() from ringfence_derive;
      reset role;
    `);
  }
}

/** What is there already. Columns of a table that is made later are named in its own migration. */
const AUDITED = [
  `'app.deals', 'deal'`,
  `'app.tenants', 'tenant', p_tenant => 'id'`,
  `'app.roles', 'role'`,
  `'app.role_permissions', 'role', 'role_id', p_collects => 'permissions:permission'`,
  `'app.role_edges', 'role', 'child_id', p_collects => 'parents:parent_id'`,
  `'app.memberships', 'member', 'user_id', p_ignored => '{tenant_status,tenant_min_aal}'`,
  `'app.profiles', 'member', 'user_id', p_personal => '{full_name,email}', p_subject => 'user_id'`,
  `'app.invitations', 'invitation', p_masked => '{token_hash}', p_personal => '{email,metadata}', p_subject => 'id'`,
];

const DEFINER = `language plpgsql security definer set search_path = ''`;
const NIL = `'00000000-0000-0000-0000-000000000000'`;

const WRITERS = `
  -- p_request: {"id", "address", "userAgent"}; p_concerns: under whose key those lie where nobody is known to act. @returns the
  -- entry's id. Nobody but the functions here may call it, so what an entry may be is asked here: constraints of the table
  -- are read anew for each row, which costs more than the row.
  create function app.write_audit(p_tenant uuid, p_actor_type text, p_actor uuid, p_session uuid, p_action text,
      p_target_type text, p_target uuid, p_outcome text, p_code text, p_count integer, p_request jsonb, p_details jsonb,
      p_concerns uuid default null) returns uuid language plpgsql set search_path = '' as $$
  declare
    place integer;
    made uuid;
    key_id uuid;
    sealed bytea;
    commitment bytea;
  begin
    if p_action !~ '^[a-z_]+(\\.[a-z_]+)+$' or length(p_action) > 100 or length(p_target_type) > 100 or length(p_code) > 100
        or length(p_request ->> 'id') > 64 or jsonb_typeof(p_request) <> 'object' or p_count < 1 or p_outcome not in ('success', 'denied', 'failure')
        or p_details is not null and not app.audit_details_allowed(p_details) then
      raise exception 'no such entry can be written' using errcode = '23514', constraint = 'audit_log_entry_check';
    end if;
    select count(*) into place from app.audit_log l
     where l.tenant_id = p_tenant and l.at = now() and l.xact_id = pg_current_xact_id();
    made := uuidv7(now() - clock_timestamp() + place * interval '10 microseconds');   -- ids are in the order of writing
    if p_request ? 'address' then
      select p.key_id, p.sealed, p.commitment into key_id, sealed, commitment
        from app.seal_personal(p_tenant, coalesce(p_actor, p_concerns, ${NIL}), jsonb_build_object(
          'address', left(p_request ->> 'address', 64), 'userAgent', left(p_request ->> 'userAgent', 300))) p;
    end if;
    insert into app.audit_log (tenant_id, id, n, actor_type, actor_id, session_id, action, target_type, target_id, outcome,
        code, count, request_id, details, personal_key, personal, commitment)
      values (p_tenant, made, place, p_actor_type, p_actor, p_session, p_action, p_target_type, p_target, p_outcome,
        p_code, p_count, p_request ->> 'id', p_details, key_id, sealed, commitment);
    return made;
  end $$;

  -- What has one canonical form for every reader: an object of whole numbers below 2^53, no deeper and no longer than readers take.
  create function app.audit_details_allowed(p_details jsonb) returns boolean language sql immutable
  return jsonb_typeof(p_details) = 'object' and length(p_details::text) <= 65536
      and not jsonb_path_exists(p_details,
        'strict $.** ? (@.type() == "number" && (@ != @.floor() || @ > 9007199254740991 || @ < -9007199254740991))')
      and not jsonb_path_exists(p_details, 'strict $.**{100}');

  -- The application's: what the caller of this request does, in its own transaction.
  create function app.record_audit(p_action text, p_target_type text, p_target uuid, p_request jsonb, p_details jsonb)
    returns void ${DEFINER} as $$
  declare
    me constant app.request_context := app.context();
  begin
    if me.tenant_id is null then
      raise exception 'nobody is acting: there is no context' using errcode = 'RF027';
    end if;
    perform app.write_audit(me.tenant_id, 'user', me.user_id, me.session_id, p_action, p_target_type, p_target, 'success',
      null, 1, p_request, p_details);
  end $$;

  -- Of the role that signs people in. p_concerns: whose logs, unless p_tenant names one.
  create function auth.record_audit(p_tenant uuid, p_concerns uuid, p_actor uuid, p_session uuid, p_action text,
      p_target_type text, p_target uuid, p_outcome text, p_code text, p_count integer, p_request jsonb, p_details jsonb)
    returns void ${DEFINER} as $$
  declare
    log uuid;
  begin
    if p_action like 'audit.%' and p_outcome = 'success' then
      raise exception 'of the log itself its own functions write' using errcode = 'RF026';
    end if;
    for log in
      select p_tenant where p_tenant is not null
      union all select m.tenant_id from app.memberships m where p_tenant is null and m.user_id = p_concerns
      union all select ${NIL} where p_tenant is null and not exists (select from app.memberships m where m.user_id = p_concerns)
    loop
      perform app.write_audit(log, case when p_actor is not null then 'user'
          when current_setting('app.command_line', true) = 'on' then 'command_line' else 'nobody' end, p_actor, p_session, p_action,
        p_target_type, p_target, p_outcome, p_code, p_count, p_request, p_details, p_concerns);
    end loop;
  end $$;

  -- So that an acceptance is recorded of the invitation that it used up.
  create function auth.invitation_id(p_hash bytea) returns uuid language sql stable security definer set search_path = ''
  begin atomic
    select i.id from app.invitations i where i.token_hash = p_hash;
  end;

  -- Operators: in the installation's log, and in that of the tenant that it concerns.
  create function app.record_platform_audit(p_action text, p_tenant uuid, p_request jsonb, p_details jsonb)
    returns void ${DEFINER} as $$
  declare
    operator constant uuid := auth.acting_operator();
    log uuid;
  begin
    if p_action like 'audit.%' and p_action <> 'audit.exported' then
      raise exception 'of the log itself its own functions write' using errcode = 'RF026';
    end if;
    foreach log in array array[${NIL}::uuid] || array_remove(array[p_tenant], null) loop
      perform app.write_audit(log, case when operator is null then 'command_line' else 'operator' end, operator, null,
        p_action, case when p_tenant is not null then 'tenant' end, p_tenant, 'success', null, 1, p_request, p_details);
    end loop;
  end $$;

  -- The key goes, a new one takes its place; what the old one sealed is noise from now on, here and in each copy of it.
  create function app.erase_audit_subject(p_tenant uuid, p_subject uuid) returns boolean ${DEFINER} as $$
  declare
    operator constant uuid := auth.acting_operator();
  begin
    delete from auth.vault_keys v where v.tenant_id = p_tenant and v.subject_id = p_subject;
    if not found then
      return false;
    end if;
    delete from auth.vault_keys v using app.audit_log l   -- before they were somebody here, an invitation named them
     where l.tenant_id = p_tenant and l.actor_id = p_subject and l.action = 'invitation.accepted'
       and v.tenant_id = p_tenant and v.subject_id = l.target_id;
    perform app.vault_key(p_tenant, p_subject);
    perform app.write_audit(p_tenant, case when operator is null then 'command_line' else 'operator' end, operator, null,
      'audit.subject_erased', 'user', p_subject, 'success', null, 1, '{}', null);
    return true;
  end $$;`;

const CHANGES = `
  -- A value as the log keeps it: never a number, which readers would round, nor what may hold one.
  create function app.audit_value(p_value jsonb) returns jsonb language sql immutable
  return case jsonb_typeof(p_value)
      when 'number' then to_jsonb(p_value #>> '{}')
      when 'object' then to_jsonb(p_value::text)
      when 'array' then case when jsonb_path_exists(p_value, '$[*] ? (@.type() != "string")') then to_jsonb(p_value::text) else p_value end
      else p_value end;

  -- Arguments: type, tenant column, id column, collects, masked, personal, subject, columns, their names (see app.audit_table).
  create function app.audit_change() returns trigger ${DEFINER} as $$
  declare
    old_row constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    row constant jsonb := coalesce(new_row, old_row);
    tenant constant uuid := (row ->> tg_argv[1])::uuid;
    collected constant text := split_part(tg_argv[3], ':', 2);
    masked constant text[] := tg_argv[4];
    private constant text[] := tg_argv[5];
    columns constant text[] := tg_argv[7];
    names constant text[] := tg_argv[8];
    o jsonb;
    n jsonb;
    clear jsonb[] := array['{}', '{}'];      -- before and after
    personal jsonb[] := array['{}', '{}'];
    key_id uuid;
    sealed bytea;
    commitment bytea;
    entry uuid;
    me app.request_context;
    total integer;
  begin
    for i in 1 .. cardinality(columns) loop
      o := nullif(old_row -> columns[i], 'null');
      n := nullif(new_row -> columns[i], 'null');
      continue when o is not distinct from n;
      if columns[i] = any (private) then
        personal[1] := personal[1] || jsonb_build_object(names[i], app.audit_value(o));
        personal[2] := personal[2] || jsonb_build_object(names[i], app.audit_value(n));
      elsif columns[i] = any (masked) then
        clear[1] := clear[1] || jsonb_build_object(names[i], '[masked]');
        clear[2] := clear[2] || jsonb_build_object(names[i], '[masked]');
      elsif columns[i] = collected then
        clear[1] := jsonb_build_object(names[i], jsonb_build_array(o));
        clear[2] := jsonb_build_object(names[i], jsonb_build_array(n));
      elsif collected = '' then
        clear[1] := clear[1] || jsonb_build_object(names[i], app.audit_value(o));
        clear[2] := clear[2] || jsonb_build_object(names[i], app.audit_value(n));
      end if;
    end loop;
    if clear[1] = '{}' and personal[1] = '{}' then
      return null;
    end if;
    if personal[1] <> '{}' then
      select p.key_id, p.sealed, p.commitment into key_id, sealed, commitment
        from app.seal_personal(tenant, (row ->> tg_argv[6])::uuid, jsonb_build_object(
          'before', case when tg_op <> 'INSERT' then personal[1] end, 'after', case when tg_op <> 'DELETE' then personal[2] end)) p;
    end if;
    select l.id into entry from app.audit_log l
     where l.tenant_id = tenant and l.at = now() and l.xact_id = pg_current_xact_id() and l.n = 0;
    if entry is null then
      me := app.context();
      entry := case when me.tenant_id = tenant
        then app.write_audit(tenant, 'user', me.user_id, me.session_id, 'database.changed', tg_argv[0], (row ->> tg_argv[2])::uuid,
          'success', null, 1, '{}', jsonb_build_object('role', session_user))
        else app.write_audit(tenant, 'database', null, null, 'database.changed', tg_argv[0], (row ->> tg_argv[2])::uuid,
          'success', null, 1, '{}', jsonb_build_object('role', session_user)) end;
    end if;
    select c.bytes into total from app.audit_changes c
     where c.tenant_id = tenant and c.at = now() and c.entry_id = entry order by c.id desc limit 1;
    total := coalesce(total, 0) + pg_column_size(clear) + 256;
    if total > 16 * 1024 * 1024 then
      raise exception 'one transaction changes more than one entry can say' using errcode = '54000';
    end if;
    insert into app.audit_changes (bytes, tenant_id, entry_id, type, row_id, op, before, after, personal_key, personal, commitment)
      values (total, tenant, entry, tg_argv[0], (row ->> tg_argv[2])::uuid, lower(tg_op),
        case when tg_op <> 'INSERT' then clear[1] end, case when tg_op <> 'DELETE' then clear[2] end, key_id, sealed, commitment);
    return null;
  end $$;`;

const READERS = `
  -- The entry as docs/audit-format.md has it, all but its number. With the caller's rights: the fence decides.
  create function app.audit_document(l app.audit_log) returns jsonb language sql stable set search_path = '' as $$
    select jsonb_build_object('v', 1, 'tenantId', (l).tenant_id, 'id', (l).id, 'at', to_char((l).at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      'actorType', (l).actor_type, 'actorId', (l).actor_id, 'sessionId', (l).session_id, 'action', (l).action,
      'targetType', (l).target_type, 'targetId', (l).target_id, 'outcome', (l).outcome, 'code', (l).code,
      'requestId', (l).request_id, 'count', (l).count, 'details', (l).details, 'personal', encode((l).commitment, 'hex'),
      'changes', coalesce((
        select jsonb_agg(jsonb_build_object('type', c.type, 'id', c.row_id, 'op', c.op, 'before', c.before, 'after', c.after,
            'personal', encode(c.commitment, 'hex')) order by c.id)
          from app.audit_changes c where c.tenant_id = (l).tenant_id and c.at = (l).at and c.entry_id = (l).id), '[]'))
  $$;

  -- What entries of a log are committed to, for those whose key is still there. An id carries the time of its row: one
  -- look-up a row, in the month where it lies.
  create function app.open_audit(p_tenant uuid, p_entries uuid[]) returns table (entry_id uuid, commitment text, nonce text, value text)
    language sql stable set search_path = '' as $$
    select s.entry_id, encode(s.commitment, 'hex'), encode(substr(o.clear, 1, 32), 'base64'), convert_from(substr(o.clear, 33), 'UTF8')
      from unnest(p_entries) e (id)
      cross join lateral (
        select l.* from app.audit_log l where l.tenant_id = p_tenant and l.id = e.id
           and l.at between uuid_extract_timestamp(e.id) - interval '1 minute' and uuid_extract_timestamp(e.id) + interval '1 minute' offset 0) l
      cross join lateral (
        select l.id as entry_id, l.commitment, l.personal_key, l.personal
        union all
        select c.entry_id, c.commitment, c.personal_key, c.personal
          from app.audit_changes c where c.tenant_id = l.tenant_id and c.at = l.at and c.entry_id = l.id offset 0) s
      cross join lateral (
        select v.key from auth.vault_keys v where v.tenant_id = p_tenant and v.key_id = s.personal_key and s.personal is not null offset 0) v
      cross join lateral (select app.open_personal(v.key, s.personal) as clear) o
  $$;

  -- Of the caller's own log.
  create function app.audit_openings(p_entries uuid[]) returns table (entry_id uuid, commitment text, nonce text, value text)
    language sql stable ${DEFINER.replace('language plpgsql ', '')} as $$
    select o.* from (select app.tenant_id() as id where app.may('audit:read')) t cross join lateral app.open_audit(t.id, p_entries) o
  $$;`;

const FUNCTIONS = [
  'app.audit_document(app.audit_log)',
  'app.audit_openings(uuid[])',
  'app.open_audit(uuid, uuid[])',
  'app.audit_change()',
  'app.audit_value(jsonb)',
  'app.erase_audit_subject(uuid, uuid)',
  'app.record_platform_audit(text, uuid, jsonb, jsonb)',
  'auth.invitation_id(bytea)',
  'auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb)',
  'app.record_audit(text, text, uuid, jsonb, jsonb)',
  'app.write_audit(uuid, text, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb, uuid)',
  'app.audit_details_allowed(jsonb)',
];

const GRANTS = `
  revoke all on function ${FUNCTIONS.join(', ')} from public;
  grant execute on function app.audit_document(app.audit_log), app.audit_openings(uuid[]),
    app.record_audit(text, text, uuid, jsonb, jsonb) to ringfence_app;
  grant execute on function auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb),
    auth.invitation_id(bytea) to ringfence_auth;
  grant execute on function app.record_platform_audit(text, uuid, jsonb, jsonb), app.erase_audit_subject(uuid, uuid) to ringfence_service;
  grant execute on function app.audit_change() to ringfence_owner;`;

const AUDIT_TABLE = `
  -- In the migration of each table whose rows shall leave before and after. p_collects 'permissions:permission': a row is one
  -- element of a list of what p_id names. p_masked: secrets, of which only the change shows. p_personal: sealed under the key of
  -- whom p_subject names. p_ignored: columns that follow from others. Call it again after adding a column.
  create procedure app.audit_table(p_table regclass, p_type text, p_id name default 'id', p_tenant name default 'tenant_id',
      p_collects text default '', p_masked name[] default '{}', p_personal name[] default '{}', p_subject name default '',
      p_ignored name[] default '{}') language plpgsql set search_path = '' as $$
  declare
    cols name[];
    args text;
    op text;
    differs text;
  begin
    select array_agg(a.attname order by a.attnum),
           format('(%s) is distinct from (%s)', string_agg(format('old.%I', a.attname), ', '), string_agg(format('new.%I', a.attname), ', '))
      into cols, differs from pg_catalog.pg_attribute a
     where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attname <> all (p_ignored)
       and a.attname not in (p_tenant, p_id, 'tenant_id', 'version', 'created_at', 'updated_at');
    -- named as in the API: owner_id is ownerId; what is collected, as it is told
    args := format('%L, %L, %L, %L, %L, %L, %L, %L, %L', p_type, p_tenant, p_id, p_collects, p_masked, p_personal, p_subject, cols,
      array(select case when c = split_part(p_collects, ':', 2) then split_part(p_collects, ':', 1)
                   else lower(left(c, 1)) || substr(replace(initcap(replace(c, '_', ' ')), ' ', ''), 2) end from unnest(cols) c));
    call app.forget_audit(p_table);
    foreach op in array array['insert', 'update', 'delete'] loop
      execute format('create constraint trigger %I after %s on %s deferrable initially deferred for each row %s execute function app.audit_change(%s)',
        'audit_' || op, op, p_table, case op when 'update' then format('when (%s)', differs) else '' end, args);
      execute format('alter table %s enable always trigger %I', p_table, 'audit_' || op);
    end loop;
    execute format('create trigger audit_truncate before truncate on %s for each statement execute function app.refuse_change()', p_table);
    execute format('alter table %s enable always trigger audit_truncate', p_table);
  end $$;

  create procedure app.forget_audit(p_table regclass) language plpgsql set search_path = '' as $$
  begin
    execute format('drop trigger if exists audit_insert on %s', p_table);
    execute format('drop trigger if exists audit_update on %s', p_table);
    execute format('drop trigger if exists audit_delete on %s', p_table);
    execute format('drop trigger if exists audit_truncate on %s', p_table);
  end $$;
  revoke all on procedure app.audit_table(regclass, text, name, name, text, name[], name[], name, name[]), app.forget_audit(regclass) from public;`;
