import { Injectable } from '@nestjs/common';
import { Config, KeyRing } from '../../../config/index.js';
import { canonicalJson } from '../proof/canonical.js';
import * as notes from '../proof/checkpoint-note.js';
import { Frontier, leafHash } from '../proof/merkle.js';
import { type Growth, SealerRepository, type TreeState, type UnsealedEntry } from './sealer.repository.js';

/** What of the key ring signs checkpoints. Another one would be another key. */
export const PURPOSE = 'audit-checkpoint';

/** An entry that has no canonical form. The database's constraints keep such from being written. */
export class UnprovableEntryError extends Error {
  override name = 'UnprovableEntryError';
}

/**
 * Numbers what was committed, hashes it into each log's Merkle tree (RFC 6962 section 2.1) and signs the new root
 * (docs/audit-format.md). Any number of processes may do so at once: one at a time gets work, the others none.
 */
@Injectable()
export class Sealer {
  private readonly keyName: string;
  private readonly key: notes.CheckpointKey;

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
   * @returns how many were numbered: fewer than `limit` when there are no more, or when somebody else is at it
   * @throws UnprovableEntryError
   */
  run(limit: number): Promise<number> {
    return this.rows.transaction(async (tx) => {
      const entries = await this.rows.unsealed(tx, limit);
      if (entries.length === 0) return 0;
      const byTenant = Map.groupBy(entries, ({ tenantId }) => tenantId);
      const trees = await this.rows.trees(tx, [...byTenant.keys()]);
      const growths = trees.map((tree) => this.grow(tree, byTenant.get(tree.tenantId) ?? []));
      await this.rows.seal(tx, growths);
      return entries.length;
    });
  }

  private grow({ tenantId, size, peaks, at }: TreeState, entries: UnsealedEntry[]): Growth {
    const tree = new Frontier(size, peaks);
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
