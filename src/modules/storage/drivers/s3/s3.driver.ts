import * as S3 from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { pipeline, type Readable } from 'node:stream';
import type { Clock } from '../../../../context/index.js';
import { dispositionOf, servedType } from '../../inspection/content-types.js';
import { Measure } from '../measure.js';
import { assertKey, assertPrefix, isKey } from '../object-key.js';
import * as driver from '../storage-driver.js';
import { encryption, encryptionHeaders, S3_TIMEOUTS, type S3Options } from './s3-client.js';
import {
  failureOf,
  guardedBody,
  refuses,
  unlessMissing,
  unlessNoUpload,
  unlessRefused,
  unlessUnknown,
} from './s3-errors.js';
import { S3Requests } from './s3-requests.js';

/** What S3 deletes with one request. */
const DELETES_AT_ONCE = 1_000;

/**
 * Objects in a bucket of S3 or a store that speaks as it does. What such a store may not check (checksums, conditions), nothing
 * here relies on: see StorageDriver for the order of upload, move and inspection.
 */
export class S3Driver implements driver.StorageDriver {
  readonly name = 's3';
  private readonly requests: S3Requests;

  /** @param signer the client whose endpoint goes into URLs; both are ended by `close` */
  constructor(
    private readonly options: S3Options,
    private readonly clock: Clock,
    private readonly client: S3.S3Client,
    signer = client,
    timeouts = S3_TIMEOUTS,
  ) {
    this.requests = new S3Requests(client, signer, timeouts, clock);
  }

  createUpload(key: string, terms: driver.UploadTerms): Promise<driver.SignedRequest> {
    const { contentType, size, sha256, expiresAt } = terms;
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    const command = new S3.PutObjectCommand({
      ...this.at(key),
      ...encryption(this.options),
      ContentType: contentType,
      ContentLength: driver.assertSize(size),
      ChecksumSHA256: checksum,
    });
    const seconds = this.seconds(expiresAt, driver.UPLOAD_SECONDS_AT_MOST);
    return this.requests.put((signer, options) => getSignedUrl(signer, command, options), seconds, {
      'Content-Type': contentType,
      'x-amz-checksum-sha256': checksum,
      ...encryptionHeaders(this.options),
    });
  }

  async startParts(key: string, contentType: string): Promise<string> {
    const command = new S3.CreateMultipartUploadCommand({
      ...this.at(key),
      ...encryption(this.options),
      ContentType: contentType,
    });
    const { UploadId } = await this.requests.send((bounds) => this.client.send(command, bounds));
    if (!UploadId) throw new driver.StorageUnavailableError(new Error('the store gave the upload no id'));
    return UploadId;
  }

  partUpload(key: string, uploadId: string, number: number, terms: driver.PartTerms): Promise<driver.SignedRequest> {
    const command = new S3.UploadPartCommand({
      ...this.at(key),
      UploadId: uploadId,
      PartNumber: driver.assertPartNumber(number),
      ContentLength: driver.assertSize(terms.size),
    });
    const seconds = this.seconds(terms.expiresAt, driver.UPLOAD_SECONDS_AT_MOST);
    return this.requests.put((signer, options) => getSignedUrl(signer, command, options), seconds, {});
  }

  async finishParts(key: string, uploadId: string, parts: readonly driver.Part[]): Promise<void> {
    const Parts = [...parts]
      .sort((a, b) => a.number - b.number)
      .map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
    if (Parts.length === 0) throw new driver.InvalidPartsError();
    const command = new S3.CompleteMultipartUploadCommand({
      ...this.at(key),
      UploadId: uploadId,
      MultipartUpload: { Parts },
    });
    await this.requests.send((bounds) => this.client.send(command, bounds), true);
  }

  async abortParts(key: string, uploadId: string): Promise<void> {
    const command = new S3.AbortMultipartUploadCommand({ ...this.at(key), UploadId: uploadId });
    await this.requests.send((bounds) => this.client.send(command, bounds)).catch(unlessNoUpload);
  }

  async head(key: string): Promise<{ size: number } | undefined> {
    const command = new S3.HeadObjectCommand(this.at(key));
    const found = await this.requests.send((bounds) => this.client.send(command, bounds)).catch(unlessMissing);
    return found && { size: found.ContentLength ?? 0 };
  }

  async read(key: string, range?: driver.ByteRange): Promise<Readable> {
    const Range = range && `bytes=${range.start}-${range.end ?? ''}`;
    const command = new S3.GetObjectCommand({ ...this.at(key), Range });
    const { Body } = await this.requests.send((bounds) => this.client.send(command, bounds));
    return guardedBody(Body as Readable);
  }

  async write(key: string, source: Readable, terms: driver.WriteTerms): Promise<{ size: number; sha256: string }> {
    const { contentType, size, sha256 } = terms;
    const measure = new Measure({ size, sha256 });
    // what fails on either side ends the other; the upload sees it as the end of its body with an error
    const Body = pipeline(source, measure, () => undefined);
    const params = { ...this.at(key), ...encryption(this.options), ContentType: contentType, Body };
    const sizes = { partSize: driver.PART_BYTES_AT_LEAST, queueSize: 2 };
    // parts are given up here, so that what went wrong is told, and not that giving up went wrong, too
    const upload = new Upload({ client: this.client, params, ...sizes, leavePartsOnError: true });
    try {
      await upload.done();
      return { size: measure.bytes, sha256: measure.sha256 };
    } catch (error) {
      if (upload.uploadId) await this.abortParts(key, upload.uploadId).catch(() => undefined); // the sweeper will
      throw measure.errored ?? failureOf(error);
    } finally {
      source.destroy();
    }
  }

