import { Readable } from 'node:stream';
import { StorageUnavailableError } from '../storage-driver.js';
import { codeOf } from './folders.js';

/** Of a file system that is full, gone, read-only or out of handles: nothing that a caller did. */
const DOWN =
  /^(EACCES|EBUSY|EDQUOT|EIO|EMFILE|ENFILE|ENODEV|ELOOP|ENOENT|ENOSPC|ENOTCONN|ENOTDIR|ENXIO|EPERM|EROFS|ESTALE|ETIMEDOUT)$/;

/** As StorageUnavailableError, if a system call failed. */
export const unavailable = (error: unknown): unknown => (codeOf(error) ? new StorageUnavailableError(error) : error);

/** Runs it, with what a failing disk throws as StorageUnavailableError. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error);
  }
}

/** The same bytes, and a disk that fails in the middle as StorageUnavailableError. */
export function guardedStream(stream: Readable): Readable {
  // nobody may have begun to read when it fails, or when it is given up
  stream.on('error', () => undefined);
  return Readable.from(pieces(stream), { objectMode: false }).once('close', () => stream.destroy());
}

async function* pieces(stream: Readable): AsyncIterable<Buffer> {
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw failureOf(error);
  }
}

const failureOf = (error: unknown): unknown => (DOWN.test(codeOf(error)) ? unavailable(error) : error);
