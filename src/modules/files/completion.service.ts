import { Inject, Injectable, Logger } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { TenantTransactions } from '../../database/index.js';
import { DomainError, notFound } from '../../errors/index.js';
import { AuditTrail } from '../audit/index.js';
import {
  ChecksumMismatchError,
  inspect,
  ObjectMissingError,
  SizeMismatchError,
  STORAGE_DRIVER,
  type StorageDriver,
} from '../storage/index.js';
import type { CompleteFileRequest, UploadedPart } from './dto/requests.js';
import type { FileView } from './dto/responses.js';
import { FileActions } from './files.actions.js';
import { fileLost, notUploaded, partsMismatch } from './files.problems.js';
import { FilesRepository, type Version } from './files.repository.js';
import { Scans } from './scans.js';

/**
 * Makes an upload a file. A short transaction takes it up, so that nobody else does; then, without one, the bytes are moved
 * to a key that nobody can write to and read to the end; a second transaction says what they were. Whoever has lost the
 * right meanwhile is refused there, and so is whoever took so long that another one has taken it up: they delete nothing.
 */
@Injectable()
export class CompletionService {
  private readonly logger = new Logger('Files');

  constructor(
    private readonly files: FilesRepository,
    private readonly transactions: TenantTransactions,
    private readonly trail: AuditTrail,
    private readonly scans: Scans,
    private readonly context: RequestContext,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws DomainError 404, 403; 409 not uploaded, or somebody completes it; 422 not what was announced (it is gone then); 503 */
  async complete(id: string, { version, parts }: CompleteFileRequest): Promise<FileView> {
    const taken = await this.transactions.apart(() => this.files.check(id, version));
    if (taken.status === 'lost') throw fileLost();
    if (taken.status !== 'pending') return this.again(taken);
    try {
      await this.collect(taken, parts);
      await inspect(await this.driver.read(taken.objectKey), taken);
    } catch (error) {
      throw await this.refuse(taken, error);
    }
    return this.settle(taken);
  }

  private async settle(taken: Version): Promise<FileView> {
    try {
      return await this.transactions.apart(async () => {
        await this.files.settle(taken, this.scans.wanted ? 'quarantined' : 'ready');
        await this.trail.record(FileActions.completed, { targetId: taken.fileId, details: { number: taken.number } });
        await this.scans.enqueue(taken, this.context.principal.userId);
        return this.view(taken);
      });
    } catch (error) {
      await this.release(taken);
      throw error;
    }
  }

  /** Of what is settled. Whoever asks for one in quarantine has it scanned, in case that nobody does any more. */
  private again(settled: Version): Promise<FileView> {
    return this.transactions.apart(async () => {
      if (settled.status === 'quarantined') await this.scans.enqueue(settled, this.context.principal.userId);
      return this.view(settled);
    });
  }

  /** Brings the bytes to their last key. May be repeated: what a process left half done is taken up there. */
  private async collect(
    { uploadId, uploadKey, objectKey, contentType }: Version,
    parts?: UploadedPart[],
  ): Promise<void> {
    if ((uploadId === null) !== (parts === undefined))
      throw partsMismatch('Name the parts of an upload in parts, and of no other.');
    if (uploadId === null) return this.driver.move(uploadKey, objectKey, contentType);
    if (!(await this.driver.head(objectKey))) await this.driver.finishParts(objectKey, uploadId, parts ?? []);
  }

  /** @returns what to answer, when the bytes are gone with their row, or wait for another try */
  private async refuse(version: Version, error: unknown): Promise<unknown> {
    const mismatch = mismatchOf(error);
    if (mismatch) {
      await this.discard(version, mismatch.code);
      return mismatch;
    }
    await this.release(version);
    if (!(error instanceof ObjectMissingError)) return error;
    return notUploaded();
  }

  /** For another try: at once, if the database is there; else in a quarter of an hour. */
  private async release(version: Version): Promise<void> {
    await this.transactions
      .apart(() => this.files.settle(version, 'pending'))
      .catch((cause: Error) => this.logger.debug(`an upload waits for its next try: ${cause.message}`));
  }

  /** The row first: an object without one is found and removed, a row without one would be offered. Whoever may not, deletes nothing. */
  private async discard(version: Version, code: string): Promise<void> {
    await this.transactions.apart(async () => {
      await this.files.discard(version);
      const details = { number: version.number, code };
      await this.trail.record(FileActions.rejected, { targetId: version.fileId, details });
    });
    await this.driver
      .delete([version.objectKey, version.uploadKey])
      .catch((cause: Error) => this.logger.warn(`a discarded upload is left to the sweeper: ${cause.message}`));
  }

  private async view({ fileId, number }: Version): Promise<FileView> {
    const file = await this.files.find(fileId, number);
    if (!file) throw notFound();
    return file;
  }
}

const MISMATCHES: ReadonlySet<string> = new Set(['content_type_mismatch', 'content_type_not_allowed']);

/** The refusal for bytes that are not what was announced; undefined for any other error. */
function mismatchOf(error: unknown): DomainError | undefined {
  if (!(error instanceof DomainError)) return undefined;
  const wrong = error instanceof SizeMismatchError || error instanceof ChecksumMismatchError;
  return wrong || MISMATCHES.has(error.code) ? new DomainError(error.kind, error.detail, { status: 422 }) : undefined;
}
