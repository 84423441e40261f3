import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';

/**
 * Why: what is kept for ever is a liability, and an append-only log offers no DELETE. So what is too old goes by the month,
 * as whole tables, for the installation as a whole: once a month is over and each of its rows has its number. Leaves, nodes
 * and checkpoints stay, so every row that is kept can still be proved, and how many there were. What went, and when, stands
 * in each log that lost rows.
 *
 * For one tenant there are no months to drop: what can go is what its log holds of people, all keys of the log at once.
 *
 * Exports by whoever runs the installation read as the service role, which no fence binds and which has no context: it names
 * the log, and asks for openings in its own way.
 */
export class DropOldAudit1764000000026 implements MigrationInterface {
  name = 'DropOldAudit1764000000026';

  async up(q: QueryRunner): Promise<void> {
    await q.query(asDerive('app', MONTHS));
    await q.query(asDerive('app', RETENTION));
    await q.query(asDerive('app', ERASURE));
    await q.query(asDerive('app', EXPORT));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      revoke execute on function app.audit_document(app.audit_log) from ringfence_service;
      drop function app.audit_openings_of(uuid, uuid[]), app.erase_audit_subjects(uuid), app.apply_audit_retention(timestamptz, boolean), app.audit_kept_from(),
        app.audit_months();
      reset role;
    `);
  }
}

const MONTHS = `
  -- The months whose rows are there, by the bounds of their tables; what audit.make_partition made, and nothing by name alone.
  create function app.audit_months() returns table (log_table regclass, changes_table regclass, begins timestamptz, ends timestamptz)
    language sql stable set search_path = '' as $$
    with part as (
      select i.inhparent::regclass::text as parent, c.oid::regclass as part,
             regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid), $r$FROM \\('([^']+)'\\) TO \\('([^']+)'\\)$r$) as bound
        from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
       where i.inhparent in ('app.audit_log'::regclass, 'app.audit_changes'::regclass)
    )
    select l.part, c.part, l.bound[1]::timestamptz, l.bound[2]::timestamptz
      from part l join part c on c.bound = l.bound and c.parent = 'app.audit_changes'
     where l.parent = 'app.audit_log' order by 3
  $$;

  -- From when on rows are there: what is older, retention has removed.
  create function app.audit_kept_from() returns timestamptz language sql stable set search_path = '' as $$
    select min(m.begins) from app.audit_months() m
  $$;
  revoke all on function app.audit_months(), app.audit_kept_from() from public;
  grant execute on function app.audit_months(), app.audit_kept_from() to ringfence_app, ringfence_service;`;

const RETENTION = `
  -- Drops the months that end by p_before, whole; p_apply false only counts. Writers are held up for the moment of the drop.
  create function app.apply_audit_retention(p_before timestamptz, p_apply boolean)
    returns table (begins timestamptz, ends timestamptz, logs bigint, row_count bigint)
    language plpgsql security definer set search_path = '' set timezone = 'UTC' set lock_timeout = '5s' as $$
  declare
    operator constant uuid := auth.acting_operator();
    month record;
    lost jsonb;
    log record;
  begin
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('audit-partitions', 0));
    for month in select * from app.audit_months() m where m.ends <= least(p_before, date_trunc('month', now())) loop
      if p_apply then
        execute format('lock table %s, %s in share mode', month.log_table, month.changes_table);   -- nobody writes there any more
      end if;
      if exists (select from app.audit_log l where l.at >= month.begins and l.at < month.ends
                    and not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id)) then
        raise exception 'a row of % has no number yet', to_char(month.begins, 'YYYY-MM') using errcode = 'RF028';
      end if;
      select coalesce(jsonb_object_agg(x.tenant_id, x.n), '{}') into lost from (
        select l.tenant_id, count(*) as n from app.audit_log l where l.at >= month.begins and l.at < month.ends group by 1) x;
      begins := month.begins;
      ends := month.ends;
      select count(*), coalesce(sum(x.value::bigint), 0) into logs, row_count from jsonb_each_text(lost) x;
      return next;
      continue when not p_apply;
      execute format('drop table %s, %s', month.log_table, month.changes_table);
      for log in
        select x.key::uuid as id, x.value::bigint as n, null::bigint as altogether
          from jsonb_each_text(lost) x where x.key <> '00000000-0000-0000-0000-000000000000'
        union all select '00000000-0000-0000-0000-000000000000',
          coalesce((lost ->> '00000000-0000-0000-0000-000000000000')::bigint, 0), apply_audit_retention.row_count
      loop
        perform app.write_audit(log.id, case when operator is null then 'command_line' else 'operator' end, operator, null,
          'audit.retention_applied', 'audit', null, 'success', null, 1, '{}', jsonb_build_object(
            'from', to_char(month.begins, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'to', to_char(month.ends, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'rows', log.n)
            || case when log.altogether is null then '{}' else jsonb_build_object('rowsOfAllLogs', log.altogether) end);
      end loop;
    end loop;
  end $$;
  revoke all on function app.apply_audit_retention(timestamptz, boolean) from public;
  grant execute on function app.apply_audit_retention(timestamptz, boolean) to ringfence_service;`;

const ERASURE = `
  -- As app.erase_audit_subject, for everybody of whom a log holds something. @returns how many that were
  create function app.erase_audit_subjects(p_tenant uuid) returns bigint
    language plpgsql security definer set search_path = '' as $$
  declare
    operator constant uuid := auth.acting_operator();
    erased uuid[];
    subject uuid;
  begin
    with gone as (delete from auth.vault_keys v where v.tenant_id = p_tenant returning v.subject_id)
      select array_agg(g.subject_id) into erased from gone g;
    if erased is null then
      return 0;
    end if;
    foreach subject in array erased loop
      perform app.vault_key(p_tenant, subject);
    end loop;
    perform app.write_audit(p_tenant, case when operator is null then 'command_line' else 'operator' end, operator, null,
      'audit.subjects_erased', 'audit', null, 'success', null, 1, '{}', jsonb_build_object('subjects', cardinality(erased)));
    return cardinality(erased);
  end $$;
  revoke all on function app.erase_audit_subjects(uuid) from public;
  grant execute on function app.erase_audit_subjects(uuid) to ringfence_service;`;

const EXPORT = `
  -- As app.audit_openings, for the log that is named.
  create function app.audit_openings_of(p_tenant uuid, p_entries uuid[]) returns table (entry_id uuid, commitment text, nonce text, value text)
    language plpgsql stable security definer set search_path = '' as $$
  begin
    perform auth.acting_operator();
    return query select o.entry_id, o.commitment, o.nonce, o.value from app.open_audit(p_tenant, p_entries) o;
  end $$;
  revoke all on function app.audit_openings_of(uuid, uuid[]) from public;
  grant execute on function app.audit_openings_of(uuid, uuid[]) to ringfence_service;
  grant execute on function app.audit_document(app.audit_log) to ringfence_service;`;
