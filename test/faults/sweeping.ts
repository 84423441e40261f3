import { expect } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { KeyRing } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { LostObjects } from '../../src/modules/sweeping/files/lost-objects.js';
import { StrayObjects } from '../../src/modules/sweeping/files/stray-objects.js';
import { UnwantedVersions } from '../../src/modules/sweeping/files/unwanted-versions.js';
import { startApp } from '../support/app.js';
import { sha256Of } from '../support/file-calls.js';
import { s3Driver } from '../support/s3-server.js';
import { MovableClock } from '../support/stores.js';
import type { Stage } from './stage.js';

/** A day later and swept, rows and objects are the same files, with the bytes that were sent. */
export async function expectSwept(stage: Stage): Promise<void> {
  const clock = new MovableClock();
  const driver = s3Driver(stage.s3, clock);
  const ring = await KeyRing.load(stage.ringFile);
  const app = await startApp(stage.db, { AUDIT_SEAL_INTERVAL_MS: '0' }, (builder) =>
    builder
      .overrideProvider(KeyRing)
      .useValue(ring)
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(STORAGE_DRIVER)
      .useValue(driver),
  );
  await stage.look(
    `update app.file_versions set created_at = now() - interval '2 days', checking_since = null where status = 'pending'`,
  );
  clock.offset = 26 * 3_600_000;
  const going = new AbortController().signal;
  for (const sweeper of [UnwantedVersions, StrayObjects, LostObjects])
    await app.nest.get(sweeper, { strict: false }).run(going);
  const rows = await stage.look<{ object_key: string; status: string; sha256: string }>(
    'select object_key, status, sha256 from app.file_versions order by object_key',
  );
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['ready']));
  expect(await keysOf(driver)).toEqual(rows.map(({ object_key }) => object_key));
  for (const { object_key, sha256 } of rows) expect(sha256Of(await buffer(await driver.read(object_key)))).toBe(sha256);
}

async function keysOf(driver: StorageDriver): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of driver.list('')) keys.push(key);
  return keys.sort();
}
