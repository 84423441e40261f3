import type { Check } from '../check.js';
import { REQUESTS, grantee } from '../catalogue.js';

// What src/database/bootstrap/lockdown.sql closes. test/doctor/lockdown.spec.ts compares them.
const FUNCTIONS = `(p.proname ~ '^(?:lo_|pg_stat_get|pg_stat_reset|pg_stat_clear|pg_stat_have|pg_sleep|pg_log_|pg_advisory_|pg_try_advisory_|pg_cancel_|pg_terminate_|pg_current_wal|pg_control_|pg_xact_commit_timestamp)'
  or p.proname like '%\\_wal\\_summar%'
  or p.proname like '%\\_to\\_xml%'
  or p.proname in ('loread', 'lowrite', 'pg_notify', 'pg_export_snapshot', 'pg_lock_status', 'pg_blocking_pids',
       'pg_safe_snapshot_blocking_pids', 'pg_prepared_xact', 'pg_prepared_statement', 'pg_cursor', 'pg_relation_size',
       'pg_total_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_database_size', 'pg_tablespace_size',
       'pg_show_all_file_settings', 'pg_hba_file_rules', 'pg_current_logfile', 'pg_get_replication_slots', 'currtid2',
       'pg_logical_emit_message', 'pg_listening_channels', 'pg_notification_queue_usage', 'pg_get_multixact_members',
       'pg_last_committed_xact', 'pg_isolation_test_session_is_blocked'))`;
const RELATIONS = `(c.relname like 'pg\\_stat%'
  or c.relname in ('pg_locks', 'pg_prepared_xacts', 'pg_cursors', 'pg_prepared_statements', 'pg_largeobject_metadata',
       'pg_replication_slots', 'pg_settings', 'pg_file_settings', 'pg_roles', 'pg_user', 'pg_group', 'pg_shadow',
       'pg_db_role_setting', 'pg_backend_memory_contexts', 'pg_shmem_allocations', 'pg_policies'))`;

export const lockdownLifted: Check = {
  id: 'lockdown-lifted',
  title: 'What knows no tenants is open',
  severity: 'BLOCK',
  why: "Large objects, notifications, advisory locks, files, others' statements and sizes, and languages to write code in know no tenants: injected SQL watches, stalls or reaches them.",
  mend: 'Run `npm run ringfence -- db bootstrap` again, which closes them, also after an upgrade of PostgreSQL; REVOKE what was granted by name.',
  asks: 'app',
  sql: `
    with recursive ${REQUESTS},
    born_closed(class, oid) as (   -- by PostgreSQL itself, when the server was made
      select i.classoid, i.objoid from pg_catalog.pg_init_privs i
       where i.objsubid = 0 and not exists (select from pg_catalog.aclexplode(i.initprivs) x where x.grantee = 0))
    select 'pg_catalog.' || p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' as object,
        ${grantee('g.grantee')} || ' may execute it' as detail
      from pg_catalog.pg_proc p, pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) g
     where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.prokind = 'f'
       and (${FUNCTIONS} or p.oid in (select b.oid from born_closed b where b.class = 'pg_catalog.pg_proc'::pg_catalog.regclass))
       and g.grantee in (select oid from requests)
       and not (p.proname in ('pg_advisory_xact_lock', 'pg_try_advisory_xact_lock')
                and g.grantee = pg_catalog.to_regrole('ringfence_auth')::oid)
    union all
    select 'pg_catalog.' || c.relname, ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(distinct g.privilege_type, ', ')
      from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) g
     where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind in ('v', 'r') and g.grantee in (select oid from requests)
       and (g.privilege_type <> 'SELECT' or ${RELATIONS} or c.oid in (select b.oid from born_closed b where b.class = 'pg_catalog.pg_class'::pg_catalog.regclass))
     group by c.relname, g.grantee
    union all
    select 'language ' || l.lanname, ${grantee('g.grantee')} || ' may write code in it'
      from pg_catalog.pg_language l, pg_catalog.aclexplode(coalesce(l.lanacl, pg_catalog.acldefault('l', l.lanowner))) g
     where l.lanpltrusted and g.grantee in (select oid from requests)
    union all
    select 'schema public', ${grantee('g.grantee')} || ' may use it'
      from pg_catalog.pg_namespace n, pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) g
     where n.nspname = 'public' and g.grantee in (select oid from requests)`,
};
