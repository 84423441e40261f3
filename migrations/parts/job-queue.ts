import { getConstructionPlans } from 'pg-boss';

/** The layout that the installed pg-boss makes and works with. An upgrade that changes it needs a migration (ADR 0019). */
const LAYOUT = "INSERT INTO pgboss.version(version) VALUES ('43');";

/**
 * pg-boss's own tables and functions, without the transaction that its plan brings along.
 * @throws Error when the installed pg-boss makes another layout than this migration was written for
 */
export function queueTables(): string {
  const plan = getConstructionPlans('pgboss', { createSchema: false });
  const inner = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/.exec(plan)?.[1];
  if (!inner?.includes(LAYOUT)) {
    throw new Error('the installed pg-boss makes other tables than migration 0028 was written for: see docs/adr/0019');
  }
  return inner.replace(/^\s*SET LOCAL .*$/gm, '');
}

/** So that the login roles work with the queue and own nothing of it; and who writes into it by way of a function. */
export const QUEUE_GRANTS = `
  revoke all on all functions in schema pgboss from public;
  grant usage on schema pgboss to ringfence_auth, ringfence_derive;
  grant select, insert, update, delete on all tables in schema pgboss to ringfence_auth;
  grant execute on all functions in schema pgboss to ringfence_auth;
  grant usage on type pgboss.job_state to ringfence_auth;
  grant select on pgboss.queue to ringfence_derive;
  grant insert on pgboss.job to ringfence_derive;`;

/**
 * tenant: what people of a tenant had done later. Its dead letters are told to the row that they stand for. platform: tasks of
 * the installation, one of a key at a time. A worker that is killed misses its heartbeat, so its work is another's within two minutes.
 * The times to live are how long what is over is kept in the queue: what people see is app.jobs.
 */
export const QUEUES = `
  select pgboss.create_queue('tenant-dead', '{"policy": "standard", "retryLimit": 20, "retryDelay": 30, "retentionSeconds": 1209600, "deleteAfterSeconds": 3600}');
  select pgboss.create_queue('tenant', '{"policy": "standard", "retryLimit": 4, "retryDelay": 5, "retryBackoff": true, "retryDelayMax": 3600,
    "expireInSeconds": 300, "heartbeatSeconds": 60, "retentionSeconds": 1209600, "deleteAfterSeconds": 3600, "deadLetter": "tenant-dead"}');
  select pgboss.create_queue('platform', '{"policy": "exclusive", "retryLimit": 2, "retryDelay": 60, "expireInSeconds": 3600, "heartbeatSeconds": 60,
    "retentionSeconds": 86400, "deleteAfterSeconds": 86400}');`;
