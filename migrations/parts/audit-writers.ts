const DEFINER = `language plpgsql security definer set search_path = ''`;
const NIL = `'00000000-0000-0000-0000-000000000000'`;

/** Of migration 0024: what writes entries, and erases whom they speak of. */
export const WRITERS = `
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
       and v.tenant_id = p_tenant and v.subject_id = l.target_id
       and not exists (select from auth.users u where u.id = l.target_id);   -- an entry may name anybody: SQL can record it
    perform app.vault_key(p_tenant, p_subject);
    perform app.write_audit(p_tenant, case when operator is null then 'command_line' else 'operator' end, operator, null,
      'audit.subject_erased', 'user', p_subject, 'success', null, 1, '{}', null);
    return true;
  end $$;`;

/** Of migration 0024: what reads an entry as it is proved, and opens what it is committed to. */
export const READERS = `
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
