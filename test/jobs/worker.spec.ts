import { describe, expect, it } from '@jest/globals';
import { Queues } from '../../src/modules/jobs/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { until } from '../support/mail-pod.js';
import { as, Bench, BenchModule, Retitle, type Row, Steps } from './bench.js';

const { db } = useDatabase();
const { a, b } = db.world;
const own = a.deals['member-public'] as string;
const theirs = b.deals['owner-public'] as string;
const row = async (id: string): Promise<Row | undefined> =>
  (await withAdmin<Row>(db, 'select * from app.jobs where id = $1', [id]))[0];
const status = async (id: string): Promise<string | undefined> => (await row(id))?.status;
const inline = (): Promise<TestApp> =>
  startApp(db, { JOBS: 'inline', JOBS_CONCURRENCY: '3', JOBS_PER_TENANT: '1' }, undefined, [BenchModule]);
const bench = (app: TestApp): Bench => app.nest.get(Bench, { strict: false });

describe('a process that works on jobs', () => {
  it('does one tenant’s job while another one’s five hundred wait, and both go on', async () => {
    const app = await inline();
    const flood = await as(app, db, a, 'member', async (jobs) => {
      const ids: string[] = [];
      for (let n = 0; n < 500; n += 1) ids.push(await jobs.enqueue(Retitle, { dealId: own, title: `flood ${n}` }));
      return ids;
    });
    const one = await as(app, db, b, 'owner', (jobs) => jobs.enqueue(Retitle, { dealId: theirs, title: 'alone' }));
    await until(async () => (await status(one)) === 'succeeded');
    const [{ done } = { done: 0 }] = await withAdmin<{ done: number }>(
      db,
      `select count(*)::int as done from app.jobs where id = any($1) and status = 'succeeded'`,
      [flood],
    );
    expect(done).toBeLessThan(250);
    await until(async () => bench(app).runs.length > done + 10);
    await app.nest.close();
    await withAdmin(db, `delete from pgboss.job`);
  }, 60_000);

  it('finishes what it can when it is asked to stop, and gives the rest back with the try', async () => {
    const app = await inline();
    const queues = app.nest.get(Queues, { strict: false });
    queues.drainMs = 300;
    const stuck = Promise.withResolvers<undefined>();
    bench(app).during = async ({ id, signal }) => {
      if (id !== slow) return;
      stuck.resolve(undefined);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const slow = await as(app, db, a, 'member', (jobs) => jobs.enqueue(Steps, { dealId: own, title: 'slow' }));
    await stuck.promise;
    await app.nest.close();
    expect(await row(slow)).toMatchObject({ status: 'queued', error: 'interrupted' });
    expect(
      await withAdmin(db, `select state, retry_count from pgboss.job where data ->> 'jobId' = $1`, [slow]),
    ).toEqual([{ state: 'created', retry_count: 0 }]);
    const next = await inline();
    await until(async () => (await status(slow)) === 'succeeded');
    await next.nest.close();
  }, 60_000);

  it('goes on after a database that went away, and keeps its plan of the platform’s tasks', async () => {
    const app = await inline();
    const schedules = (): Promise<object[]> =>
      withAdmin(db, `select cron from pgboss.schedule where key = 'jobs.forget'`);
    await until(async () => (await schedules()).length === 1);
    for (let n = 0; n < 3; n += 1) {
      await withAdmin(
        db,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename in ('ringfence_auth', 'ringfence_app')`,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const id = await as(app, db, a, 'member', (jobs) => jobs.enqueue(Retitle, { dealId: own, title: 'after it' }));
    await until(async () => (await status(id)) === 'succeeded');
    await app.nest.close();
  }, 60_000);

  it('keeps the queues in order as a role that owns nothing: a row whose worker is not heard of is another’s', async () => {
    const app = await startApp(db, {}, undefined, [BenchModule]);
    const id = await as(app, db, a, 'member', (jobs) => jobs.enqueue(Retitle, { dealId: own, title: 'unheard' }));
    await withAdmin(
      db,
      `update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '2 minutes' where data ->> 'jobId' = $1`,
      [id],
    );
    const boss = app.nest.get(Queues, { strict: false })['made']({ supervise: false, schedule: false });
    const errors: string[] = [];
    boss.on('error', ({ message }) => errors.push(message));
    await boss.start();
    await boss.supervise();
    await boss.stop({ graceful: false, close: false });
    const [found] = await withAdmin(db, `select state from pgboss.job where data ->> 'jobId' = $1`, [id]);
    expect([errors, found]).toEqual([[], { state: 'retry' }]);
  });
});
