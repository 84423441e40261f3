import { Inject, Injectable, Logger } from '@nestjs/common';
import { UuidField, WholeNumberField } from '../../route/index.js';
import { AuditTrail } from '../audit/index.js';
import { defineJob, JobHandler, type JobRun, type JobRunner, Jobs, PermanentJobError } from '../jobs/index.js';
import {
  ANTIVIRUS,
  ContentNotScannableError,
  type Scanner,
  STORAGE_DRIVER,
  type StorageDriver,
} from '../storage/index.js';
import { FileActions } from './files.actions.js';
import { FilesRepository, type Version } from './files.repository.js';

export class ScanFilePayload {
  @UuidField()
  fileId!: string;

  @WholeNumberField({ min: 1, max: 999_999_999 })
  number!: number;
}

/** What it is about stands in its row, and so do its rights: to settle that one version (app.settle_scan). */
export const ScanFile = defineJob({
  kind: 'file.scan',
  permissions: [],
  payload: ScanFilePayload,
  transaction: 'none',
  timeoutSeconds: 1_800,
});

/** Has uploads scanned, where there is a scanner. */
@Injectable()
export class Scans {
  constructor(
    @Inject(ANTIVIRUS) private readonly scanner: Scanner | undefined,
    private readonly jobs: Jobs,
  ) {}

  get wanted(): boolean {
    return this.scanner !== undefined;
  }

  /** In the transaction that quarantines it, or of a person who asks again: a job ends with whoever it is for. */
  async enqueue({ fileId, number }: Version, personId: string): Promise<void> {
    if (this.wanted) await this.jobs.enqueue(ScanFile, { fileId, number }, { key: `${fileId}/${number}/${personId}` });
  }
}

/** Lets the scanner read what was uploaded, without a transaction; then it is offered, or gone. */
@JobHandler(ScanFile)
@Injectable()
export class FileScanner implements JobRunner<ScanFilePayload> {
  private readonly logger = new Logger('Files');

  constructor(
    @Inject(ANTIVIRUS) private readonly scanner: Scanner | undefined,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
    private readonly files: FilesRepository,
    private readonly trail: AuditTrail,
  ) {}

  async run(_payload: ScanFilePayload, job: JobRun): Promise<void> {
    if (!this.scanner) throw new PermanentJobError('no_scanner');
    const version = await job.run(() => this.files.toScan());
    if (!version) return; // settled by another one
    const refused = await this.scan(this.scanner, version, job.signal);
    await job.run(async () => {
      if (!(await this.files.settleScan(refused === undefined))) return;
      const details = { number: version.number, ...refused?.details };
      await this.trail.record(refused?.action ?? FileActions.cleared, { targetId: version.fileId, details });
    });
    if (!refused) return;
    await this.driver
      .delete([version.objectKey, version.uploadKey])
      .catch((cause: Error) => this.logger.warn(`a discarded upload is left to the sweeper: ${cause.message}`));
  }

  /** @returns why it is not offered; undefined: it is clean */
  private async scan(scanner: Scanner, { objectKey }: Version, signal: AbortSignal) {
    try {
      const verdict = await scanner.scan(await this.driver.read(objectKey), signal);
      return verdict.clean ? undefined : { action: FileActions.infected, details: { signature: verdict.signature } };
    } catch (error) {
      if (!(error instanceof ContentNotScannableError)) throw error;
      return { action: FileActions.rejected, details: { code: error.code } };
    }
  }
}
