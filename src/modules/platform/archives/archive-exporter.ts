import { Inject, Injectable, Logger } from '@nestjs/common';
import { PassThrough } from 'node:stream';
import { refusalFor } from '../../../database/index.js';
import { verifierFile } from '../../audit/index.js';
import { STORAGE_DRIVER, type StorageDriver, StorageUnavailableError } from '../../storage/index.js';
import { PlatformActions } from '../platform.actions.js';
import { PlatformAudit } from '../platform-audit.js';
import { archiveTenant, asRequested } from '../tenant-archive/index.js';
import { type ArchiveResult, type ArchiveRun, ArchiveRuns } from './archive-runs.js';

/** Another run has begun, or the tenant is gone: what this one made is nobody's. */
class RunOverError extends Error {
  override name = 'RunOverError';
}

/** Writes a tenant's archive into the store of files. */
@Injectable()
export class ArchiveExporter {
  private readonly log = new Logger('Platform');

  constructor(
    private readonly runs: ArchiveRuns,
    @Inject(STORAGE_DRIVER) private readonly store: StorageDriver,
  ) {}

  /** @throws ArchiveError, StorageUnavailableError, DatabaseError; nothing is left then */
  async run(run: ArchiveRun, signal: AbortSignal): Promise<void> {
    const key = run.objectKey ?? '';
    if (run.formerKey) await this.store.delete([run.formerKey]);
    const result = await this.write(run, key, signal);
    try {
      await this.settle(run, result);
    } catch (error) {
      // a COMMIT that was not answered may have happened: then the object is wanted, and else the sweeper's
      if (error instanceof RunOverError || (refusalFor(error)?.status ?? 500) < 500) await this.store.delete([key]);
      if (!(error instanceof RunOverError)) throw error;
    }
  }

  /** From one end to the other as fast as the slower one takes it: neither end holds more than its buffers. */
  private async write({ id, tenantId }: ArchiveRun, key: string, signal: AbortSignal): Promise<ArchiveResult> {
    const verifier = await verifierFile();
    const bytes = new PassThrough();
    bytes.on('error', () => undefined); // either end says why
    const interrupt = (): void => void bytes.destroy(new Error('interrupted'));
    signal.addEventListener('abort', interrupt);
    if (signal.aborted) interrupt();
    const stored = this.store.write(key, bytes, { contentType: 'application/gzip' });
    stored.catch((error: unknown) => bytes.destroy(error as Error));
    const source = { pool: this.runs.pool, store: this.store, verifier, enter: asRequested(id) };
    try {
      // not until both have ended: what one still does, the other's failure must not leave alone
      const [archived, kept] = await Promise.allSettled([archiveTenant(source, tenantId, bytes), stored]);
      if (archived.status === 'fulfilled' && kept.status === 'fulfilled')
        return { ...kept.value, missingFiles: archived.value.missing.length };
      throw causeOf(archived, kept);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  private async settle(run: ArchiveRun, result: ArchiveResult): Promise<void> {
    const { id: exportId, tenantId } = run;
    const lines: string[] = [];
    await this.runs.pool.transaction(async (client) => {
      const operatorId = await asRequested(exportId)(client);
      const audit = new PlatformAudit((line) => lines.push(line));
      await audit.record(client, PlatformActions.tenantExported, { operatorId, tenantId }, { exportId, ...result });
      if (!(await this.runs.finish(client, run, result))) throw new RunOverError();
    });
    for (const line of lines) this.log.log(line);
  }
}

/** Each end fails with the other; a store that is told of a stream that was cut is no reason. */
function causeOf(...[archived, kept]: PromiseSettledResult<unknown>[]): unknown {
  const [first, second] = [archived, kept].map((end) =>
    end?.status === 'rejected' ? (end.reason as Error) : undefined,
  );
  const away = second instanceof StorageUnavailableError && !isCut(second.cause);
  return away ? second : (first ?? second);
}

const isCut = (error: unknown): boolean => /^ERR_STREAM/.test((error as NodeJS.ErrnoException | undefined)?.code ?? '');
