import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { refusalFor } from '../../../database/index.js';
import { type QueueMessage, Queues } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../storage/index.js';
import { ArchiveError, asRequested, eraseTenant } from '../tenant-archive/index.js';
import { ArchiveExporter } from './archive-exporter.js';
import { type ArchiveRun, ArchiveRuns } from './archive-runs.js';

/** Made by migration 0033; worked on where the service role is known. */
export const ARCHIVE_QUEUE = 'tenant-archive';

/** Refusals that pass: a race with another run, after which there is something else to do. */
const PASSES = new Set(['concurrent_change', 'not_found']);

/**
 * Exports and erases tenants as operators have asked. A row may be handed out twice, and a process may end anywhere: an
 * export then begins anew under another key, an erasure goes on where it was, and of one that is done it gives the
 * certificate again.
 */
@Injectable()
export class ArchiveWorker implements OnModuleInit {
  private readonly log = new Logger('Platform');

  constructor(
    private readonly queues: Queues,
    private readonly runs: ArchiveRuns,
    private readonly exporter: ArchiveExporter,
    @Inject(STORAGE_DRIVER) private readonly store: StorageDriver,
  ) {}

  onModuleInit(): void {
    this.queues.handle({ name: ARCHIVE_QUEUE, pollSeconds: 5 }, (message) => this.take(message));
  }

  private async take(message: QueueMessage): Promise<void> {
    const run = await this.runs.begin(String(message.data['archiveId']));
    if (!run) return;
    try {
      if (run.op === 'export') await this.exporter.run(run, message.signal);
      else await this.erase(run);
    } catch (error) {
      if (!(await this.fail(run, message, error))) throw error;
    }
  }

  private async erase(run: ArchiveRun): Promise<void> {
    const write = (line: string): void => this.log.log(line);
    const target = { pool: this.runs.pool, store: this.store, write, enter: asRequested(run.id) };
    const { sha256, text } = await eraseTenant(target, { id: run.tenantId });
    await this.runs.pool.transaction((client) => this.runs.finish(client, run, { sha256, certificate: text }));
  }

  /** @returns whether it is over; otherwise the queue tries again */
  private async fail(run: ArchiveRun, { lastAttempt, signal }: QueueMessage, error: unknown): Promise<boolean> {
    const refusal = refusalFor(error);
    const permanent =
      error instanceof ArchiveError || (refusal !== undefined && refusal.status < 500 && !PASSES.has(refusal.code));
    const final = permanent || (lastAttempt && !signal.aborted);
    const code = error instanceof ArchiveError ? error.code : (refusal?.code ?? 'internal_error');
    const { message, stack } = error as Error;
    const told = `${run.op} ${run.id} of tenant ${run.tenantId} at attempt ${run.attempt}`;
    if (code === 'internal_error') this.log.error(told, stack);
    else this.log.warn(`${told}${final ? ' has failed' : ''}: ${message}`);
    await this.runs.fail(run, code, final);
    return final;
  }
}
