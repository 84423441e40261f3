import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { ClamdScanner } from './antivirus/clamd.scanner.js';
import { ANTIVIRUS } from './antivirus/scanner.js';
import { storageParts } from './drivers/index.js';
import { STORAGE_DRIVER } from './drivers/storage-driver.js';

/** Where files lie, as STORAGE_DRIVER says, and what scans them. Only a disk is reached by way of this server. */
@Module({})
export class StorageModule {
  /** @throws ConfigError where STORAGE_DRIVER names no store, or its variables do not do */
  static with(config: Config): DynamicModule {
    const { providers, controllers = [] } = storageParts(config);
    return {
      module: StorageModule,
      controllers: [...controllers],
      providers: [...providers, antivirus],
      exports: [STORAGE_DRIVER, ANTIVIRUS],
    };
  }
}

const antivirus: Provider = {
  provide: ANTIVIRUS,
  inject: [Config],
  useFactory: ({ env }: Config) => (env.CLAMD_URL ? new ClamdScanner(env.CLAMD_URL) : undefined),
};
