import { randomUUID } from 'node:crypto';
import { alike, type Attack, closed, type Group, NEVER, own, refused } from './attack.js';

/** Asking by what comes back of a statement that names something of B: error, count, plan, time of waiting. */
export const ORACLES: Record<string, Group> = {
  keys: ({ a, b, theirs }) => {
    const owner = (of: string) =>
      `insert into app.deals (owner_id, title, amount, currency) values ('${of}', 'x', 1, 'EUR')`;
    const mine = `insert into app.deals (tenant_id, id, title, amount, currency, visibility)`;
    return [
      alike(owner, b.users.owner.id, NEVER),
      alike((id) => `insert into app.deals (owner_role_id, title, amount, currency) values ('${id}', 'x', 1, 'EUR')`, b.roles.owner, NEVER),
      alike((id) => `insert into app.deals (tenant_id, title, amount, currency) values ('${id}', 'x', 1, 'EUR')`, b.id, NEVER),
      alike((id) => `insert into app.deals (tenant_id, id, title, amount, currency) values ('${b.id}', '${id}', 'x', 1, 'EUR')`, b.deals['owner-public']!, NEVER),
      // the same id in one's own tenant is free
      alike((id) => `${mine} values ('${a.id}', '${id}', 'x', 1, 'EUR', 'public')`, b.deals['owner-public']!, NEVER),
      alike((id) => `${mine} values ('${a.id}', '${id}', 'x', 1, 'EUR', 'public') on conflict do nothing returning id`, b.deals['owner-public']!, NEVER),
      alike((id) => `${mine} values ('${a.id}', '${id}', 'x', 1, 'EUR', 'public') on conflict (tenant_id, id) do update set title = 'hit' returning title, old.title`, b.deals['owner-public']!, NEVER),
      alike((id) => `merge into app.deals t using (values ('${id}'::uuid)) s (id) on t.id = s.id when matched then do nothing when not matched then insert (id, title, amount, currency, visibility) values (s.id, 'x', 1, 'EUR', 'public') returning merge_action()`, b.deals['owner-public']!, NEVER),
      alike((id) => ['set constraints all immediate', owner(id)], b.users.owner.id, NEVER),
      alike((id) => ['set constraints all deferred', owner(id), 'commit'], b.users.owner.id, NEVER),
      alike((id) => ['savepoint s', `delete from app.deals where owner_id = '${id}'`, 'release s', 'select 1'], b.users.owner.id, NEVER),
      alike((slug) => `select app.create_role('${slug}', 'X', '{}', array['${a.roles.admin}']::uuid[]) is null`, 'only-in-beta', 'a-slug-of-nobody'),
      ...Object.values(theirs).flatMap((row) => (row['id'] ? [row['id']] : [])).map((id) =>
        alike((one) => `select '${one}'::uuid in (select id from app.deals), (select count(*) from app.files where id = '${one}'), (select count(*) from app.api_keys where id = '${one}')`, id, NEVER)),
    ]; // prettier-ignore
  },

  'words of errors': ({ b }) => {
    const told = (sql: (id: string) => string): Attack => alike(sql, b.deals['owner-public']!, NEVER);
    return [
      told((id) => `select title::int from app.deals where id = '${id}'`),
      told((id) => `select (select title from app.deals where id = '${id}')::int / 0`),
      told((id) => `select 1 / (select count(*) from app.deals where id = '${id}')`),
      told((id) => `select (select title from app.deals where id = '${id}')::uuid`),
      told((id) => `select 1 / (select coalesce(max(length(title)), 0) from app.deals where id = '${id}')`),
      told((id) => `select ('{' || (select title from app.deals where id = '${id}'))::text[]`),
      told((id) => `update app.deals set stage = (select title from app.deals where id = '${id}')`),
      told((id) => `update app.deals set currency = coalesce((select title from app.deals where id = '${id}'), 'EUR')`),
      told((id) => `update app.deals set amount = -(select amount from app.deals where id = '${id}')`),
      told((id) => `select id from app.deals where id = '${id}' group by rollup (id)`),
      told((id) => `select (select id from app.deals where id = '${id}' or title like '%')`),
      told((id) => `select jsonb_path_query((select to_jsonb(d) from app.deals d where id = '${id}'), 'strict $.none')`),
      told((id) => `select app.refusal_of('deal', 'update', '${id}')`),
      told((id) => `select app.explain('read', 'deal', '${id}', null)`),
      told((id) => `select app.viewers('deal', '${id}', null, 10)`),
      told((id) => `select format_type('uuid'::regtype, -1), '${id}'::uuid::text::regclass`),
      refused(`insert into app.deals (title, amount, currency, stage, visibility) values ('x', 1, 'EUR', 'never', 'public')`, '23514'),
      closed(`select has_table_privilege('auth.users', 'select')`),
      alike((slug) => `select count(*) from app.tenants where slug = '${slug}'`, b.slug, 'nobodys'),
      alike((email) => `select count(*) from app.profiles where email = '${email}'`, b.users.owner.email, 'owner@nobody.example'),
      alike((id) => `select app.end_sessions_of('${id}')`, b.users.member.id, NEVER),
    ]; // prettier-ignore
  },

  plans: ({ b }) => {
    const explained = (where: (value: string) => string) => (value: string) =>
      `explain (format json) select 1 from app.deals where ${where(value)}`;
    return [
      alike(explained((title) => `title = '${title}'`), 'beta owner public', 'nobody owner public'),
      alike(explained((title) => `title between '${title}' and '${title}z'`), 'beta', 'nobo'),
      alike(explained((title) => `title like '${title}%'`), 'beta', 'nobo'),
      alike(explained((id) => `exists (select from app.profiles p where p.email = '${id}')`), b.users.owner.email, 'owner@nobody.example'),
      alike((slug) => `explain (format json) select from app.tenants where slug = '${slug}'`, b.slug, 'nobodys'),
      alike((id) => `explain (analyze, timing off, summary off, costs off, format json) select from app.deals where id = '${id}'`, b.deals['owner-public']!, NEVER),
      alike((id) => `explain (analyze, timing off, summary off, costs off, buffers off) select from app.files where tenant_id = '${id}'`, b.id, NEVER),
      alike((id) => `explain (analyze, timing off, summary off, costs off, buffers off) delete from app.deals where tenant_id = '${id}'`, b.id, NEVER),
    ]; // prettier-ignore
  },

  'what the server says of itself': ({ b }) => [
    ...[
      'pg_stats', 'pg_statistic', 'pg_statistic_ext_data', 'pg_stats_ext', 'pg_stat_activity', 'pg_stat_user_tables', 'pg_stat_xact_user_tables',
      'pg_statio_user_tables', 'pg_stat_user_indexes', 'pg_stat_database', 'pg_stat_user_functions', 'pg_stat_statements', 'pg_stat_progress_copy',
      'pg_stat_ssl', 'pg_stat_replication', 'pg_stat_io', 'pg_stat_wal', 'pg_stat_slru', 'pg_locks', 'pg_cursors', 'pg_prepared_statements',
      'pg_prepared_xacts', 'pg_settings', 'pg_roles', 'pg_user', 'pg_db_role_setting', 'pg_policies', 'pg_largeobject_metadata',
      'pg_replication_slots', 'pg_backend_memory_contexts', 'pg_shmem_allocations', 'pg_ident_file_mappings', 'pg_config',
    ].map((view) => refused(`select * from ${view}`, '42501', '42P01')),
    ...[
      'pg_stat_get_activity(null)', 'pg_stat_get_backend_activity(1)', 'pg_stat_get_live_tuples($$app.deals$$::regclass)',
      'pg_stat_get_tuples_inserted($$app.deals$$::regclass)', 'pg_stat_get_xact_tuples_updated($$app.deals$$::regclass)', 'pg_lock_status()', 'pg_blocking_pids(1)', 'pg_prepared_xact()', 'pg_cursor()',
      'pg_relation_size($$app.deals$$)', 'pg_total_relation_size($$app.deals$$)', 'pg_table_size($$app.deals$$)', 'pg_indexes_size($$app.deals$$)', 'pg_database_size(current_database())',
      'pg_tablespace_size($$pg_default$$)', 'currtid2($$app.deals$$, $$(0,1)$$)', 'pg_listening_channels()', 'pg_notification_queue_usage()', `pg_notify('x', 'y')`,
      'pg_sleep(0)', 'pg_sleep_for($$0$$)', 'pg_sleep_until(now())', 'pg_cancel_backend(1)', 'pg_terminate_backend(1)', 'pg_advisory_lock(1)', 'pg_try_advisory_lock(1)',
      'pg_advisory_xact_lock(1)', 'pg_try_advisory_xact_lock_shared(1)', 'pg_advisory_unlock_all()', `nextval('meta.migrations_id_seq')`,
      `setval('meta.migrations_id_seq', 1)`, `currval('meta.migrations_id_seq')`, 'pg_current_logfile()', 'pg_get_backend_memory_contexts()', 'pg_ls_tmpdir()',
      'pg_available_wal_summaries()', 'pg_wal_summary_contents(1, $$0/1$$, $$0/2$$)', 'pg_get_wal_summarizer_state()', 'pg_get_multixact_members($$1$$)', 'pg_isolation_test_session_is_blocked(1, $${1}$$)',
      'pg_logical_slot_peek_changes($$x$$, null, null)', 'pg_show_replication_origin_status()',
    ].map((call) => (call.includes('advisory_xact') ? closed : refused)(`select * from ${call}`, '42501', '42883')),
    // NULL to whoever may not read the sequence
    own(`select where pg_sequence_last_value('meta.migrations_id_seq') is not null`),
    own(`select * from pg_get_sequence_data('meta.migrations_id_seq')`),
    refused('select * from meta.migrations_id_seq'),
    own(`notify x, 'y'`),
    own(`select * from pg_show_all_settings()`),
    own(`select pg_describe_object('pg_class'::regclass, c.oid, 0), obj_description(c.oid), shobj_description(c.oid, 'pg_database') from pg_class c`),
    own(`select relname, relacl, reloptions, pg_get_expr(relpartbound, oid) from pg_class`),
    own(`select pg_get_functiondef(oid) from pg_proc where pronamespace = 'app'::regnamespace and prokind <> 'a'`),
    own(`select pg_get_constraintdef(oid), pg_get_expr(conbin, conrelid) from pg_constraint`),
    own(`select pg_get_triggerdef(oid) from pg_trigger`),
    own(`select pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy`),
    own(`select d::text from pg_default_acl d union all select d::text from pg_shdepend d union all select d::text from pg_init_privs d`),
    own(`select datname, datacl from pg_database`),
    own(`select * from pg_seclabels`),
    own(`select current_query(), version(), inet_server_addr(), pg_postmaster_start_time()`),
    own(`select query_id from (select current_setting('compute_query_id') as query_id) x where '${b.id}' <> ''`),
    own('listen "app"'),
    own(`select uuid_extract_timestamp('${randomUUID()}')`),
  ], // prettier-ignore
};
