import type { Client } from 'pg';
import { Queues } from '../../src/modules/jobs/index.js';
import type { TestApp } from './app.js';
import type { TestDatabase } from './database.js';

/** Does what is due, here and now, until nothing is; what failed waits for its back-off (see makeDue). */
export function runDueJobs(app: TestApp, queues: readonly string[] = ['tenant', 'tenant-dead']): Promise<void> {
  return app.nest.get(Queues, { strict: false }).runDue(queues);
}

/** What time does to jobs that wait for their next try, without the waiting. */
export const makeDue = (db: TestDatabase): Promise<unknown> =>
  withAdmin(db, 'update pgboss.job set start_after = now()');

const admins = new WeakMap<TestDatabase, Promise<Client>>();

/** Rows of the queue and of jobs, which the service role does not see. */
export async function withAdmin<Row extends object>(
  db: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  let admin = admins.get(db);
  if (!admin) admins.set(db, (admin = db.as('admin')));
  return (await (await admin).query(text, values)).rows as Row[];
}

/** @returns the id of a job of tenant a that is dead */
export async function plantDeadJob(db: TestDatabase): Promise<string> {
  const { a } = db.world;
  const [job] = await withAdmin<{ id: string }>(
    db,
    `insert into app.jobs (tenant_id, kind, payload, actor_id, aal, auth_time, attempts_at_most, timeout_seconds, status, finished_at)
     values ($1, 'test.job', '{}', $2, 1, now(), 1, 1, 'dead', now()) returning id`,
    [a.id, a.users.member.id],
  );
  return job?.id ?? '';
}
