import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import { loadConfig } from '../../src/config/index.js';
import { QueuePool } from '../../src/database/index.js';
import { Queues } from '../../src/modules/jobs/index.js';
import { awaitDatabase } from '../../src/start/await-database.js';
import { stopServing } from '../../src/start/stop-serving.js';
import { WorkerHealth } from '../../src/start/worker-health.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { startApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/mail-pod.js';
import { as, Bench, BenchModule, Retitle } from './bench.js';

const { db } = useDatabase();
const { a } = db.world;
const METRICS_TOKEN = 'a token for the tests';
let proxy: TcpProxy;
let url = '';

beforeAll(async () => {
  const direct = new URL(db.connections.auth);
  proxy = new TcpProxy(Number(direct.port));
  await proxy.open();
  url = Object.assign(direct, { port: String(proxy.port) }).href;
});
afterEach(() => {
  proxy.silent = false;
});
afterAll(() => proxy.close());

describe('a database that falls silent', () => {
  it('costs a poll and its connection, and the next poll has another', async () => {
    const pool = new QueuePool({ url, waitMs: 5_000, startupOptions: true, answerMs: 500 });
    const pid = async (): Promise<number> => (await pool.executeSql('select pg_backend_pid() as pid')).rows[0].pid;
    const before = await pid();
    proxy.silent = true;
    await expect(pid()).rejects.toThrow('timeout');
    proxy.silent = false;
    expect(await pid()).not.toBe(before);
    await pool.end();
  });

  it('is noticed by its polls, and does not keep a process from ending', async () => {
    const queues = new Queues(loadConfig({ NODE_ENV: 'test', JOBS: 'inline', AUTH_DATABASE_URL: url }));
    queues.drainMs = 100;
    queues['pool'] = new QueuePool({ url, waitMs: 5_000, startupOptions: true, answerMs: 60_000 });
    queues.handle({ name: 'tenant', pollSeconds: 0.5 }, async () => undefined);
    queues.onApplicationBootstrap();
    queues['polledAt'] = -Infinity;
    await until(async () => queues.polledWithin(60));
    proxy.silent = true;
    queues['polledAt'] = -Infinity;
    await queues.beforeApplicationShutdown();
    expect(queues.polledWithin(60)).toBe(false);
  }, 20_000);

  it('is waited for by a worker that starts, unless waiting is no use', async () => {
    await proxy.close();
    const there = awaitDatabase({ AUTH_DATABASE_URL: url }, 100);
    const early = await Promise.race([
      there.then(() => 'there'),
      new Promise((resolve) => setTimeout(resolve, 500, 'waits')),
    ]);
    await proxy.open();
    await there;
    expect(early).toBe('waits');
    const wrong = Object.assign(new URL(url), { password: 'wrong' }).href;
    await expect(awaitDatabase({ AUTH_DATABASE_URL: wrong })).rejects.toThrow(
      /^The database does not let AUTH_DATABASE_URL in: password authentication failed/,
    );
  });
});

describe('a process that is asked to stop', () => {
  it('lets nobody in at once, ends the requests that it has, and its jobs beside them', async () => {
    const app = await startApp(db, { JOBS: 'inline' }, undefined, [BenchModule]);
    const [reached, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    app.nest.get(Bench, { strict: false }).during = async () => {
      reached.resolve(undefined);
      await released.promise;
    };
    const dealId = a.deals['member-public'] as string;
    await as(app, db, a, 'member', (jobs) => jobs.enqueue(Retitle, { dealId, title: 'slow' }));
    await reached.promise;
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'a password of nobody' });
    const headers = { 'content-type': 'application/json', 'content-length': body.length, connection: 'keep-alive' };
    const post = request(`${app.url}/v1/auth/login`, { method: 'POST', headers });
    const answered = once(post, 'response') as Promise<[{ statusCode: number }]>;
    post.write(body.slice(0, 10));
    await once(app.nest.getHttpServer(), 'request');
    const stopped = stopServing(app.nest).then(() => 'stopped');
    await expect(fetch(`${app.url}/readyz`)).rejects.toThrow('fetch failed');
    post.end(body.slice(10));
    const [{ statusCode }] = await answered;
    const early = await Promise.race([stopped, Promise.resolve('under way')]);
    released.resolve(undefined);
    expect([statusCode, early, await stopped]).toEqual([401, 'under way', 'stopped']);
  }, 30_000);
});

describe('a worker’s health', () => {
  const held = useApp(db, {}, undefined, []);
  const health = new WorkerHealth(loadConfig({ NODE_ENV: 'test', HOST: '127.0.0.1', WORKER_PORT: '0', METRICS_TOKEN }));
  const ask = async (path: string, token?: string): Promise<[number, string]> => {
    const { port } = health['server'].address() as { port: number };
    const headers = token ? { authorization: `Bearer ${token}` } : undefined;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return [answer.status, await answer.text()];
  };
  const NOT_READY = [503, '{"status":"not_ready"}'];
  beforeAll(() => health.listen());
  afterAll(() => health.close());

  it('is good while it polls, and not before it works, after it works, or when no poll was answered for a minute', async () => {
    expect([await ask('/livez'), await ask('/readyz')]).toEqual([[200, '{"status":"ok"}'], NOT_READY]);
    health.watch(held.app.nest);
    const queues = held.app.nest.get(Queues, { strict: false });
    expect(await ask('/readyz')).toEqual([200, '{"status":"ok"}']);
    queues['polledAt'] = performance.now() - 61_000;
    expect(await ask('/readyz')).toEqual(NOT_READY);
    queues['polledAt'] = performance.now();
    health.watch(undefined);
    expect(await ask('/readyz')).toEqual(NOT_READY);
  });

  it('its numbers are for who has the token, where there is one', async () => {
    health.watch(held.app.nest);
    expect([(await ask('/metrics'))[0], (await ask('/metrics', 'another'))[0]]).toEqual([404, 404]);
    expect(await ask('/metrics', METRICS_TOKEN)).toEqual([200, expect.stringContaining('ringfence_jobs')]);
  });
});
