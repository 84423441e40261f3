-- Why: whatever PUBLIC holds, injected SQL holds too. A fresh PostgreSQL gives PUBLIC a temp schema, two languages to
-- write code in, large objects (which know no row level security), other backends' statistics and locks, sleeping,
-- notifying and advisory locks: each is a way to reach, watch or stall another tenant. This takes them away in this
-- database and makes what is created later start closed. Run as a superuser once per database; running it again changes
-- nothing.
revoke all on schema public from public;
revoke usage on language plpgsql, sql from public;
grant usage on language plpgsql, sql to ringfence_owner, ringfence_context, ringfence_derive;

-- Default privileges for the roles that create things. The global form is needed: the per-schema form cannot take away.
alter default privileges for role ringfence_owner revoke execute on functions from public;
alter default privileges for role ringfence_context revoke execute on functions from public;
alter default privileges for role ringfence_derive revoke execute on functions from public;
alter default privileges for role ringfence_owner revoke usage on types from public;

do $lockdown$
declare
  r record;
begin
  for r in
    select p.oid::regprocedure as f
      from pg_catalog.pg_proc p
     where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f'
       and (p.proname ~ '^lo_' or p.proname in ('loread', 'lowrite')
         or p.proname ~ '^pg_stat_(get|reset|clear|have)'
         or p.proname ~ '^pg_(cancel|terminate)_backend' or p.proname ~ '^pg_sleep' or p.proname ~ '^pg_log_backend'
         or p.proname ~ '^pg_(try_)?advisory_' or p.proname ~ '^pg_logical_emit' or p.proname ~ '_to_xml'
         or p.proname ~ '^pg_(current_wal|control|xact_commit_timestamp)' or p.proname ~ '_wal_summar'
         or p.proname in ('pg_notify', 'pg_export_snapshot', 'pg_lock_status', 'pg_blocking_pids',
              'pg_safe_snapshot_blocking_pids', 'pg_prepared_xact', 'pg_prepared_statement', 'pg_cursor',
              'pg_relation_size', 'pg_total_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_database_size',
              'pg_tablespace_size', 'pg_show_all_file_settings', 'pg_hba_file_rules', 'pg_current_logfile',
              'pg_get_replication_slots', 'currtid2', 'pg_listening_channels', 'pg_notification_queue_usage',
              'pg_get_multixact_members', 'pg_last_committed_xact', 'pg_isolation_test_session_is_blocked'))
  loop
    execute format('revoke execute on function %s from public', r.f);
  end loop;
  for r in
    select c.oid::regclass as v
      from pg_catalog.pg_class c
     where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('v', 'r')
       and (c.relname ~ '^pg_stat'
         or c.relname in ('pg_locks', 'pg_prepared_xacts', 'pg_cursors', 'pg_prepared_statements',
              'pg_largeobject_metadata', 'pg_replication_slots', 'pg_settings', 'pg_file_settings', 'pg_roles',
              'pg_user', 'pg_group', 'pg_shadow', 'pg_db_role_setting', 'pg_backend_memory_contexts',
              'pg_shmem_allocations', 'pg_policies', 'pg_statistic_ext_data'))
  loop
    execute format('revoke all on %s from public', r.v);
  end loop;
end
$lockdown$;

grant execute on function pg_catalog.pg_advisory_xact_lock(bigint) to ringfence_derive, ringfence_auth, ringfence_service, ringfence_owner;
grant execute on function pg_catalog.pg_try_advisory_xact_lock(bigint) to ringfence_derive, ringfence_auth;
-- Which server the log is sealed on, and on which timeline: a restored copy starts a new epoch.
grant execute on function pg_catalog.pg_control_system(), pg_catalog.pg_control_checkpoint() to ringfence_derive;
grant execute on function pg_catalog.pg_cancel_backend(int), pg_catalog.pg_terminate_backend(int, bigint) to ringfence_service;
-- What the doctor judges beside tables: attributes of roles, and settings that come with a role or a database.
grant select on pg_catalog.pg_roles, pg_catalog.pg_db_role_setting to ringfence_service;

do $schemas$
begin
  if to_regnamespace('app') is null then create schema app authorization ringfence_owner; end if;
  if to_regnamespace('auth') is null then create schema auth authorization ringfence_owner; end if;
  if to_regnamespace('meta') is null then create schema meta authorization ringfence_owner; end if;
end
$schemas$;
grant usage on schema app to ringfence_app, ringfence_auth, ringfence_service, ringfence_context, ringfence_derive;
grant usage on schema auth to ringfence_auth, ringfence_service, ringfence_context, ringfence_derive;

-- meta holds the list of migrations that ran; the application reads it when it boots, to refuse a schema it does not know.
grant usage on schema meta to ringfence_app, ringfence_auth, ringfence_service;
alter default privileges for role ringfence_owner in schema meta grant select on tables to ringfence_app, ringfence_service;
