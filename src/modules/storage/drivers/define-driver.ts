import type { Provider, Type } from '@nestjs/common';
import { type Config, ConfigError } from '../../../config/index.js';

/** What a store brings along. One of the providers is STORAGE_DRIVER's. */
export interface StorageParts {
  providers: readonly Provider[];
  /** where its URLs lead, if they lead to this server */
  controllers?: readonly Type[];
}

/** @throws ConfigError for what is missing, does not fit together, or is unsafe in production */
export type StorageOpener = (config: Config) => StorageParts;

const drivers = new Map<string, StorageOpener>();

/**
 * Makes a store one that STORAGE_DRIVER may name. Whoever adds one lists its file in drivers/index.ts, so that servers,
 * workers and commands all know it. @throws Error for a name that is malformed or taken
 */
export function defineStorageDriver(name: string, open: StorageOpener): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`storage driver ${name}: write it in lower case`);
  if (drivers.has(name)) throw new Error(`storage driver ${name} is declared twice`);
  drivers.set(name, open);
}

/** @throws ConfigError where STORAGE_DRIVER names none that a loaded file declares; or as the driver says */
export function storageParts(config: Config): StorageParts {
  const open = drivers.get(config.env.STORAGE_DRIVER);
  if (open) return open(config);
  throw new ConfigError(
    `STORAGE_DRIVER: there is no ${config.env.STORAGE_DRIVER}, only ${[...drivers.keys()].join(', ')}`,
  );
}
