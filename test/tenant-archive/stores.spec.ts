import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { UnfencedPool } from '../../src/database/service-client.js';
import { eraseTenant, exportTenant, importTenant } from '../../src/modules/platform/tenant-archive/index.js';
import { useDatabase, type TestDatabase } from '../support/database.js';
import { startApp } from '../support/app.js';
import { s3Store, type Store } from '../support/stores.js';
import { emptyDatabase, type Installation, installation, objectsOf, plantFile, rowsOf } from './installations.js';

const { db } = useDatabase();
const { a } = db.world;
const verifier = Buffer.from('the program');
let here: Installation;
let there: TestDatabase;
let s3: Store;
let folder: string;
const pools: UnfencedPool[] = [];

const poolOf = ({ connections }: TestDatabase): UnfencedPool => {
  const pool = new UnfencedPool({ url: connections.service, size: 2, waitMs: 5_000, startupOptions: false });
  pools.push(pool);
  return pool;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-stores-'));
  s3 = await s3Store();
  here = await installation(db);
  for (const size of [0, 1, 700_000]) await plantFile(here, a.id, a.deals['owner-public'] ?? '', randomBytes(size));
  there = await emptyDatabase(db);
  await startApp(there); // declares the permissions
}, 60_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

it('go from a disk to S3, between installations that share it, and from there altogether', async () => {
  const [from, to] = [poolOf(db), poolOf(there)];
  const write = (): void => undefined;
  const [one, two] = [join(folder, 'one.tar.gz'), join(folder, 'two.tar.gz')];
  await exportTenant({ pool: from, store: here.store, verifier }, a.id, one);
  await importTenant({ pool: to, store: s3.driver, write }, one);
  expect(await objectsOf(s3.driver, a.id)).toEqual(await objectsOf(here.store, a.id));

  // of a store that both have, an import takes nothing away, whether or not it succeeds
  const third = await emptyDatabase(db);
  const app = await startApp(third);
  await exportTenant({ pool: to, store: s3.driver, verifier }, a.id, two);
  const owner = await third.as('owner');
  const before = await objectsOf(s3.driver, '');
  await owner.query(`alter table app.deals add constraint none check (false)`);
  await expect(importTenant({ pool: poolOf(third), store: s3.driver, write }, two)).rejects.toThrow('none');
  await owner.query('alter table app.deals drop constraint none');
  expect(await objectsOf(s3.driver, '')).toEqual(before);
  await importTenant({ pool: poolOf(third), store: s3.driver, write }, two);
  expect(await objectsOf(s3.driver, '')).toEqual(before);
  const { ['app.audit_log']: log, ...rows } = await rowsOf(third, a.id);
  const { ['app.audit_log']: first, ...same } = await rowsOf(db, a.id);
  expect(rows).toEqual(same);
  expect((log?.length ?? 0) - (first?.length ?? 0)).toBe(2); // it was imported twice
  await app.nest.close();

  // other bytes under one of its keys are nobody's to overwrite
  const [key = ''] = Object.keys(before);
  await s3.driver.delete([key]);
  await s3.driver.write(key, Readable.from(['else']), { contentType: 'text/plain' });
  const fourth = await emptyDatabase(db);
  await (await startApp(fourth)).nest.close();
  await expect(importTenant({ pool: poolOf(fourth), store: s3.driver, write }, two)).rejects.toThrow(
    'Other bytes lie under',
  );

  await there.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
  const { certificate } = await eraseTenant({ pool: to, store: s3.driver, write }, { slug: 'alpha' });
  expect(certificate.objects.count).toBe(3);
  expect(await objectsOf(s3.driver, '')).toEqual({});
}, 60_000);
