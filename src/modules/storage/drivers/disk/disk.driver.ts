import { Readable } from 'node:stream';
import { type Clock } from '../../../../context/index.js';
import { dispositionOf, servedType } from '../../inspection/content-types.js';
import { assertKey, assertPrefix } from '../object-key.js';
import {
  assertPartNumber,
  assertSize,
  type ByteRange,
  DOWNLOAD_SECONDS_AT_MOST,
  type DownloadTerms,
  type ObjectInfo,
  ObjectMissingError,
  type Part,
  type PartTerms,
  secondsUntil,
  type SignedRequest,
  type StorageDriver,
  UPLOAD_SECONDS_AT_MOST,
  type UploadTerms,
  type WriteTerms,
} from '../storage-driver.js';
import { guardedStream } from './failures.js';
import type { ObjectFiles } from './object-files.js';
import { PartFiles } from './part-files.js';
import type { SignedUrls } from './signed-urls.js';

/** Objects on a disk of this server's, or on a volume that all servers share. Its URLs lead to ObjectsController. */
export class DiskDriver implements StorageDriver {
  readonly name = 'disk';
  readonly parts: PartFiles;

  constructor(
    readonly files: ObjectFiles,
    private readonly urls: SignedUrls,
    private readonly clock: Clock,
  ) {
    this.parts = new PartFiles(files);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- because the interface answers with promises
  async createUpload(key: string, { contentType, size, sha256, expiresAt }: UploadTerms): Promise<SignedRequest> {
    const expires = this.seconds(expiresAt, UPLOAD_SECONDS_AT_MOST);
    const grant = { method: 'PUT', key: assertKey(key), expires, contentType, size: assertSize(size), sha256 } as const;
    return { method: 'PUT', url: this.urls.urlOf(grant), headers: { 'Content-Type': contentType } };
  }

  startParts(key: string, _contentType: string): Promise<string> {
    return this.parts.start(assertKey(key));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- because the interface answers with promises
  async partUpload(key: string, uploadId: string, number: number, terms: PartTerms): Promise<SignedRequest> {
    const expires = this.seconds(terms.expiresAt, UPLOAD_SECONDS_AT_MOST);
    const [size, part] = [assertSize(terms.size), assertPartNumber(number)];
    const url = this.urls.urlOf({ method: 'PUT', key: assertKey(key), expires, size, uploadId, part });
    return { method: 'PUT', url, headers: {} };
  }

  finishParts(key: string, uploadId: string, parts: readonly Part[]): Promise<void> {
    return this.parts.finish(assertKey(key), uploadId, parts);
  }

  abortParts(key: string, uploadId: string): Promise<void> {
    return this.parts.abort(assertKey(key), uploadId);
  }

  async head(key: string): Promise<{ size: number } | undefined> {
    try {
      const { handle, size } = await this.files.open(key);
      await handle.close();
      return { size };
    } catch (error) {
      if (error instanceof ObjectMissingError) return undefined;
      throw error;
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const { handle, size } = await this.files.open(key);
    if (range && range.start >= size) {
      await handle.close();
      throw new RangeError('the range begins behind the end');
    }
    return guardedStream(handle.createReadStream(range));
  }

  write(key: string, source: Readable, { size, sha256 }: WriteTerms): Promise<{ size: number; sha256: string }> {
    assertKey(key);
    return this.files.receive(source, { size, sha256 }, (file) => this.files.place(file, key));
  }

  move(from: string, to: string, _contentType: string): Promise<void> {
    assertKey(to);
    return this.files.move(from, to);
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(assertKey);
    for (const key of keys) await this.files.remove(key);
  }

  list(prefix: string): AsyncIterable<ObjectInfo> {
    return this.files.list(assertPrefix(prefix));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- because the interface answers with promises
  async downloadUrl(key: string, { expiresAt, contentType, fileName, inline }: DownloadTerms): Promise<string> {
    return this.urls.urlOf({
      method: 'GET',
      key: assertKey(key),
      expires: this.seconds(expiresAt, DOWNLOAD_SECONDS_AT_MOST),
      contentType: servedType(contentType),
      disposition: dispositionOf(fileName, contentType, inline),
    });
  }

  async sweepUnfinished(before: Date): Promise<number> {
    return (await this.files.sweep('incoming', before)) + (await this.files.sweep('parts', before));
  }

  ready(): Promise<void> {
    return this.files.probe();
  }

  private seconds(expiresAt: Date, atMost: number): number {
    return this.clock.seconds() + secondsUntil(expiresAt, this.clock.now(), atMost);
  }
}
