import type { Readable } from 'node:stream';
import { DomainError } from '../../../errors/index.js';
import { causeOf } from '../cause.js';
import { invalidParts, storageUnavailable } from '../storage.problems.js';

/** Injects the driver that STORAGE_DRIVER names. */
export const STORAGE_DRIVER = Symbol('STORAGE_DRIVER');

/** What a client sends, and where: exactly these headers, and the bytes as the body. */
export interface SignedRequest {
  method: 'PUT';
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface UploadTerms {
  contentType: string;
  /** bytes; no more and no fewer are taken */
  size: number;
  /** of the whole, lower-case hex */
  sha256: string;
  expiresAt: Date;
}

export interface PartTerms {
  /** bytes of this part; all but the last have at least PART_BYTES_AT_LEAST */
  size: number;
  expiresAt: Date;
}

/** A part that was sent: its number, from 1, and the ETag that its upload was answered with. */
export interface Part {
  number: number;
  etag: string;
}

export interface DownloadTerms {
  /** at most DOWNLOAD_SECONDS_AT_MOST away */
  expiresAt: Date;
  contentType: string;
  fileName: string;
  /** shown in the browser where that is safe: pictures of a few types and PDF. Otherwise saved */
  inline?: boolean;
}

export interface WriteTerms {
  contentType: string;
  size?: number;
  sha256?: string;
}

/** Both ends belong to it, as in HTTP; without an end, to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface ObjectInfo {
  key: string;
  size: number;
  modifiedAt: Date;
}

/** A signed URL is followed at once; a right that was lost must not live on in one. */
export const DOWNLOAD_SECONDS_AT_MOST = 300;
export const UPLOAD_SECONDS_AT_MOST = 3_600;
/** What S3 asks of every part but the last, and S3's largest object that one request copies. */
export const PART_BYTES_AT_LEAST = 5 * 1024 * 1024;
export const PARTS_AT_MOST = 10_000;
export const OBJECT_BYTES_AT_MOST = 5 * 1024 ** 3;

/**
 * Where the bytes lie. Keys are newObjectKey's; every method throws ForeignKeyError for others, and StorageUnavailableError
 * when the store does not answer, or not in time. Nothing here holds an object's bytes in memory.
 *
 * Whoever has an upload URL can use it until it expires, so a store that checks no checksum could be given other bytes
 * behind an inspection. Therefore: a client uploads to a key of its own (`createUpload`), `move` takes the object to a key
 * that no URL was made for, and only then is it inspected (inspect). Parts may go to the last key at once: their URLs are
 * void when `finishParts` has answered.
 */
export interface StorageDriver {
  /** as STORAGE_DRIVER names it */
  readonly name: string;
  createUpload(key: string, terms: UploadTerms): Promise<SignedRequest>;
  /** @returns the id of the upload */
  startParts(key: string, contentType: string): Promise<string>;
  partUpload(key: string, uploadId: string, number: number, terms: PartTerms): Promise<SignedRequest>;
  /** Makes the object. @throws InvalidPartsError when one is missing, too small, or another one than named */
  finishParts(key: string, uploadId: string, parts: readonly Part[]): Promise<void>;
  /** Whether or not there is such an upload. */
  abortParts(key: string, uploadId: string): Promise<void>;
  head(key: string): Promise<{ size: number } | undefined>;
  /** @throws ObjectMissingError; RangeError for a start behind the end */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** All of it or nothing. @throws SizeMismatchError, ChecksumMismatchError when it is not what the terms say */
  write(key: string, source: Readable, terms: WriteTerms): Promise<{ size: number; sha256: string }>;
  /**
   * Never over an object that is there: then what has been moved stays, and what lies at `from` is left. So it may be repeated.
   * Of what the client said beside the bytes nothing goes along. @throws ObjectMissingError
   */
  move(from: string, to: string, contentType: string): Promise<void>;
  /** Whether or not they are there. */
  delete(keys: readonly string[]): Promise<void>;
  /** In no order that counts. @param prefix '' for all, a tenant, or `tenant/file` */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  downloadUrl(key: string, terms: DownloadTerms): Promise<string>;
  /** Gives up uploads that nobody finished. @returns how many */
  sweepUnfinished(before: Date): Promise<number>;
  /** @throws StorageUnavailableError unless it answers now */
  ready(): Promise<void>;
}

/** 503 with Retry-After: it may be there in a moment. The cause is for the log. */
export class StorageUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super(storageUnavailable, undefined, { cause });
    // the log of problems shows the message, and callers none of it
    this.message = `storage_unavailable: ${causeOf(cause)}`;
  }
}

/** The store answers, and will not do this with this object, however often it is asked. For whoever asked, as if it were down. */
export class StorageRefusedError extends StorageUnavailableError {
  override name = 'StorageRefusedError';
}

export class ObjectMissingError extends Error {
  override name = 'ObjectMissingError';
}

export class InvalidPartsError extends DomainError {
  constructor() {
    super(invalidParts);
  }
}

/**
 * @returns whole seconds from now
 * @throws RangeError when it is over, or further away than a URL may live
 */
export function secondsUntil(expiresAt: Date, now: number, atMost: number): number {
  const seconds = Math.floor((expiresAt.getTime() - now) / 1000);
  if (seconds < 1 || seconds > atMost) throw new RangeError(`a signed URL lives between 1 and ${atMost} seconds`);
  return seconds;
}

/** @throws RangeError for what is no size of an object */
export function assertSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0 || size > OBJECT_BYTES_AT_MOST)
    throw new RangeError(`an object has 0 to ${OBJECT_BYTES_AT_MOST} bytes`);
  return size;
}

/** @throws RangeError for what is no number of a part */
export function assertPartNumber(number: number): number {
  if (!Number.isInteger(number) || number < 1 || number > PARTS_AT_MOST)
    throw new RangeError(`parts are numbered from 1 to ${PARTS_AT_MOST}`);
  return number;
}
