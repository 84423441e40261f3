import { afterAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* What `npm start` does where nothing was there, with nothing but the program to keep its process alive. */

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

it('makes a database, seeds it, serves, and ends when it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence first '));
  folders.push(folder);
  await chmod(folder, 0o755); // started as root, PostgreSQL runs as somebody else and walks through it
  const [home, port] = [join(folder, 'home'), await freePort()];
  const child = spawn(process.execPath, ['--import', './test/support/ts-hooks.mjs', 'src/main.ts'], {
    env: { PATH: process.env['PATH'] ?? '', RINGFENCE_HOME: home, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const serving = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(`listens on http://127.0.0.1:${port}`)) resolve();
      });
    }
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${said}`)));
  });
  await serving;
  const demo = JSON.parse(await readFile(join(home, 'demo.json'), 'utf8'));
  const { email, password } = demo.tenants[0].users[0];
  const login = await fetch(`http://127.0.0.1:${port}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(login.status).toBe(200);
  child.removeAllListeners('exit');
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
}, 60_000);
