import { Readable } from 'node:stream';
import { DomainError } from '../../../../errors/index.js';
import { InvalidPartsError, ObjectMissingError, StorageUnavailableError } from '../storage-driver.js';

interface S3Error {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

const MISSING = /^(NoSuchKey|NotFound|NoSuchUpload)$/;
const PARTS = /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/;

/**
 * What the store said, as the driver's interface has it. Wrong credentials, a bucket that is not there or a region that is
 * another one are no request's fault: for whoever asked, the store is not available, and readiness is red.
 */
export function failureOf(error: unknown): Error {
  if (error instanceof DomainError || error instanceof ObjectMissingError) return error;
  const { name = '' } = (error ?? {}) as S3Error;
  if (MISSING.test(name)) return new ObjectMissingError();
  if (PARTS.test(name)) return new InvalidPartsError();
  if (name === 'InvalidRange') return new RangeError('the range begins behind the end');
  return new StorageUnavailableError(error);
}

/** The same bytes, and a store that stops in the middle as StorageUnavailableError. */
export function guardedBody(body: Readable): Readable {
  return Readable.from(pieces(body), { objectMode: false });
}

async function* pieces(body: Readable): AsyncIterable<Buffer> {
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (error) {
    throw failureOf(error);
  }
}
