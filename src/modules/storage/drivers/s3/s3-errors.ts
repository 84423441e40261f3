import { Readable } from 'node:stream';
import { DomainError } from '../../../../errors/index.js';
import {
  InvalidPartsError,
  ObjectMissingError,
  StorageRefusedError,
  StorageUnavailableError,
} from '../storage-driver.js';

interface S3Error {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

const MISSING = /^(NoSuchKey|NotFound|NoSuchUpload)$/;
const PARTS = /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/;
/** Of credentials, the bucket, the region, clocks and load: nothing works then, whatever the object. */
const OF_THE_STORE =
  /^(NoSuchBucket|AllAccessDisabled|AccountProblem|Authorization\w+|Expired\w*|Invalid(AccessKeyId|BucketName|Security|Token)|NotSignedUp|RequestTime\w+|SignatureDoesNotMatch|SlowDown|Throttling\w*|Token\w+|TooManyRequests)$/;
/** What a store that knows no uploads in parts says of one. */
const UNKNOWN_METHOD = /^(NotImplemented|MethodNotAllowed)$/;

/**
 * What the store said, as the driver's interface has it. Wrong credentials, a bucket that is not there or a region that is
 * another one are no request's fault: for whoever asked, the store is not available, and readiness is red. The same for
 * whoever asked where it refuses this one object; who goes through many tells that apart.
 */
export function failureOf(error: unknown): Error {
  if (error instanceof DomainError || error instanceof ObjectMissingError) return error;
  const { name = '', $metadata } = (error ?? {}) as S3Error;
  if (MISSING.test(name)) return new ObjectMissingError();
  if (PARTS.test(name)) return new InvalidPartsError();
  if (name === 'InvalidRange') return new RangeError('the range begins behind the end');
  const refused = error instanceof TypeError || refuses(name, $metadata?.httpStatusCode);
  return refused ? new StorageRefusedError(error) : new StorageUnavailableError(error);
}

/** Whether it is this object that the store will not have. @param status undefined: of one of many, which has a code alone */
export function refuses(code: string, status?: number): boolean {
  if (OF_THE_STORE.test(code)) return false;
  if (UNKNOWN_METHOD.test(code)) return true;
  if (status === undefined) return /^(AccessDenied|Invalid\w+|KeyTooLong\w*|MalformedXML|ObjectLocked)$/.test(code);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** For catch: the store does not know such a method. */
export function unlessUnknown(error: unknown): undefined {
  const said = error instanceof StorageRefusedError ? (error.cause as S3Error) : undefined;
  if (!UNKNOWN_METHOD.test(said?.name ?? '') && said?.$metadata?.httpStatusCode !== 405) throw error;
}

/** For catch: it is not there. */
export function unlessMissing(error: unknown): undefined {
  if (!(error instanceof ObjectMissingError)) throw error;
}

/** For catch: there is no such upload in parts, or the store knows none at all. */
export const unlessNoUpload = (error: unknown): undefined =>
  error instanceof ObjectMissingError ? undefined : unlessUnknown(error);

/** For catch: the store will not. */
export function unlessRefused(error: unknown): undefined {
  if (!(error instanceof StorageRefusedError)) throw error;
}

/** The same bytes, and a store that stops in the middle as StorageUnavailableError. */
export function guardedBody(body: Readable): Readable {
  // nobody may have begun to read when it fails, or when it is given up
  body.on('error', () => undefined);
  return Readable.from(pieces(body), { objectMode: false }).once('close', () => body.destroy());
}

async function* pieces(body: Readable): AsyncIterable<Buffer> {
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (error) {
    throw failureOf(error);
  }
}
