import { afterEach, describe, expect, it } from '@jest/globals';
import { TenantTransactions } from '../../src/database/index.js';
import { JobPayloadError, readPayload } from '../../src/modules/jobs/tenant/payload.js';
import { plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { makeDue, runDueJobs, withAdmin } from '../support/jobs.js';
import { as, Bench, BenchModule, Retitle, type Row, Steps, titleOf } from './bench.js';

const METRICS_TOKEN = 'a token for the tests';
const { db } = useDatabase();
const held = useApp(db, { METRICS_TOKEN, JOBS_PER_TENANT: '1' }, undefined, [BenchModule]);
const { a } = db.world;
const own = a.deals['member-public'] as string;
const bench = (): Bench => held.app.nest.get(Bench, { strict: false });
const row = async (id: string): Promise<Row | undefined> =>
  (await withAdmin<Row>(db, 'select * from app.jobs where id = $1', [id]))[0];
const queued = (id: string) =>
  withAdmin<{ state: string; retry_count: number; seconds: number }>(
    db,
    `select state, retry_count, extract(epoch from start_after - now())::float8 as seconds from pgboss.job where data ->> 'jobId' = $1`,
    [id],
  );
const put = (title: string, job = Retitle): Promise<string> =>
  as(held.app, db, a, 'member', (jobs) => jobs.enqueue(job, { dealId: own, title }));
const run = (): Promise<void> => runDueJobs(held.app);
const metrics = async (): Promise<string> => (await held.app.call('GET', '/metrics', { token: METRICS_TOKEN })).text;

afterEach(async () => {
  bench().reset();
  await withAdmin(db, `delete from pgboss.job`);
});

describe('a job whose time has not come', () => {
  it('waits two seconds while its tenant has enough under way, and no attempt is counted', async () => {
    const [reached, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    bench().during = async () => {
      reached.resolve(undefined);
      await released.promise;
    };
    const first = await put('first');
    const running = run();
    await reached.promise;
    const second = await put('second');
    await run();
    expect(await row(second)).toMatchObject({ status: 'queued', attempt: 0 });
    const [waits] = await queued(second);
    expect(waits).toMatchObject({ state: 'created', retry_count: 0 });
    expect(waits?.seconds).toBeGreaterThan(0);
    released.resolve(undefined);
    await running;
    await makeDue(db);
    await run();
    expect([(await row(first))?.status, (await row(second))?.status]).toEqual(['succeeded', 'succeeded']);
  });

  it('waits for a minute each time while its tenant is suspended, however often that is', async () => {
    const set = (status: string) => db.look('update app.tenants set status = $2 where id = $1', [a.id, status]);
    const id = await put('later');
    await set('suspended');
    for (let n = 0; n < 4; n += 1) {
      await makeDue(db);
      await run();
    }
    const [waits] = await queued(id);
    await set('active');
    expect(waits).toMatchObject({ state: 'created', retry_count: 0 });
    expect(waits?.seconds).toBeGreaterThan(10);
    expect(await row(id)).toMatchObject({ status: 'queued', attempt: 0 });
  });

  it('never comes for one whose person is gone: it is dead, is counted so, and the queue is done with it', async () => {
    const id = await put('orphan');
    const set = (status: string) =>
      db.look('update auth.users set status = $2 where id = $1', [a.users.member.id, status]);
    await set('disabled');
    await run();
    await set('active');
    expect(await row(id)).toMatchObject({ status: 'dead', error: 'actor_gone' });
    expect(await queued(id)).toMatchObject([{ state: 'completed', retry_count: 0 }]);
    expect(await metrics()).toMatch(/ringfence_job_tries_total\{kind="bench.retitle",outcome="dead"\} 1/);
  });
});

describe('a handler that throws what nobody expects', () => {
  const throwing = (): never => {
    throw new Error('looked at');
  };
  it.each([
    ['null', null],
    [
      'an object whose getters throw',
      Object.defineProperties({}, { code: { get: throwing }, message: { get: throwing } }),
    ],
    ['a proxy', new Proxy({}, { get: throwing, getPrototypeOf: throwing })],
  ] as const)('%s: has failed, and is tried again', async (_, thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is no Error is what is tested
    bench().during = () => Promise.reject(thrown);
    const id = await put('odd');
    await run();
    expect(await row(id)).toMatchObject({ status: 'queued', attempt: 1, error: 'internal_error' });
    expect(await queued(id)).toMatchObject([{ state: 'retry' }]);
  });

  it('a payload that is nested too deep: is one that it does not take, and tried no more', async () => {
    let deep: object = {};
    for (let n = 0; n < 100_000; n += 1) deep = { deep };
    await expect(readPayload(Retitle, deep)).rejects.toBeInstanceOf(JobPayloadError);
  });
});

it('what a job would commit apart from the end of its try is refused, with the way out', async () => {
  const before = await titleOf(db, own);
  const told: string[] = [];
  const transactions = held.app.nest.get(TenantTransactions, { strict: false });
  const apart = (): Promise<void> =>
    transactions
      .apart(async () => undefined)
      .catch((error: Error) => {
        told.push(error.message);
        throw error;
      });
  bench().during = apart;
  const whole = await put('apart');
  await run();
  bench().during = ({ run: inside }) => inside(apart);
  const steps = await put('steps', Steps);
  await run();
  expect(told).toEqual([expect.stringContaining('job.run'), expect.stringContaining('job.run')]);
  expect([(await row(whole))?.status, (await row(steps))?.status]).toEqual(['queued', 'queued']);
  expect(await titleOf(db, own)).toBe('steps 1');
  await db.look('update app.deals set title = $2 where id = $1', [own, before]);
});

it('kinds that nobody declared are counted as one: whoever injects SQL makes no labels', async () => {
  const { cap } = await plantCapability(db, a, a.users.owner);
  const client = await db.as('app');
  await client.query('begin');
  await client.query(`select app.enter($1, '{}')`, [cap]);
  for (const kind of ['forged.one', 'forged.two'])
    await client.query(`select app.enqueue_job($1, '{}', null, 0, 1, 1)`, [kind]);
  await client.query('commit');
  const text = await metrics();
  expect(text).toMatch(/ringfence_jobs\{kind="other",status="queued"\} 2/);
  expect(text).toMatch(/ringfence_jobs_oldest_seconds\{kind="other",status="queued"\} \d/);
  expect(text).not.toContain('forged');
});
