import { type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

export interface S3Options {
  /** without one, Amazon's own for the region */
  endpoint?: string;
  /** where clients reach the store, if that is another address than ours */
  publicEndpoint?: string;
  region: string;
  bucket: string;
  /** before each key, with a slash at its end unless it is empty */
  prefix: string;
  /** the bucket as part of the path rather than of the host's name */
  pathStyle: boolean;
  /** without them, the SDK's own chain: environment, files, instance */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** what the store is asked to encrypt with; undefined leaves it to the bucket */
  encryption?: 'AES256' | 'aws:kms';
  kmsKeyId?: string;
}

/**
 * Milliseconds. To connect; one attempt, and all attempts, at something short; at something that the store takes its time for;
 * without a byte, while an object is read or a part of one is written.
 */
export interface S3Timeouts {
  connect: number;
  attempt: number;
  short: number;
  long: number;
  idle: number;
}

/** Somebody waits for an answer of what is short: 503 within five seconds, with what is done before and after it. */
export const S3_TIMEOUTS: S3Timeouts = { connect: 1_000, attempt: 2_000, short: 4_500, long: 300_000, idle: 30_000 };
const ATTEMPTS = 3;

/** @param endpoint of `options`: ours, or the public one, whose name goes into signed URLs */
export function s3Client(options: S3Options, endpoint = options.endpoint, timeouts = S3_TIMEOUTS): S3Client {
  const { region, pathStyle, credentials } = options;
  return new S3Client({
    region,
    endpoint,
    credentials,
    forcePathStyle: pathStyle,
    maxAttempts: ATTEMPTS,
    // many compatible stores know no checksums in trailers; what must be checked is said explicitly
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: timeouts.connect,
      requestTimeout: timeouts.idle,
      throwOnRequestTimeout: true,
      socketTimeout: timeouts.idle,
    },
  });
}

/** Of whatever makes an object. */
export const encryption = (options: S3Options): Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'> =>
  options.encryption ? { ServerSideEncryption: options.encryption, SSEKMSKeyId: options.kmsKeyId } : {};

/** The same, for whoever sends the request that was signed. */
export const encryptionHeaders = ({ encryption, kmsKeyId }: S3Options): Record<string, string> => ({
  ...(encryption ? { 'x-amz-server-side-encryption': encryption } : {}),
  ...(encryption && kmsKeyId ? { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId } : {}),
});
