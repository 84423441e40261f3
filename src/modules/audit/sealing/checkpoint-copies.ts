import { Injectable, Logger } from '@nestjs/common';
import { CheckpointConflictError, type CheckpointStore, type KeptCheckpoint } from './checkpoint-store.js';
import { SealerRepository } from './sealer.repository.js';

const COPIES_AT_ONCE = 200;

/**
 * Copies the newest checkpoint of each log to where the customer keeps them, whichever process signed it. One that a newer
 * one has overtaken is left out: a checkpoint vouches for all that came before it, and the database has them all.
 */
@Injectable()
export class CheckpointCopies {
  private readonly logger = new Logger('Audit');
  /** size of the last copy of each log */
  private readonly copied = new Map<string, number>();

  constructor(private readonly rows: SealerRepository) {}

  /** One round. What fails is missing in the next round too, and tried again. @throws Error of the store */
  async run(store: CheckpointStore): Promise<void> {
    let found: KeptCheckpoint[];
    do {
      found = await this.rows.newestCheckpoints(this.copied, COPIES_AT_ONCE);
      for (const checkpoint of found) {
        await this.keep(store, checkpoint);
        this.copied.set(checkpoint.tenantId, checkpoint.size);
      }
    } while (found.length === COPIES_AT_ONCE);
  }

  private async keep(store: CheckpointStore, checkpoint: KeptCheckpoint): Promise<void> {
    try {
      await store.keep(checkpoint);
    } catch (error) {
      if (!(error instanceof CheckpointConflictError)) throw error;
      this.logger.error(`the audit log was rolled back and written anew: ${error.message} of the same size`);
    }
  }
}
