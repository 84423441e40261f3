import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../src/context/index.js';
import {
  assertKey,
  assertPrefix,
  type ByteRange,
  ChecksumMismatchError,
  dispositionOf,
  DOWNLOAD_SECONDS_AT_MOST,
  type DownloadTerms,
  InvalidPartsError,
  type ObjectInfo,
  ObjectMissingError,
  type Part,
  type PartTerms,
  secondsUntil,
  servedType,
  type SignedRequest,
  type SignedUrls,
  SizeMismatchError,
  type StorageDriver,
  UPLOAD_SECONDS_AT_MOST,
  type UploadTerms,
  type WriteTerms,
} from '../../src/modules/storage/index.js';

/** An upload in parts that nobody has finished. */
interface Unfinished {
  key: string;
  startedAt: Date;
  parts: Map<number, Buffer>;
}

/* eslint-disable @typescript-eslint/require-await -- because the interface answers with promises, and refuses with them */

/** Objects in the memory of this process, for tests of one's own: gone at its end, and not for two processes. */
export class MemoryDriver implements StorageDriver {
  readonly name = 'memory';
  private readonly objects = new Map<string, { bytes: Buffer; modifiedAt: Date }>();
  private readonly unfinished = new Map<string, Unfinished>();

  constructor(
    private readonly urls: SignedUrls,
    private readonly clock: Clock,
  ) {}

  async createUpload(key: string, { contentType, size, sha256, expiresAt }: UploadTerms): Promise<SignedRequest> {
    const expires = this.seconds(expiresAt, UPLOAD_SECONDS_AT_MOST);
    const url = this.urls.urlOf({ method: 'PUT', key: assertKey(key), expires, contentType, size, sha256 });
    return { method: 'PUT', url, headers: { 'Content-Type': contentType } };
  }

  async startParts(key: string): Promise<string> {
    const id = randomUUID();
    this.unfinished.set(id, { key: assertKey(key), startedAt: new Date(this.clock.now()), parts: new Map() });
    return id;
  }

  async partUpload(
    key: string,
    uploadId: string,
    part: number,
    { size, expiresAt }: PartTerms,
  ): Promise<SignedRequest> {
    const expires = this.seconds(expiresAt, UPLOAD_SECONDS_AT_MOST);
    const url = this.urls.urlOf({ method: 'PUT', key: assertKey(key), expires, size, uploadId, part });
    return { method: 'PUT', url, headers: {} };
  }

  async finishParts(key: string, uploadId: string, parts: readonly Part[]): Promise<void> {
    assertKey(key);
    const sent = this.unfinished.get(uploadId);
    if (parts.length === 0) throw new InvalidPartsError();
    const ordered = parts.toSorted((one, other) => one.number - other.number);
    const bytes = ordered.map(({ number, etag }) => {
      const one = sent?.parts.get(number);
      if (!one || sent?.key !== key || etag !== etagOf(one)) throw new InvalidPartsError();
      return one;
    });
    this.place(key, Buffer.concat(bytes));
    this.unfinished.delete(uploadId);
  }

  async abortParts(key: string, uploadId: string): Promise<void> {
    assertKey(key);
    this.unfinished.delete(uploadId);
  }

  async head(key: string): Promise<{ size: number } | undefined> {
    const size = this.objects.get(assertKey(key))?.bytes.length;
    return size === undefined ? undefined : { size };
  }

  async read(key: string, { start, end = Infinity }: ByteRange = { start: 0 }): Promise<Readable> {
    const { bytes } = this.found(key);
    if (start > 0 && start >= bytes.length) throw new RangeError('the range begins behind the end');
    return Readable.from([bytes.subarray(start, end + 1)], { objectMode: false });
  }

  async write(key: string, source: Readable, terms: WriteTerms): Promise<{ size: number; sha256: string }> {
    const bytes = checked(await buffer(source), terms);
    this.place(key, bytes);
    return { size: bytes.length, sha256: sha256Of(bytes) };
  }

  async move(from: string, to: string): Promise<void> {
    if (this.objects.has(assertKey(to))) return; // a repeat
    this.objects.set(to, this.found(from));
    this.objects.delete(from);
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.objects.delete(assertKey(key));
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    const path = assertPrefix(prefix) && `${prefix}/`;
    for (const [key, { bytes, modifiedAt }] of await Promise.resolve([...this.objects]))
      if (key.startsWith(path)) yield { key, size: bytes.length, modifiedAt };
  }

  async downloadUrl(key: string, { expiresAt, contentType, fileName, inline }: DownloadTerms): Promise<string> {
    const expires = this.seconds(expiresAt, DOWNLOAD_SECONDS_AT_MOST);
    const disposition = dispositionOf(fileName, contentType, inline);
    const grant = { method: 'GET', key: assertKey(key), expires, contentType: servedType(contentType), disposition };
    return this.urls.urlOf({ ...grant, method: 'GET' });
  }

  async sweepUnfinished(before: Date): Promise<number> {
    const old = [...this.unfinished].filter(([, { startedAt }]) => startedAt < before);
    for (const [id] of old) this.unfinished.delete(id);
    return old.length;
  }

  async ready(): Promise<void> {}

  /** What a URL of ours was sent. @returns its ETag @throws ObjectMissingError for a part of an upload that is over */
  receive(key: string, bytes: Buffer, to: WriteTermsOfUrl): string {
    if (!('uploadId' in to)) this.place(key, checked(bytes, to));
    else {
      const upload = this.unfinished.get(to.uploadId);
      if (upload?.key !== key) throw new ObjectMissingError();
      upload.parts.set(to.part, checked(bytes, to));
    }
    return etagOf(bytes);
  }

  private place(key: string, bytes: Buffer): void {
    this.objects.set(assertKey(key), { bytes, modifiedAt: new Date(this.clock.now()) });
  }

  private found(key: string): { bytes: Buffer; modifiedAt: Date } {
    const object = this.objects.get(assertKey(key));
    if (!object) throw new ObjectMissingError();
    return object;
  }

  private seconds(expiresAt: Date, atMost: number): number {
    return this.clock.seconds() + secondsUntil(expiresAt, this.clock.now(), atMost);
  }
}

/** What a URL said of the bytes that come. */
type WriteTermsOfUrl = { size: number; sha256: string } | { size: number; uploadId: string; part: number };

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const etagOf = (bytes: Buffer): string => `"${sha256Of(bytes)}"`;

function checked(bytes: Buffer, { size, sha256 }: { size?: number; sha256?: string }): Buffer {
  if (size !== undefined && bytes.length !== size) throw new SizeMismatchError(bytes.length > size);
  if (sha256 !== undefined && sha256Of(bytes) !== sha256) throw new ChecksumMismatchError();
  return bytes;
}
