import { join, resolve } from 'node:path';
import { Config, KeyRing } from '../../../../config/index.js';
import { Clock } from '../../../../context/index.js';
import { defineStorageDriver } from '../define-driver.js';
import { STORAGE_DRIVER } from '../storage-driver.js';
import { DiskDriver } from './disk.driver.js';
import { ObjectDownload } from './object-download.js';
import { ObjectFiles } from './object-files.js';
import { ObjectUpload } from './object-upload.js';
import { ObjectsController } from './objects.controller.js';
import { SignedUrls } from './signed-urls.js';
import { SlowRequests } from './slow-requests.js';
import { TransferLimits } from './transfer-limits.js';

defineStorageDriver('disk', () => ({
  controllers: [ObjectsController],
  providers: [
    TransferLimits,
    SlowRequests,
    ObjectUpload,
    ObjectDownload,
    {
      provide: SignedUrls,
      inject: [Config, KeyRing, Clock],
      useFactory: ({ publicUrl }: Config, ring: KeyRing, clock: Clock) =>
        new SignedUrls(publicUrl.replace(/\/+$/, ''), ring, clock),
    },
    {
      provide: ObjectFiles,
      inject: [Config],
      useFactory: ({ env, home }: Config) =>
        new ObjectFiles(
          resolve(env.STORAGE_DIR ?? join(home, 'files')),
          env.STORAGE_DIR === undefined,
          env.STORAGE_FREE_BYTES_AT_LEAST,
        ),
    },
    {
      provide: DiskDriver,
      inject: [ObjectFiles, SignedUrls, Clock],
      useFactory: (files: ObjectFiles, urls: SignedUrls, clock: Clock) => new DiskDriver(files, urls, clock),
    },
    { provide: STORAGE_DRIVER, useExisting: DiskDriver },
  ],
}));
