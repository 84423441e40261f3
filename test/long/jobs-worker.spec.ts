import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const PORT = 39_217;

it('a worker answers for its health and its numbers, and stops when it is asked to', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ringfence-worker-'));
  const child = spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'src/worker.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      RINGFENCE_HOME: home,
      WORKER_PORT: String(PORT),
      APP_DATABASE_URL: db.connections.app,
      AUTH_DATABASE_URL: db.connections.auth,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!/works on jobs/.test(output)) await once(child.stdout, 'data');
  const get = async (path: string): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${PORT}${path}`);
    return [answer.status, await answer.text()];
  };
  expect(await get('/livez')).toEqual([200, '{"status":"ok"}']);
  expect(await get('/readyz')).toEqual([200, '{"status":"ok"}']);
  expect((await get('/metrics'))[1]).toMatch(/process_cpu_seconds_total \d/);
  expect((await get('/v1/deals'))[0]).toBe(404);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  await rm(home, { recursive: true, force: true });
}, 60_000);
