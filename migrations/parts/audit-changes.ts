const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0024: the trigger that writes down a row that changed. */
export const CHANGES = `
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

/** Of migration 0024: the call that puts a table under audit. */
export const AUDIT_TABLE = `
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
