import { Injectable, Logger } from '@nestjs/common';
import { Config, KeyRing } from '../../../config/index.js';
import { canonicalJson } from '../proof/canonical.js';
import * as notes from '../proof/checkpoint-note.js';
import { type Frontier, leafHash } from '../proof/merkle.js';
import { LogTroubles } from './log-troubles.js';
import { type Growth, SealerRepository, type TreeState, type UnsealedEntry } from './sealer.repository.js';
import { soundTree } from './sound-tree.js';

/** What of the key ring signs checkpoints. Another one would be another key. */
export const PURPOSE = 'audit-checkpoint';

/** An entry that has no canonical form. The database's constraints keep such from being written. */
export class UnprovableEntryError extends Error {
  override name = 'UnprovableEntryError';
}

/**
 * Numbers what was committed, hashes it into each log's Merkle tree (RFC 6962 section 2.1) and signs the new root
 * (docs/audit-format.md). Any number of processes may do so at once: one at a time gets work, the others none.
 *
 * A log whose stored tree is not the one that was signed last is set aside, since the signature would speak for whoever
 * changed it; the others go on.
 */
@Injectable()
export class Sealer {
  private readonly keyName: string;
  private readonly key: notes.CheckpointKey;
  private readonly altered = new LogTroubles(new Logger('Audit'), 'the audit log is not what was signed');

  constructor(
    private readonly rows: SealerRepository,
    config: Config,
    ring: KeyRing,
  ) {
    this.keyName = notes.checkpointKeyName(new URL(config.publicUrl));
    this.key = notes.checkpointKey(ring.derive(PURPOSE));
  }

  /**
   * One pass, in one transaction.
   * @param limit entries at most, over all logs
   * @returns how many were numbered, or belong to a log that is now set aside: fewer than `limit` when there are no more, or
   * when somebody else is at it
   * @throws UnprovableEntryError
   */
  async run(limit: number): Promise<number> {
    const { count, aside } = await this.rows.transaction(async (tx) => {
      const entries = await this.rows.unsealed(tx, limit);
      if (entries.length === 0) return { count: 0, aside: [] };
      const byTenant = Map.groupBy(entries, ({ tenantId }) => tenantId);
      const trees = await this.rows.trees(tx, [...byTenant.keys()]);
      const aside: TreeState[] = [];
      const growths = trees.flatMap((state) => {
        const tree = soundTree(state);
        if (!tree) aside.push(state);
        return tree ? [this.grow(state, tree, byTenant.get(state.tenantId) ?? [])] : [];
      });
      if (growths.length > 0) await this.rows.seal(tx, growths);
      if (aside.length > 0) await this.rows.setAside(tx, idsOf(aside), []);
      return { count: entries.length, aside };
    });
    this.tell(aside);
    return count;
  }

  /** Whether logs that are set aside, by whichever process, are what was signed again: those get their numbers. */
  async lookAgain(): Promise<void> {
    const aside = await this.rows.transaction(async (tx) => {
      const ids = await this.rows.setAside(tx, [], []);
      const trees = ids.length > 0 ? await this.rows.trees(tx, ids) : [];
      const back = trees.filter(soundTree);
      if (back.length > 0) await this.rows.setAside(tx, [], idsOf(back));
      return trees.filter((tree) => !back.includes(tree));
    });
    const still = new Set(idsOf(aside));
    for (const tenantId of this.altered.logs) if (!still.has(tenantId)) this.altered.isOver(tenantId);
    this.tell(aside);
  }

  private tell(aside: readonly TreeState[]): void {
    for (const { tenantId, size, signedSize } of aside) {
      const why = `its ${size} leaves, and their nodes, are not those of its checkpoint of ${signedSize}; it gets no numbers`;
      this.altered.goesOn(tenantId, why);
    }
  }

  private grow({ tenantId, at }: TreeState, tree: Frontier, entries: UnsealedEntry[]): Growth {
    const growth = { leaves: [] as Growth['leaves'], nodes: [] as Growth['nodes'] };
    for (const { id, xactId, document } of entries) {
      const seq = tree.size;
      const hash = leafHash(entryBytes(document, seq));
      growth.nodes.push(...tree.append(hash));
      growth.leaves.push({ seq, entryId: id, hash, xactId });
    }
    const checkpoint = { size: tree.size, at, epoch: entries[0]?.epoch ?? 0, root: tree.root() };
    const note = notes.signCheckpoint({ keyName: this.keyName, tenantId, ...checkpoint }, this.key);
    const verifierKey = notes.verifierKey(this.keyName, this.key);
    return { tenantId, ...growth, checkpoint: { ...checkpoint, verifierKey, note } };
  }
}

const idsOf = (trees: readonly TreeState[]): string[] => trees.map(({ tenantId }) => tenantId);

/** The bytes that a leaf is the hash of. @throws UnprovableEntryError */
function entryBytes(document: Record<string, unknown>, seq: number): Buffer {
  try {
    return Buffer.from(canonicalJson({ ...document, seq }));
  } catch (error) {
    throw new UnprovableEntryError(
      `entry ${String(document['id'])} of tenant ${String(document['tenantId'])}: ${(error as Error).message}`,
    );
  }
}
