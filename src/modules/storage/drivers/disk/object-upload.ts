import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Readable } from 'node:stream';
import { Clock } from '../../../../context/index.js';
import { notFound } from '../../../../errors/index.js';
import { contentTypeNotSigned, uploadUnderWay } from '../../storage.problems.js';
import { SizeMismatchError } from '../measure.js';
import { ObjectMissingError } from '../storage-driver.js';
import { DiskDriver } from './disk.driver.js';
import { bodyOf } from './request-body.js';
import type { UploadGrant } from './signed-urls.js';
import { TransferLimits, UnderWay } from './transfer-limits.js';

/** Receives what an upload URL permits, once at a time: what a URL was made for takes its size on the disk, and no multiple. */
@Injectable()
export class ObjectUpload {
  private readonly underWay = new UnderWay();

  constructor(
    private readonly driver: DiskDriver,
    private readonly limits: TransferLimits,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the ETag: SHA-256, quoted
   * @throws DomainError 403 for another type than was signed, 404 for an upload that is over, 408 for one that takes too long,
   * 409 while the same is being received, 429 with Retry-After; SizeMismatchError, ChecksumMismatchError, StorageUnavailableError;
   * ClientGoneError
   */
  async receive(request: Request, grant: UploadGrant): Promise<string> {
    assertAnnounced(request, grant);
    const end = this.begin(grant);
    const body = bodyOf(request, this.limits.idle, grant.expires * 1000 - this.clock.now());
    try {
      return `"${await this.store(body, grant)}"`;
    } catch (error) {
      throw error instanceof ObjectMissingError ? notFound() : (body.errored ?? error);
    } finally {
      body.destroy();
      end();
    }
  }

  private begin(grant: UploadGrant): () => void {
    const tenant = grant.key.slice(0, grant.key.indexOf('/'));
    const what = 'part' in grant ? `${grant.key}/${grant.uploadId}/${grant.part}` : grant.key;
    if (this.underWay.has(what)) throw uploadUnderWay();
    return this.underWay.begin(
      new Map([
        [what, 1],
        [tenant, this.limits.uploadsOfTenant],
      ]),
    );
  }

  private async store(body: Readable, grant: UploadGrant): Promise<string> {
    const { files, parts } = this.driver;
    const { key, size } = grant;
    if ('part' in grant) return parts.receive(key, grant.uploadId, grant.part, size, body);
    const { sha256 } = grant;
    return (await files.receive(body, { size, sha256 }, (file) => files.place(file, key))).sha256;
  }
}

/** What the headers say already, before a byte of the body. */
function assertAnnounced({ headers }: Request, grant: UploadGrant): void {
  if ('contentType' in grant && headers['content-type'] !== grant.contentType) throw contentTypeNotSigned();
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) !== grant.size)
    throw new SizeMismatchError(Number(announced) > grant.size);
}