  /**
   * Copied by the store and deleted, since S3 renames nothing. Two at once are kept apart by who calls: not every store knows
   * conditions on a copy, or tags.
   */
  async move(from: string, to: string, contentType: string): Promise<void> {
    if (await this.head(to)) return;
    const { Bucket, Key } = this.at(from);
    const terms: S3.CopyObjectCommandInput = {
      ...this.at(to),
      ...encryption(this.options),
      CopySource: encodeURI(`${Bucket}/${Key}`),
      // headers that were not signed may have come with the upload: of what the client said there nothing is kept
      MetadataDirective: 'REPLACE',
      ContentType: contentType,
    };
    const copy = (more: Partial<S3.CopyObjectCommandInput>) =>
      this.requests.send((bounds) => this.client.send(new S3.CopyObjectCommand({ ...terms, ...more }), bounds), true);
    // a store that knows no tags keeps none
    const untagged = (error: unknown) => {
      unlessRefused(error);
      return copy({});
    };
    const copied = await copy({ TaggingDirective: 'REPLACE' }).catch(untagged).catch(unlessMissing);
    if (copied) await this.delete([from]);
    else if (!(await this.head(to))) throw new driver.ObjectMissingError(); // moved by another one in between
  }

  async delete(keys: readonly string[]): Promise<void> {
    const objects = keys.map((key) => ({ Key: this.at(key).Key }));
    for (let start = 0; start < objects.length; start += DELETES_AT_ONCE) {
      const Delete = { Objects: objects.slice(start, start + DELETES_AT_ONCE), Quiet: true };
      const command = new S3.DeleteObjectsCommand({ Bucket: this.options.bucket, Delete });
      const { Errors = [] } = await this.requests.send((bounds) => this.client.send(command, bounds));
      const failed = Errors.map(({ Code = '' }) => Code).filter((code) => code !== 'NoSuchKey');
      if (failed.length === 0) continue;
      const cause = new Error(`${failed.length} not deleted: ${failed[0]}`);
      throw failed.every((code) => refuses(code))
        ? new driver.StorageRefusedError(cause)
        : new driver.StorageUnavailableError(cause);
    }
  }

  async *list(prefix: string): AsyncIterable<driver.ObjectInfo> {
    const { bucket: Bucket, prefix: before } = this.options;
    const Prefix = before + (assertPrefix(prefix) && `${prefix}/`);
    let ContinuationToken: string | undefined;
    do {
      const command = new S3.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken });
      const page = await this.requests.send((bounds) => this.client.send(command, bounds));
      for (const { Key = '', Size = 0, LastModified = new Date() } of page.Contents ?? []) {
        const key = Key.slice(before.length);
        if (isKey(key)) yield { key, size: Size, modifiedAt: LastModified };
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (ContinuationToken);
  }

  downloadUrl(key: string, { expiresAt, contentType, fileName, inline }: driver.DownloadTerms): Promise<string> {
    const command = new S3.GetObjectCommand({
      ...this.at(key),
      ResponseContentType: servedType(contentType),
      ResponseContentDisposition: dispositionOf(fileName, contentType, inline),
      ResponseCacheControl: 'private, no-store',
    });
    const seconds = this.seconds(expiresAt, driver.DOWNLOAD_SECONDS_AT_MOST);
    return this.requests.get((signer, options) => getSignedUrl(signer, command, options), seconds);
  }

  async sweepUnfinished(before: Date): Promise<number> {
    const { bucket: Bucket, prefix: Prefix } = this.options;
    let swept = 0;
    let next: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (next) {
      const command: S3.ListMultipartUploadsCommand = new S3.ListMultipartUploadsCommand({ Bucket, Prefix, ...next });
      const page = await this.requests.send((bounds) => this.client.send(command, bounds)).catch(unlessUnknown);
      if (!page) break; // a store that cannot list them has a rule of its own that ends them
      for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
        const key = Key.slice(Prefix.length);
        if (!isKey(key) || !Initiated || Initiated >= before) continue;
        // one that the store will not end keeps nobody from the others
        if (await this.abortParts(key, UploadId).then(() => true, unlessRefused)) swept += 1;
      }
      const { IsTruncated, NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      next = IsTruncated ? { KeyMarker, UploadIdMarker } : undefined;
    }
    return swept;
  }

  async ready(): Promise<void> {
    const command = new S3.HeadBucketCommand({ Bucket: this.options.bucket });
    const there = await this.requests.send((bounds) => this.client.send(command, bounds)).catch(unlessMissing);
    if (!there) throw new driver.StorageUnavailableError(new Error('there is no such bucket'));
  }

  /** Ends the connections. */
  onApplicationShutdown(): void {
    this.requests.destroy();
  }

  /** @throws ForeignKeyError */
  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.options.bucket, Key: this.options.prefix + assertKey(key) };
  }

  private seconds(expiresAt: Date, atMost: number): number {
    return driver.secondsUntil(expiresAt, this.clock.now(), atMost);
  }
}
