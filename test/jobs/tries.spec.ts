import { afterEach, describe, expect, it } from '@jest/globals';
import { Queues } from '../../src/modules/jobs/index.js';
import { plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { makeDue, runDueJobs, withAdmin } from '../support/jobs.js';
import { expectProblem } from '../support/problem.js';
import { as, Bench, BenchModule, Retitle, type Row, Steps, titleOf } from './bench.js';

const { db } = useDatabase();
const held = useApp(db, { METRICS_TOKEN: 'a token for the tests' }, undefined, [BenchModule]);
const { a, b } = db.world;
const own = a.deals['member-public'] as string;
const bench = (): Bench => held.app.nest.get(Bench, { strict: false });
const row = async (id: string): Promise<Row | undefined> =>
  (await withAdmin<Row>(db, 'select * from app.jobs where id = $1', [id]))[0];
const put = (title: string, job = Retitle): Promise<string> =>
  as(held.app, db, a, 'member', (jobs) => jobs.enqueue(job, { dealId: own, title }));
const run = (): Promise<void> => runDueJobs(held.app);
const entries = async (id: string): Promise<number> =>
  (await db.look('select from app.audit_log where session_id = $1', [id])).length;
/** The queue hands it out once more, as it does when it did not hear that it was done. */
const redeliver = (id: string): Promise<unknown> =>
  withAdmin(
    db,
    `update pgboss.job set state = 'retry', start_after = now() where name = 'tenant' and data ->> 'jobId' = $1`,
    [id],
  );

afterEach(async () => {
  bench().reset();
  await withAdmin(db, `delete from pgboss.job`);
});

describe('a try that fails', () => {
  it('leaves nothing, and is made again, as often as the kind says; then the job is dead', async () => {
    const before = await titleOf(db, own);
    bench().during = async () => {
      throw new Error('a secret in words');
    };
    const id = await put('never');
    for (const [attempt, status] of [
      [1, 'queued'],
      [2, 'queued'],
      [3, 'dead'],
    ] as const) {
      await run();
      expect(await row(id)).toMatchObject({ status, attempt, error: 'internal_error' });
      await makeDue(db);
    }
    await run();
    expect([bench().runs.length, await titleOf(db, own), await entries(id)]).toEqual([3, before, 0]);
    const kept = await withAdmin(db, `select data, output from pgboss.job`);
    expect(JSON.stringify([kept, await row(id)])).not.toContain('secret');
  });

  it('for good: dead at once, and one’s payload is poison only to oneself', async () => {
    const [poison, fine] = [await put('poison'), await put('fine')];
    await withAdmin(db, `update app.jobs set payload = payload || '{"x": 1}' where id = $1`, [
      await put('changed behind us'),
    ]);
    await run();
    expect(await row(poison)).toMatchObject({ status: 'dead', attempt: 1, error: 'poisoned' });
    expect(await row(fine)).toMatchObject({ status: 'succeeded' });
    expect(await withAdmin(db, `select status, attempt from app.jobs where error = 'payload_invalid'`)).toEqual([
      { status: 'dead', attempt: 1 },
    ]);
  });

  it('by taking too long: its signal is aborted, its transaction gone, and what comes after has no effect', async () => {
    const before = await titleOf(db, own);
    let late: Promise<unknown> = Promise.resolve();
    bench().during = ({ signal, run: again }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          late = again(() => titleOf(db, own)).then(
            () => 'went on',
            (error: Error) => error.message,
          );
          setTimeout(resolve, 50);
        });
      });
    const id = await put('too slow');
    await withAdmin(db, `update app.jobs set timeout_seconds = 5 where id = $1`, [id]);
    await run();
    expect(await row(id)).toMatchObject({ status: 'queued', error: 'timeout' });
    expect([await late, await titleOf(db, own)]).toEqual(['timeout', before]);
  }, 20_000);
});

