import { Injectable, Logger } from '@nestjs/common';
import { hash } from 'node:crypto';
import {
  CheckpointConflictError,
  type CheckpointStore,
  type KeptCheckpoint,
  type LargestKept,
} from './checkpoint-store.js';
import { LogTroubles } from './log-troubles.js';
import { SealerRepository, type TreeAt } from './sealer.repository.js';
import { treeOf } from './sound-tree.js';

const COPIES_AT_ONCE = 200;
const NONE = Buffer.alloc(0);
const NOT_LOOKED_AT = Buffer.of(0);

/**
 * Copies the newest checkpoint of each log to where the customer keeps them, whichever process signed it. One that a newer
 * one has overtaken is left out: a checkpoint vouches for all that came before it, and the database has them all.
 *
 * A log that does not go on from the largest checkpoint that is kept of it was rolled back. Nothing of it is copied, since a
 * larger one would hide that: the log's line comes again until the log is what it was, or what is kept of it is put away.
 */
@Injectable()
export class CheckpointCopies {
  private readonly rolledBack = new LogTroubles(new Logger('Audit'), 'the audit log was rolled back');
  /** SHA-256 of the last copy of each log, or of what stands there instead */
  private readonly copied = new Map<string, Buffer>();
  private begun = false;

  constructor(private readonly rows: SealerRepository) {}

  /** One round. What fails is missing in the next round too, and tried again. @throws Error of the store */
  async run(store: CheckpointStore): Promise<void> {
    await this.compare(store, this.rolledBack.logs);
    if (!this.begun) for (const tenantId of await store.logs()) this.copied.set(tenantId, NOT_LOOKED_AT);
    this.begun = true;
    let found: KeptCheckpoint[];
    do {
      found = await this.rows.newestCheckpoints(this.copied, COPIES_AT_ONCE);
      await this.compare(
        store,
        found.map(({ tenantId }) => tenantId),
      );
      for (const checkpoint of found) {
        if (!this.rolledBack.has(checkpoint.tenantId)) await this.keep(store, checkpoint);
        this.copied.set(checkpoint.tenantId, checkpoint.size > 0 ? hash('sha256', checkpoint.note, 'buffer') : NONE);
      }
    } while (found.length === COPIES_AT_ONCE);
  }

  /** Reads the store first: what is kept was in the database before, so the database must have it still. */
  private async compare(store: CheckpointStore, logs: readonly string[]): Promise<void> {
    const kept = new Map<string, LargestKept>();
    for (const tenantId of logs) {
      const largest = await store.largest(tenantId);
      if (largest) kept.set(tenantId, largest);
      else this.goesOnFrom(tenantId);
    }
    if (kept.size === 0) return;
    for (const tree of await this.rows.treesAt([...kept.values()])) {
      const why = differenceOf(kept.get(tree.tenantId) as LargestKept, tree);
      if (why === undefined) this.goesOnFrom(tree.tenantId);
      else this.rolledBack.goesOn(tree.tenantId, why);
    }
  }

  /** What was not copied while the log was rolled back is copied now. */
  private goesOnFrom(tenantId: string): void {
    if (this.rolledBack.has(tenantId)) this.copied.delete(tenantId);
    this.rolledBack.isOver(tenantId);
  }

  private async keep(store: CheckpointStore, checkpoint: KeptCheckpoint): Promise<void> {
    if (checkpoint.size === 0) return; // nothing is kept of it either
    try {
      await store.keep(checkpoint);
    } catch (error) {
      if (!(error instanceof CheckpointConflictError)) throw error;
      this.rolledBack.goesOn(checkpoint.tenantId, `${error.message} of the same size`);
    }
  }
}

/** Why a log does not go on from what is kept of it; undefined where it does. */
function differenceOf(kept: LargestKept, { newest, note, peaks }: TreeAt): string | undefined {
  const { tenantId, size, place } = kept;
  if (newest < size) return `${place} is kept, and the newest checkpoint of the database is of ${newest} entries`;
  if (note !== null && note !== kept.note)
    return `${place} is another checkpoint than the database's of ${size} entries`;
  const root = treeOf(size, peaks)?.root().toString('base64');
  const [origin, entries, keptRoot] = kept.note.split('\n');
  const fits = origin?.endsWith(`/audit/${tenantId}`) && entries === String(size) && keptRoot === root;
  return fits ? undefined : `${place} is not of the database's first ${size} entries`;
}
