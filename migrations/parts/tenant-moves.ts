const DEFINER = `language plpgsql security definer set search_path = ''`;

/** Of migration 0030: whether a transaction moves a whole tenant in or out, and what it may do then. */
export const MOVES = `
  -- Of this transaction, and of none before it: p_op is INSERT for a tenant that comes, DELETE for one that goes.
  create function app.moves_now(p_tenant uuid, p_op text) returns boolean language sql stable set search_path = '' as $$
    select current_setting('app.tenant_move', true) = p_tenant::text and exists (
      select from auth.tenant_moves m where m.tenant_id = p_tenant and m.op = p_op and m.xact_id = pg_current_xact_id() and m.at = now())
  $$;

  create function app.begin_tenant_move(p_tenant uuid, p_op text) returns void language plpgsql set search_path = '' as $$
  begin
    delete from auth.tenant_moves m where m.tenant_id = p_tenant;
    insert into auth.tenant_moves (tenant_id, op) values (p_tenant, p_op);
    perform set_config('app.tenant_move', p_tenant::text, true);
  end $$;

  -- Behind all that was put off until COMMIT: what follows in the transaction leaves its trace again.
  create function app.finish_tenant_move(p_tenant uuid, p_op text) returns void language plpgsql set search_path = '' as $$
  begin
    if not app.moves_now(p_tenant, p_op) then
      raise exception 'this transaction moves no such tenant' using errcode = 'P0002';
    end if;
    set constraints all immediate;
    delete from auth.tenant_moves m where m.tenant_id = p_tenant;
    perform set_config('app.tenant_move', '', true);
  end $$;

  -- What goes without a trace of each row goes whole.
  create function app.move_is_whole() returns trigger ${DEFINER} as $$
  begin
    if new.op = 'DELETE' and exists (select from app.tenants t where t.id = new.tenant_id) then
      raise exception 'of a tenant that is erased nothing stays' using errcode = 'RF035';
    end if;
    return null;
  end $$;`;

export const IMPORT = `
  -- Where neither the tenant nor a log of it is: what comes is all there is.
  create function app.begin_tenant_import(p_tenant uuid, p_slug text) returns void ${DEFINER} as $$
  begin
    perform auth.acting_operator();
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenant-move:' || p_tenant, 0));
    if exists (select from app.tenants t where t.id = p_tenant or t.slug = p_slug) then
      raise exception 'there is such a tenant' using errcode = 'RF036', detail = 'tenant';
    elsif exists (select from app.audit_leaves f where f.tenant_id = p_tenant)
        or exists (select from app.audit_log l where l.tenant_id = p_tenant)
        or exists (select from auth.vault_keys v where v.tenant_id = p_tenant) then
      raise exception 'there is a log of such a tenant' using errcode = 'RF036', detail = 'log';
    end if;
    perform app.begin_tenant_move(p_tenant, 'INSERT');
  end $$;

  -- Rows of the log and of its keys, each an object of texts. Leaves come before entries: an entry with a leaf keeps the
  -- transaction that wrote it, another one is numbered here, so it counts as written by this transaction, in its order.
  create function app.import_audit(p_tenant uuid, p_table text, p_rows json) returns void
    language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
  declare
    t constant regclass := case when p_table in ('app.audit_leaves', 'app.audit_nodes', 'app.audit_checkpoints', 'app.audit_log',
      'app.audit_changes', 'auth.vault_keys') then p_table::regclass end;
    month timestamp;
    parent text;
    cols text;
    vals text;
    numbered bigint := 0;
  begin
    if t is null or not app.moves_now(p_tenant, 'INSERT') then
      raise exception 'this transaction moves no such tenant' using errcode = 'P0002';
    end if;
    if p_table in ('app.audit_log', 'app.audit_changes') then
      for month in select distinct date_trunc('month', (r ->> 'at')::timestamptz at time zone 'UTC') from json_array_elements(p_rows) r loop
        foreach parent in array array['log', 'changes'] loop
          continue when to_regclass('audit.' || quote_ident(parent || to_char(month, '_YYYY_MM'))) is not null;
          perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('audit-partitions', 0));
          if to_regclass('audit.' || quote_ident(parent || to_char(month, '_YYYY_MM'))) is null then
            perform audit.make_partition('audit_' || parent, parent || to_char(month, '_YYYY_MM'), month at time zone 'UTC');
          end if;
        end loop;
      end loop;
    end if;
    if p_table = 'app.audit_log' then
      select count(*) into numbered from app.audit_log l where l.xact_id = pg_current_xact_id() and l.tenant_id = p_tenant and l.n < 0;
    end if;
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum),
           string_agg(case
             when a.attname = 'tenant_id' then '$2'
             when p_table = 'app.audit_log' and a.attname = 'xact_id' then 'case when s.sealed then (x.r ->> ''xact_id'')::xid8 else pg_current_xact_id() end'
             when p_table = 'app.audit_log' and a.attname = 'n' then
               '(case when s.sealed then (x.r ->> ''n'')::bigint else -32769 + $3 + row_number() over (partition by s.sealed order by x.place) end)::smallint'
             else format('(x.r ->> %L)::%s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) end, ', ' order by a.attnum)
      into cols, vals from pg_catalog.pg_attribute a where a.attrelid = t and a.attnum > 0 and not a.attisdropped;
    execute format('insert into %s (%s) select %s from json_array_elements($1) with ordinality x (r, place)%s', t, cols, vals,
      case when p_table = 'app.audit_log' then ' cross join lateral (select exists (select from app.audit_leaves f
        where f.tenant_id = $2 and f.entry_id = (x.r ->> ''id'')::uuid offset 0) as sealed) s' else '' end)
      using p_rows, p_tenant, numbered;
  end $$;

  -- Checkpoints name an epoch that never goes back: the next ones here are of a later one than those that came.
  create function app.finish_tenant_import(p_tenant uuid) returns void ${DEFINER} as $$
  begin
    perform app.finish_tenant_move(p_tenant, 'INSERT');
    update auth.audit_state s set epoch = x.next
      from (select 1 + max(c.epoch) as next from app.audit_checkpoints c where c.tenant_id = p_tenant) x where s.epoch < x.next;
  end $$;

  -- What a log's names and addresses are read with: for whoever takes the log along.
  create function app.vault_keys_of(p_tenant uuid) returns setof auth.vault_keys ${DEFINER} as $$
  begin
    perform auth.acting_operator();
    return query select v.* from auth.vault_keys v where v.tenant_id = p_tenant order by v.subject_id;
  end $$;

  -- From when on the rows of one log are there: retention has removed what is older, and said so in the log.
  create function app.audit_kept_from(p_tenant uuid) returns timestamptz language sql stable set search_path = '' as $$
    select max((l.details ->> 'to')::timestamptz) from app.audit_log l
     where l.tenant_id = p_tenant and l.action = 'audit.retention_applied' and l.outcome = 'success'
       and l.actor_type in ('operator', 'command_line')
  $$;`;