describe('a job that is handed out twice', () => {
  it('after it was done: is not done again', async () => {
    const id = await put('once');
    await run();
    await db.look('update app.deals set title = $2 where id = $1', [own, 'changed since']);
    await redeliver(id);
    await run();
    expect([bench().runs.length, await titleOf(db, own), await entries(id)]).toEqual([1, 'changed since', 1]);
  });

  it.each([
    ['in one transaction', Retitle, 1],
    ['in several', Steps, 0],
  ] as const)('while it is under way: the stalled try cannot commit any more (%s)', async (_, job, logged) => {
    const [reached, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    bench().during = async ({ attempt }) => {
      if (attempt > 1) return;
      reached.resolve(undefined);
      await released.promise;
    };
    // a deal that it does not see: the second try must not wait for a row that the first one has written
    const dealId = job === Steps ? own : (b.deals['owner-public'] as string);
    const id = await as(held.app, db, a, 'member', (jobs) => jobs.enqueue(job, { dealId, title: 'twice' }));
    const first = run();
    await reached.promise;
    await redeliver(id);
    await run();
    expect(await row(id)).toMatchObject({ status: 'succeeded', attempt: 2 });
    await db.look('update app.deals set title = $2 where id = $1', [own, 'changed since']);
    released.resolve(undefined);
    await first;
    expect(bench().runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await row(id)).toMatchObject({ status: 'succeeded', attempt: 2, error: null });
    const done = await db.look(`select from app.audit_log where session_id = $1 and action = 'bench.done'`, [id]);
    expect([done.length, await titleOf(db, own)]).toEqual([logged, 'changed since']);
  });

  it('for the last time to a process that was killed: dead, and so it is told', async () => {
    const id = await put('killed');
    await withAdmin(
      db,
      `insert into pgboss.job (name, data) select 'tenant-dead', data from pgboss.job where data ->> 'jobId' = $1`,
      [id],
    );
    await withAdmin(db, `delete from pgboss.job where name = 'tenant'`);
    await run();
    expect(await row(id)).toMatchObject({ status: 'dead', error: 'worker_lost' });
  });
});

describe('dead jobs', () => {
  const dead = async (): Promise<string> => {
    const id = await put('poison');
    await run();
    return id;
  };
  const ask = async (who: { id: string }, tenant: string, method: string, path: string) =>
    held.app.call(method, path, { token: (await grantTo(held.app, db, who.id, { tenant })).accessToken });

  it('are seen with job:read, or by whom they were made for; in their own tenant, without what they say', async () => {
    const id = await dead();
    const seen = await ask(a.users.member, a.id, 'GET', `/v1/jobs/${id}`);
    expect([seen.status, seen.body]).toEqual([200, expect.objectContaining({ status: 'dead', error: 'poisoned' })]);
    expect(Object.keys(seen.body)).not.toContain('payload');
    expect((await ask(a.users.admin, a.id, 'GET', `/v1/jobs/${id}`)).status).toBe(200);
    expect((await ask(a.users.viewer, a.id, 'GET', `/v1/jobs/${id}`)).status).toBe(404);
    expect((await ask(b.users.owner, b.id, 'GET', `/v1/jobs/${id}`)).status).toBe(404);
    const list = async (who: { id: string }, tenant: string): Promise<string[]> =>
      (await ask(who, tenant, 'GET', '/v1/jobs?status=dead&kind=bench.retitle&limit=1')).body.items.map(
        (item: { id: string }) => item.id,
      );
    expect(await list(a.users.admin, a.id)).toEqual([id]);
    expect([await list(a.users.viewer, a.id), await list(b.users.owner, b.id)]).toEqual([[], []]);
  });

  it('run once more for their person, by who has job:update; only dead ones', async () => {
    const id = await dead();
    for (const who of [a.users.member, b.users.owner]) {
      const refused = await ask(who, who === a.users.member ? a.id : b.id, 'POST', `/v1/jobs/${id}/retry`);
      expect([403, 404]).toContain(refused.status);
    }
    await withAdmin(db, `update app.jobs set payload = payload || '{"title": "healed"}' where id = $1`, [id]);
    const again = await ask(a.users.admin, a.id, 'POST', `/v1/jobs/${id}/retry`);
    expect([again.status, again.body.status, again.body.attempt]).toEqual([200, 'queued', 0]);
    expectProblem(await ask(a.users.admin, a.id, 'POST', `/v1/jobs/${id}/retry`), 409, 'job_not_dead');
    // what the queue says of the round before does not count
    await withAdmin(db, `insert into pgboss.job (name, data) values ('tenant-dead', $1)`, [
      { tenantId: a.id, jobId: id, kind: 'bench.retitle', queuedAt: '2020-01-01T00:00:00Z' },
    ]);
    await runDueJobs(held.app, ['tenant-dead', 'tenant']);
    expect([(await row(id))?.status, await titleOf(db, own)]).toEqual(['succeeded', 'healed']);
    expect(
      await db.look(
        `select actor_id from app.audit_log where action = 'job.retried' and outcome = 'success' and target_id = $1`,
        [id],
      ),
    ).toEqual([{ actor_id: a.users.admin.id }]);
  });

  it('are counted, by kind and without a tenant, for who has the token', async () => {
    const read = (token?: string) => held.app.call('GET', '/metrics', token ? { token } : {});
    expectProblem(await read(), 404, 'not_found');
    expectProblem(await read('a token for the test'), 404, 'not_found');
    await dead();
    const { status, text } = await read('a token for the tests');
    expect(status).toBe(200);
    expect(text).toMatch(/ringfence_jobs\{kind="bench.retitle",status="dead"\} [1-9]/);
    expect(text).toMatch(/ringfence_job_tries_total\{kind="bench.retitle",outcome="dead"\} [1-9]/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});

describe('what the application’s role may do', () => {
  it('is to put off and to see: no row is written by hand, no context is made, no queue is read', async () => {
    const id = await put('mine');
    const { cap } = await plantCapability(db, a, a.users.owner);
    const client = await db.as('app');
    for (const sql of [
      `insert into app.jobs (tenant_id, kind, actor_id, aal, auth_time, attempts_at_most, timeout_seconds) values (app.tenant_id(), 'bench.x', app.user_id(), 2, now(), 1, 1)`,
      `update app.jobs set actor_id = app.user_id()`,
      `delete from app.jobs`,
      `select payload from app.jobs`,
      `select from pgboss.job`,
      `insert into pgboss.job (name, data) values ('tenant', '{}')`,
      `select app.queue_job(null)`,
      `select * from auth.begin_job('${a.id}', '${id}', 'bench.retitle', sha256('x'), '{}', 1)`,
      `select auth.fail_job('${a.id}', '${id}', sha256('x'), 'x', true)`,
      `select auth.bury_job('${a.id}', '${id}', now(), 'x')`,
      `select auth.forget_jobs(0)`,
      `select auth.job_counts()`,
    ]) {
      await client.query('begin');
      await client.query(`select app.enter($1, '{}')`, [cap]);
      expect([
        sql,
        await client.query(sql).then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
      ]).toEqual([sql, '42501']);
      await client.query('rollback');
    }
    await client.query('begin');
    await expect(client.query(`select app.enqueue_job('bench.x', '{}', null, 0, 1, 1)`)).rejects.toMatchObject({
      code: 'RF027',
    });
    await client.query('rollback');
    await run();
  });

  it('a session is no job: it finishes none, and a job is no operator', async () => {
    const id = await put('not yours');
    const { cap } = await plantCapability(db, a, a.users.owner);
    const client = await db.as('app');
    await client.query('begin');
    await client.query(`select app.enter($1, '{}')`, [cap]);
    await expect(client.query('select app.finish_job()')).rejects.toMatchObject({ code: 'RF029' });
    await client.query('rollback');
    const auth = await db.as('auth');
    await auth.query(`select auth.begin_job($1, $2, 'bench.retitle', sha256('a cap'), '{deal:read}', 1)`, [a.id, id]);
    const service = await db.as('service');
    await expect(service.query(`select auth.enter_platform('a cap')`)).rejects.toMatchObject({ code: 'RF023' });
  });
});

it('the platform’s task forgets what is over for a month', async () => {
  const id = await put('old');
  await run();
  await withAdmin(db, `update app.jobs set finished_at = now() - interval '31 days' where id = $1`, [id]);
  const waits = await put('waits');
  await withAdmin(db, `insert into pgboss.job (name, data) values ('platform', '{"task": "jobs.forget"}')`);
  await held.app.nest.get(Queues, { strict: false }).runDue(['platform']);
  expect([await row(id), (await row(waits))?.status]).toEqual([undefined, 'queued']);
});
