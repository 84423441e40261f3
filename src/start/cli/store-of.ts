import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Config, type KeyRing, loadConfig } from '../../config/index.js';
import { CoreModule } from '../../core.module.js';
import { STORAGE_DRIVER, type StorageDriver, StorageModule } from '../../modules/storage/index.js';
import { homeOf } from './home-of.js';
import { ringOf } from './keys-access.js';

/** Which variables say where files lie. */
const STORAGE = /^(STORAGE_|S3_)|^(RINGFENCE_HOME|PUBLIC_URL|PORT)$/;

@Module({})
class StoreModule {
  static with(config: Config, ring: KeyRing): DynamicModule {
    return { module: StoreModule, imports: [CoreModule.with(config, ring), StorageModule.with(config)] };
  }
}

/** Works with the store of files that the servers use. @throws ConfigError for variables that name none */
export async function withStore<T>(env: NodeJS.ProcessEnv, work: (store: StorageDriver) => Promise<T>): Promise<T> {
  const known = Object.fromEntries(Object.entries(env).filter(([name]) => STORAGE.test(name)));
  return withStoreOf(loadConfig({ ...known, RINGFENCE_HOME: homeOf(env).path }, env), await ringOf(env), work);
}

/** The same, for a start that has read its variables. */
export async function withStoreOf<T>(
  config: Config,
  ring: KeyRing,
  work: (store: StorageDriver) => Promise<T>,
): Promise<T> {
  const module = await NestFactory.createApplicationContext(StoreModule.with(config, ring), {
    logger: false,
    abortOnError: false,
  });
  try {
    const store = module.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    await store.ready();
    return await work(store);
  } finally {
    await module.close();
  }
}