export const ERASE = `
  create function app.begin_tenant_erasure(p_tenant uuid) returns void ${DEFINER} as $$
  declare
    state text;
  begin
    perform auth.acting_operator();
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenant-move:' || p_tenant, 0));
    select t.status into state from app.tenants t where t.id = p_tenant;
    if state is null then
      raise exception 'no such tenant' using errcode = 'P0002';
    elsif state <> 'suspended' then
      raise exception 'the tenant is not suspended' using errcode = 'RF035';
    end if;
    perform app.begin_tenant_move(p_tenant, 'DELETE');
  end $$;

  -- What no login role may delete: the keys to what the log holds of people, and what the queue holds.
  create function app.erase_tenant_secrets(p_tenant uuid, p_people uuid[]) returns table (what text, row_count bigint) ${DEFINER} as $$
  begin
    if not app.moves_now(p_tenant, 'DELETE') then
      raise exception 'this transaction moves no such tenant' using errcode = 'P0002';
    end if;
    delete from auth.vault_keys v where v.tenant_id = p_tenant;
    get diagnostics row_count = row_count;
    what := 'auth.vault_keys';
    return next;
    delete from auth.vault_keys v where v.tenant_id = '00000000-0000-0000-0000-000000000000' and v.subject_id = any (p_people)
      and not exists (select from auth.users u where u.id = v.subject_id);
    delete from auth.mail_outbox o using pgboss.job j where j.name = 'mail' and j.group_id = p_tenant::text and o.id = j.id;
    delete from pgboss.job j where j.group_id = p_tenant::text or j.data ->> 'tenantId' = p_tenant::text;
    get diagnostics row_count = row_count;
    what := 'pgboss.job';
    return next;
  end $$;

  create function app.finish_tenant_erasure(p_tenant uuid) returns void ${DEFINER} as $$
  begin
    perform app.erase_tenant_secrets(p_tenant, '{}');   -- an operator's address may have been sealed meanwhile
    perform app.finish_tenant_move(p_tenant, 'DELETE');
  end $$;`;

export const SERVICE_NAMES = [
  'app.begin_tenant_import(uuid, text)',
  'app.import_audit(uuid, text, json)',
  'app.finish_tenant_import(uuid)',
  'app.vault_keys_of(uuid)',
  'app.begin_tenant_erasure(uuid)',
  'app.erase_tenant_secrets(uuid, uuid[])',
  'app.finish_tenant_erasure(uuid)',
];
export const INNER_NAMES = [
  'app.finish_tenant_move(uuid, text)',
  'app.begin_tenant_move(uuid, text)',
  'app.moves_now(uuid, text)',
  'app.audit_kept_from(uuid)',
];
