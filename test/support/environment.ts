import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bootstrapDatabase } from '../../src/database/bootstrap/bootstrap.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { migrate } from '../../src/database/migrator.js';
import { type Connections } from '../../src/start/home.js';
import { plantWorld, type World } from './world.js';

/** The name of the migrated and planted database that specs clone. */
export const TEMPLATE = 'ringfence_template';

/** What a spec file needs to find its server; travels to the workers in RINGFENCE_TEST. */
export interface TestEnvironment {
  connections: Connections;
  world: World;
  /** another template than the usual, which lacks something on purpose */
  template?: string;
}

const secret = (): string => randomBytes(18).toString('base64url');

/** One real PostgreSQL, the real roles, every migration. Durability is off: a test run that is cut starts over. */
export async function startEnvironment(): Promise<{ stop(): Promise<void> }> {
  const home = await mkdtemp(join(await room(), 'ringfence-test-'));
  chmodSync(home, 0o755);
  const contract = contractOf(join(home, 'openapi.json')); // meanwhile
  contract.catch(() => undefined);
  const server = await startEmbeddedPostgres({
    home: join(home, 'home'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  const passwords = { owner: secret(), app: secret(), auth: secret(), service: secret() };
  const urls = await bootstrapDatabase(server.adminUrl, TEMPLATE, passwords);
  await migrate(urls.owner);
  const world = await plantWorld(urls.service);
  const environment: TestEnvironment = { connections: { admin: server.adminUrl, ...urls }, world };
  const file = join(home, 'environment.json');
  await writeFile(file, JSON.stringify(environment), { mode: 0o600 });
  process.env['RINGFENCE_TEST'] = file;
  process.env['RINGFENCE_OPENAPI'] = await contract;
  return {
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Writes the OpenAPI document of the code as it is, which every answer is checked against. @returns the file */
async function contractOf(file: string): Promise<string> {
  const hooks = ['--import', './test/support/ts-hooks.mjs'];
  await promisify(execFile)(process.execPath, [...hooks, 'scripts/openapi/write.ts', file]);
  return file;
}

/**
 * In memory where there is room: each spec file makes a database of four hundred files, and drops it. On disk for
 * `npm run test:long` (which sets SCALE), whose databases are large.
 */
async function room(): Promise<string> {
  const memory = process.env['SCALE'] ? undefined : await statfs('/dev/shm').catch(() => undefined);
  return memory && memory.bavail * memory.bsize > 4 * 2 ** 30 ? '/dev/shm' : tmpdir();
}
