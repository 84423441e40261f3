import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../src/context/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { startApp } from './app.js';
import type { TestDatabase } from './database.js';
import { s3Driver, s3Server } from './s3-server.js';

/** Moves only when it is told to; then it is so far from the real time. */
export class MovableClock extends Clock {
  offset = 0;
  override now(): number {
    return Date.now() + this.offset;
  }
}

/** A driver over a real store, and the way to where its URLs lead. */
export interface Store {
  driver: StorageDriver;
  clock: MovableClock;
  /** a URL of the driver's, as it can be reached from here */
  reach(url: string): string;
  /** the folder beneath it, of the disk driver */
  folder: string;
  close(): Promise<void>;
}

export async function diskStore(db: TestDatabase): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-files-'));
  const clock = new MovableClock();
  const app = await startApp(db, { STORAGE_DIR: folder }, (builder) => builder.overrideProvider(Clock).useValue(clock));
  const driver = app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
  const reach = (url: string): string => app.url + new URL(url).pathname + new URL(url).search;
  return { driver, clock, reach, folder, close: () => rm(folder, { recursive: true, force: true }) };
}

export async function s3Store(): Promise<Store> {
  const { options, close } = await s3Server();
  const clock = new MovableClock();
  const driver = s3Driver(options, clock);
  return {
    driver,
    clock,
    reach: (url) => url,
    folder: '',
    close: async () => {
      driver.onApplicationShutdown();
      await close();
    },
  };
}
