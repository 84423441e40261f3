import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { join, resolve } from 'node:path';
import { Config, KeyRing } from '../../config/index.js';
import { Clock } from '../../context/index.js';
import { ClamdScanner } from './antivirus/clamd.scanner.js';
import { ANTIVIRUS } from './antivirus/scanner.js';
import { DiskDriver } from './drivers/disk/disk.driver.js';
import { ObjectDownload } from './drivers/disk/object-download.js';
import { ObjectFiles } from './drivers/disk/object-files.js';
import { ObjectUpload } from './drivers/disk/object-upload.js';
import { ObjectsController } from './drivers/disk/objects.controller.js';
import { SignedUrls } from './drivers/disk/signed-urls.js';
import { SlowRequests } from './drivers/disk/slow-requests.js';
import { TransferLimits } from './drivers/disk/transfer-limits.js';
import type { S3Options } from './drivers/s3/s3-client.js';
import { STORAGE_DRIVER } from './drivers/storage-driver.js';

/** Where files lie, as STORAGE_DRIVER says, and what scans them. Only a disk is reached by way of this server. */
@Module({})
export class StorageModule {
  static with(config: Config): DynamicModule {
    const { controllers, providers } = config.env.STORAGE_DRIVER === 's3' ? { controllers: [], providers: [s3] } : disk;
    return {
      module: StorageModule,
      controllers,
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

const s3: Provider = {
  provide: STORAGE_DRIVER,
  inject: [Config, Clock],
  useFactory: async (config: Config, clock: Clock) => {
    // a quarter of a second of a start that keeps its files on a disk
    const [{ S3Driver }, { s3Client }] = await Promise.all([
      import('./drivers/s3/s3.driver.js'),
      import('./drivers/s3/s3-client.js'),
    ]);
    const options = s3Options(config);
    const { endpoint, publicEndpoint = endpoint } = options;
    return new S3Driver(options, clock, s3Client(options), s3Client(options, publicEndpoint));
  },
};

const disk = {
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
} satisfies Partial<DynamicModule>;

function s3Options({ env }: Config): S3Options {
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, S3_PREFIX: prefix } = env;
  return {
    endpoint: env.S3_ENDPOINT,
    publicEndpoint: env.S3_PUBLIC_ENDPOINT,
    region: env.S3_REGION,
    bucket: env.S3_BUCKET ?? '', // the configuration has seen to it
    prefix: prefix && `${prefix}/`,
    pathStyle: env.S3_PATH_STYLE,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    encryption: env.S3_ENCRYPTION,
    kmsKeyId: env.S3_KMS_KEY_ID,
  };
}
