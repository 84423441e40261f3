import { S3Client } from '@aws-sdk/client-s3';

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

/** Milliseconds. One attempt; all attempts at something short; at something that the store takes its time for. */
export interface S3Timeouts {
  connect: number;
  attempt: number;
  short: number;
  long: number;
}

export const S3_TIMEOUTS: S3Timeouts = { connect: 2_000, attempt: 5_000, short: 12_000, long: 300_000 };
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
      requestTimeout: timeouts.attempt,
      throwOnRequestTimeout: true,
      socketTimeout: 4 * timeouts.attempt,
    },
  });
}
