import type { Provider } from '@nestjs/common';
import { Config } from '../../../../config/index.js';
import { Clock } from '../../../../context/index.js';
import { defineStorageDriver } from '../define-driver.js';
import { STORAGE_DRIVER } from '../storage-driver.js';
import type { S3Options } from './s3-client.js';

const s3: Provider = {
  provide: STORAGE_DRIVER,
  inject: [Config, Clock],
  useFactory: async (config: Config, clock: Clock) => {
    // a quarter of a second of a start that keeps its files on a disk
    const [{ S3Driver }, { s3Client }] = await Promise.all([import('./s3.driver.js'), import('./s3-client.js')]);
    const options = s3Options(config);
    const { endpoint, publicEndpoint = endpoint } = options;
    return new S3Driver(options, clock, s3Client(options), s3Client(options, publicEndpoint));
  },
};

defineStorageDriver('s3', () => ({ providers: [s3] }));

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
