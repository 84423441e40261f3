import { z } from 'zod';

/** Where files lie. */
export const storageVariables = {
  /** disk, s3, or another that a file of ours declares (defineStorageDriver) */
  STORAGE_DRIVER: z.string().default('disk'),
  /** folder for the disk driver; one that is named is not made, since it may be a volume that is not mounted */
  STORAGE_DIR: z.string().optional(),
  /** bytes that the disk driver leaves free of its volume: no upload is taken that would use them */
  STORAGE_FREE_BYTES_AT_LEAST: z.coerce
    .number()
    .int()
    .min(0)
    .default(1024 ** 3),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  S3_REGION: z.string().default('us-east-1'),
  /** without it, Amazon's own for the region */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** where clients reach the store, if not at S3_ENDPOINT */
  S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** both or none; without them, the SDK's own chain: environment, files, the instance's role */
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** the bucket in the path, not in the host's name, as most compatible stores want it */
  S3_PATH_STYLE: z.stringbool().default(false),
  /** before each key, without a slash at its end */
  S3_PREFIX: z
    .string()
    .regex(/^([\w.-]+(\/[\w.-]+)*)?$/, 'must be words with slashes between')
    .default(''),
  /** encryption that the store is asked for; without it, the bucket's own setting */
  S3_ENCRYPTION: z.enum(['AES256', 'aws:kms']).optional(),
  S3_KMS_KEY_ID: z.string().optional(),
  /** ClamAV's daemon, which scans each upload before it is offered; without it none is scanned */
  CLAMD_URL: z
    .string()
    .regex(/^tcp:\/\/([\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i, 'must be tcp://host:port')
    .optional(),
  /** of one file; a store copies no larger one at once */
  FILE_BYTES_AT_MOST: z.coerce
    .number()
    .int()
    .min(1)
    .max(5 * 1024 ** 3)
    .default(1024 ** 3),
  /** how long a deleted file can be restored, days; then its bytes go */
  FILE_TRASH_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),
  /** how long a download URL lives: as long as that outlives the right to the file */
  DOWNLOAD_URL_SECONDS: z.coerce.number().int().min(5).max(300).default(60),
} as const;

export type StorageVariables = z.infer<z.ZodObject<typeof storageVariables>>;

/** @returns what does not fit together, a line each */
export function storageFaults(env: StorageVariables): string[] {
  if (env.STORAGE_DRIVER !== 's3') return [];
  const { S3_BUCKET, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret, S3_KMS_KEY_ID, S3_ENCRYPTION } = env;
  return [
    !S3_BUCKET && 'S3_BUCKET: STORAGE_DRIVER=s3 needs one',
    (id === undefined) !== (secret === undefined) && 'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: set both or none',
    S3_KMS_KEY_ID && S3_ENCRYPTION !== 'aws:kms' && 'S3_KMS_KEY_ID: it is used with S3_ENCRYPTION=aws:kms only',
  ].filter((fault) => typeof fault === 'string');
}

/** @returns what is unsafe in production, a line each */
export function unsafeStorage(env: StorageVariables): string[] {
  if (env.STORAGE_DRIVER === 'disk')
    return env.STORAGE_DIR ? [] : ['STORAGE_DIR is missing (files beneath RINGFENCE_HOME are for development)'];
  if (env.STORAGE_DRIVER !== 's3') return []; // its own to say
  const inTheClear = (['S3_ENDPOINT', 'S3_PUBLIC_ENDPOINT'] as const).filter((name) => env[name]?.startsWith('http:'));
  return inTheClear.map((name) => `${name} must start with https://`);
}
