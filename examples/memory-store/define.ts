import { Config, ConfigError, KeyRing } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { defineStorageDriver, SignedUrls, STORAGE_DRIVER } from '../../src/modules/storage/index.js';
import { MemoryController } from './memory.controller.js';
import { MemoryDriver } from './memory.driver.js';

defineStorageDriver('memory', ({ production }) => {
  if (production) throw new ConfigError('STORAGE_DRIVER=memory is for tests: what it holds is gone with the process.');
  return {
    controllers: [MemoryController],
    providers: [
      {
        provide: SignedUrls,
        inject: [Config, KeyRing, Clock],
        useFactory: ({ publicUrl }: Config, ring: KeyRing, clock: Clock) => new SignedUrls(publicUrl, ring, clock),
      },
      {
        provide: MemoryDriver,
        inject: [SignedUrls, Clock],
        useFactory: (urls: SignedUrls, clock: Clock) => new MemoryDriver(urls, clock),
      },
      { provide: STORAGE_DRIVER, useExisting: MemoryDriver },
    ],
  };
});
