import type { MigrationInterface, QueryRunner } from 'typeorm';
import { asDerive } from './parts/as-role.js';
import { DOOR_NAMES, DOORS, WORKER, WORKER_NAMES } from './parts/job-functions.js';
import { QUEUE_GRANTS, QUEUES, queueTables } from './parts/job-queue.js';

/**
 * Why: what is done later is decided now, so a job is a row of the transaction that wants it: rolled back with it, and made
 * by a function that takes the tenant and the person from the context. Who it is for cannot be said by anybody, nor can it
 * be changed: app.jobs is written by functions alone. The queue beside it (pg-boss) decides when a worker gets what, again
 * and again until it is done; it holds ids, and an id that it makes up leads to no row.
 *
 * A worker makes the context of a job itself, from the row: the rights of whoever made it, as they are now, within what the
 * kind of job is for. A run ends with the transaction in which the row becomes succeeded, so that what a job did happens
 * once, however often the queue hands it out; and a run that was given up has no capability any more.
 */
export class CreateJobs1764000000028 implements MigrationInterface {
  name = 'CreateJobs1764000000028';

  async up(q: QueryRunner): Promise<void> {
    await q.query('create schema pgboss');
    await q.query(queueTables());
    await q.query(QUEUE_GRANTS + QUEUES);
    await q.query(TABLE);
    await q.query(asDerive('app, auth', DOORS + WORKER));
    await q.query(
      asDerive(
        'app, auth',
        `revoke all on function app.queue_job(app.jobs), ${[...DOOR_NAMES, ...WORKER_NAMES].join(', ')} from public;
         grant execute on function ${DOOR_NAMES.join(', ')} to ringfence_app;
         grant execute on function ${WORKER_NAMES.join(', ')} to ringfence_auth`,
      ),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      set role ringfence_derive;
      drop function ${[...WORKER_NAMES, ...DOOR_NAMES].join(', ')}, app.queue_job(app.jobs);
      reset role;
      drop table app.jobs;
      revoke select (job_id, scopes), delete,
        insert (hash, job_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, auth_time, scopes, expires_at)
        on auth.capabilities from ringfence_derive;
      revoke update (created_at) on auth.users from ringfence_derive;
      drop schema pgboss cascade;
    `);
  }
}

const TABLE = `
  create table app.jobs (
    tenant_id uuid not null references app.tenants (id),
    id uuid not null default uuidv7(),
    kind text not null constraint jobs_kind_check check (kind ~ '^[a-z_]+(\\.[a-z_]+)+$' and length(kind) <= 100),
    -- null once it is done: what it said is nobody's any more
    payload jsonb constraint jobs_payload_check check (jsonb_typeof(payload) = 'object' and length(payload::text) <= 65536),
    key text constraint jobs_key_check check (length(key) between 1 and 200),
    actor_id uuid not null references auth.users (id),
    -- how sure one was of them when they asked for it
    aal smallint not null,
    auth_time timestamptz not null,
    -- what whoever asked was narrowed to: a job that puts off another one
    scopes text[],
    status text not null default 'queued' constraint jobs_status_check check (status in ('queued', 'running', 'succeeded', 'dead')),
    attempt integer not null default 0,
    attempts_at_most integer not null constraint jobs_attempts_check check (attempts_at_most between 1 and 20),
    timeout_seconds integer not null constraint jobs_timeout_check check (timeout_seconds between 1 and 7200),
    error text,
    -- since when the row in the queue stands for it: a retry by hand makes another
    queued_at timestamptz not null default now(),
    run_after timestamptz not null default now(),
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant_id, id),
    constraint jobs_key_key unique (tenant_id, actor_id, kind, key),
    constraint jobs_run_after_check check (run_after < created_at + interval '100 days')
  );
  create index jobs_by_status on app.jobs (tenant_id, status, id desc);
  create index jobs_by_actor on app.jobs (tenant_id, actor_id, id desc);
  create index jobs_finished on app.jobs (finished_at) where finished_at is not null;
  create index jobs_unfinished on app.jobs (kind, status, run_after) where status <> 'succeeded';
  call app.protect_table('app.jobs', 'job', p_commands => '{select}', p_fence_to => 'ringfence_owner, ringfence_app',
    p_sees => '(select app.may(''job:read'')) or actor_id = (select app.user_id())',
    p_other_indexes => '{jobs_finished,jobs_unfinished}');
  grant select, insert, update, delete on app.jobs to ringfence_derive;
  create policy derive_reads on app.jobs for select to ringfence_derive using (true);
  create policy derive_inserts on app.jobs for insert to ringfence_derive with check (true);
  create policy derive_changes on app.jobs for update to ringfence_derive using (true);
  create policy derive_deletes on app.jobs for delete to ringfence_derive using (true);
  revoke select on app.jobs from ringfence_app;
  grant select (tenant_id, id, kind, actor_id, status, attempt, attempts_at_most, error, run_after, created_at, started_at, finished_at)
    on app.jobs to ringfence_app;
  call app.hide_statistics('app.jobs', '{key}');
  grant select (job_id, scopes), delete on auth.capabilities to ringfence_derive;
  grant update (created_at) on auth.users to ringfence_derive;   -- for the lock that FOR SHARE takes
  grant insert (hash, job_id, user_id, tenant_id, role_id, member_status, tenant_status, min_aal, aal, auth_time, scopes, expires_at)
    on auth.capabilities to ringfence_derive;`;
