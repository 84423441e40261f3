import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { Clock } from '../../context/index.js';
import { TenantTransactions } from '../../database/index.js';
import { AuditTrail } from '../audit/index.js';
import {
  assertAllowedType,
  PART_BYTES_AT_LEAST,
  STORAGE_DRIVER,
  type StorageDriver,
  UPLOAD_SECONDS_AT_MOST,
} from '../storage/index.js';
import { CreateFileRequest, VersionRequest } from './dto/requests.js';
import type { AnnouncedFile, PartsUpload, WholeUpload } from './dto/responses.js';
import { FileActions } from './files.actions.js';
import { fileTooLarge } from './files.problems.js';
import { FilesRepository, type Version } from './files.repository.js';

/** Announces files: a row and room for it first, then a URL. The store is never asked while a transaction is open. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly files: FilesRepository,
    private readonly transactions: TenantTransactions,
    private readonly trail: AuditTrail,
    private readonly config: Config,
    private readonly clock: Clock,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws DomainError 404 for a record that is not visible, 403 for one that is not theirs to change, 409 without room, 422, 503 */
  create(request: CreateFileRequest): Promise<AnnouncedFile> {
    return this.announce(request, async () => {
      const made = await this.files.create(request);
      await this.trail.record(FileActions.created, { targetId: made.fileId });
      return made;
    });
  }

  /** @throws DomainError as create, of the file */
  addVersion(id: string, request: VersionRequest): Promise<AnnouncedFile> {
    return this.announce(request, async () => {
      const made = await this.files.addVersion(id, request);
      await this.trail.record(FileActions.versionAdded, { targetId: id, details: { number: made.number } });
      return made;
    });
  }

  private async announce(request: VersionRequest, make: () => Promise<Version>): Promise<AnnouncedFile> {
    assertAllowedType(request.contentType);
    if (request.size > this.config.env.FILE_BYTES_AT_MOST)
      throw fileTooLarge(`A file has at most ${this.config.env.FILE_BYTES_AT_MOST} bytes.`);
    const version = await this.transactions.apart(make);
    const expiresAt = new Date(this.clock.now() + UPLOAD_SECONDS_AT_MOST * 1000);
    try {
      const upload = request.parts ? this.inParts(version, request.parts, expiresAt) : this.whole(version, expiresAt);
      return { id: version.fileId, version: version.number, upload: await upload };
    } catch (error) {
      await this.takeBack(version).catch(() => undefined); // swept later
      throw error;
    }
  }

  private async whole(version: Version, expiresAt: Date): Promise<WholeUpload> {
    const signed = await this.driver.createUpload(version.uploadKey, { ...version, expiresAt });
    return { ...signed, expiresAt: expiresAt.toISOString() };
  }

  /** Parts go to where the object will lie: their URLs are void once it is made of them. */
  private async inParts(version: Version, most: number, expiresAt: Date): Promise<PartsUpload> {
    const uploadId = await this.driver.startParts(version.objectKey, version.contentType);
    await this.transactions.apart(() => this.files.nameUpload(version, uploadId));
    const partSize = Math.max(Math.ceil(version.size / most), PART_BYTES_AT_LEAST);
    const parts: PartsUpload['parts'] = [];
    for (let start = 0; start < version.size || start === 0; start += partSize) {
      const [number, size] = [parts.length + 1, Math.min(partSize, version.size - start)];
      const signed = await this.driver.partUpload(version.objectKey, uploadId, number, { size, expiresAt });
      parts.push({ number, size, ...signed });
    }
    return { partSize, parts, expiresAt: expiresAt.toISOString() };
  }

  /** Nobody was told of it. */
  private takeBack(version: Version): Promise<void> {
    return this.transactions.apart(async () => {
      await this.files.discard(await this.files.check(version.fileId, version.number));
      const details = { number: version.number, code: 'storage_unavailable' };
      await this.trail.record(FileActions.rejected, { targetId: version.fileId, details });
    });
  }
}
