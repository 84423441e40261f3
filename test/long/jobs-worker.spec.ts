import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const PORT = 39_217;
const GRACE_MS = 25_000;

/** One for both: the key ring of the signing keys in the database is there. */
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ringfence-worker-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const get = async (path: string): Promise<[number, string]> => {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`);
  return [answer.status, await answer.text()];
};

/** A worker whose database is behind a proxy, and what it says. */
async function withWorker(
  proxy: TcpProxy,
  work: (child: ChildProcess, says: (text: RegExp) => Promise<void>) => Promise<void>,
): Promise<void> {
  const through = (url: string): string => Object.assign(new URL(url), { port: String(proxy.port) }).href;
  const child = spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'src/worker.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      RINGFENCE_HOME: home,
      WORKER_PORT: String(PORT),
      APP_DATABASE_URL: through(db.connections.app),
      AUTH_DATABASE_URL: through(db.connections.auth),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the worker ended:\n${output}`)));
  ended.catch(() => undefined);
  try {
    await work(child, async (text) => {
      while (!text.test(output)) await Promise.race([once(child.stdout, 'data'), ended]);
    });
  } finally {
    child.kill('SIGKILL');
  }
}

it('a worker waits for its database, answers for its health and its numbers, and stops when it is asked to', async () => {
  const proxy = new TcpProxy(Number(new URL(db.connections.app).port));
  await proxy.open();
  await proxy.close();
  await withWorker(proxy, async (child, says) => {
    await says(/Waiting for the database: connect ECONNREFUSED/);
    expect([(await get('/livez'))[0], (await get('/readyz'))[0], (await get('/metrics'))[0]]).toEqual([200, 503, 404]);
    await proxy.open();
    await says(/works on jobs/);
    expect(await get('/livez')).toEqual([200, '{"status":"ok"}']);
    expect(await get('/readyz')).toEqual([200, '{"status":"ok"}']);
    expect((await get('/metrics'))[1]).toMatch(/process_cpu_seconds_total \d/);
    expect((await get('/v1/deals'))[0]).toBe(404);
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  });
  await proxy.close();
}, 60_000);

it('a worker whose database says nothing any more is not ready, and ends within its time', async () => {
  const proxy = new TcpProxy(Number(new URL(db.connections.app).port));
  await proxy.open();
  await withWorker(proxy, async (child, says) => {
    await says(/works on jobs/);
    proxy.silent = true;
    expect((await get('/readyz'))[0]).toBe(503);
    const gone = once(child, 'exit');
    const asked = performance.now();
    child.kill('SIGTERM');
    await gone;
    expect(performance.now() - asked).toBeLessThan(GRACE_MS);
  });
  await proxy.close();
}, 120_000);
