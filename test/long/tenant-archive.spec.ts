import { beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDatabase, type TestDatabase } from '../support/database.js';
import { sealAll } from '../audit/exported.js';
import { emptyDatabase, type Installation, installation, plantFile } from '../tenant-archive/installations.js';

const { db } = useDatabase();
const { a, b } = db.world;
const GROWTH = 64 * 1024 * 1024;
let folder: string;
let from: string;
let here: Installation;
let there: TestDatabase;

/** 100 MB of files, the largest 40 MB, and as many rows as make some megabytes; beside it, what fills the buffers once. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-long-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'ring.json'),
    JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
  );
  from = await mkdtemp(join(folder, 'from-'));
  here = await installation(db, { STORAGE_DIR: from });
  for (const megabytes of [40, 30, 20, 10])
    await plantFile(here, a.id, a.deals['owner-public'] ?? '', randomBytes(megabytes * 1_000_000));
  await plantFile(here, b.id, b.deals['owner-public'] ?? '', randomBytes(24_000_000));
  for (const [tenant, times] of [
    [a, 4],
    [b, 2],
  ] as const)
    for (let n = 0; n < times; n += 1)
      await db.look(
        `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency)
           select $1, $2, $3, 'deal ' || n || repeat('x', 150), n, 'EUR' from generate_series(1, 5000) n`,
        [tenant.id, tenant.users.owner.id, tenant.roles.owner],
      );
  await sealAll(here.app, db);
  there = await emptyDatabase(db);
  await installation(there);
});

it('takes no more memory for 100 MB of files and 20 000 rows than for a quarter and a half of that', async () => {
  const archive = (slug: string): string => join(folder, `${slug}.tar.gz`);
  const measured = async (url: string, storage: string, commands: string[][]): Promise<number> => {
    const args = ['--import', './test/support/ts-hooks.mjs', 'test/long/archive-process.ts', JSON.stringify(commands)];
    const env = { ...process.env, SERVICE_DATABASE_URL: url, STORAGE_DIR: storage, KEY_RING_FILE: join(folder, 'ring.json'), RINGFENCE_HOME: folder }; // prettier-ignore
    return Number((await promisify(execFile)(process.execPath, args, { env })).stdout);
  };
  const exports = ['beta', 'alpha'].map((slug) => ['tenant', 'export', slug, '--out', archive(slug)]);
  const imports = ['beta', 'alpha'].map((slug) => ['tenant', 'import', archive(slug)]);
  const growth = [
    await measured(db.connections.service, from, exports),
    await measured(there.connections.service, await mkdtemp(join(folder, 'to-')), imports),
  ];
  expect(growth.filter((one) => !(one < GROWTH))).toEqual([]);
});
