import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { ClientGoneError } from '../../../../database/index.js';
import { forbidden, notFound } from '../../../../errors/index.js';
import { SizeMismatchError } from '../measure.js';
import { ObjectMissingError } from '../storage-driver.js';
import { DiskDriver } from './disk.driver.js';
import type { UploadGrant } from './signed-urls.js';

/** Receives what an upload URL permits. */
@Injectable()
export class ObjectUpload {
  constructor(private readonly driver: DiskDriver) {}

  /**
   * @returns the ETag: SHA-256, quoted
   * @throws DomainError 403 for another type than was signed, 404 for an upload that is over; SizeMismatchError,
   * ChecksumMismatchError, StorageUnavailableError; ClientGoneError
   */
  async receive(request: Request, grant: UploadGrant): Promise<string> {
    assertAnnounced(request, grant);
    // the iterator leaves the request alone when it ends early: an answer must still go back over its connection
    const body = request.iterator({ destroyOnReturn: false });
    try {
      return `"${await this.store(body, grant)}"`;
    } catch (error) {
      if (request.destroyed && !request.complete) throw new ClientGoneError('the upload was broken off');
      throw error instanceof ObjectMissingError ? notFound() : error;
    }
  }

  private async store(body: AsyncIterable<unknown>, grant: UploadGrant): Promise<string> {
    const { files, parts } = this.driver;
    const { key, size } = grant;
    if ('part' in grant) return parts.receive(key, grant.uploadId, grant.part, size, body);
    const { sha256 } = grant;
    return (await files.receive(body, { size, sha256 }, (file) => files.place(file, key))).sha256;
  }
}

/** What the headers say already, before a byte of the body. */
function assertAnnounced({ headers }: Request, grant: UploadGrant): void {
  if ('contentType' in grant && headers['content-type'] !== grant.contentType)
    throw forbidden('content_type_not_signed', 'Send the Content-Type that the upload was made for.');
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) !== grant.size)
    throw new SizeMismatchError(Number(announced) > grant.size);
}
