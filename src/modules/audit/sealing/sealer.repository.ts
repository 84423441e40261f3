import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import type { TreeNode } from '../proof/merkle.js';

/** An entry that has no number yet. */
export interface UnsealedEntry {
  tenantId: string;
  id: string;
  /** the transaction that wrote it; null where that was on another server */
  xactId: string | null;
  epoch: number;
  /** all of the entry but its number */
  document: Record<string, unknown>;
}

/** How far one log has grown. */
export interface TreeState {
  tenantId: string;
  size: number;
  /** null for one that is not there */
  peaks: (Buffer | null)[];
  /** size and root of the newest checkpoint; 0 and null where there is none */
  signedSize: number;
  signedRoot: Buffer | null;
  /** nodes beyond the size */
  strays: boolean;
  /** the database's clock: RFC 3339 in UTC with six decimals */
  at: string;
}

export interface NewLeaf {
  seq: number;
  entryId: string;
  hash: Buffer;
  xactId: string | null;
}

export interface NewCheckpoint {
  size: number;
  at: string;
  epoch: number;
  root: Buffer;
  verifierKey: string;
  note: string;
}

/** What one pass adds to one log. */
export interface Growth {
  tenantId: string;
  leaves: NewLeaf[];
  nodes: TreeNode[];
  checkpoint: NewCheckpoint;
}

export interface CheckpointCopy {
  tenantId: string;
  size: number;
  verifierKey: string;
  note: string;
}

/** What a log says of itself at a size that it may have had before. */
export interface TreeAt {
  tenantId: string;
  size: number;
  /** of its newest checkpoint; 0 where there is none */
  newest: number;
  /** its checkpoint of that size, where there is one */
  note: string | null;
  /** null for one that is not there */
  peaks: (Buffer | null)[];
}

type Stored<T, Sizes extends keyof T> = Omit<T, Sizes> & Record<Sizes, string>;

/** Calls of the functions that number the audit log (migrations/0025). */
@Injectable()
export class SealerRepository {
  constructor(private readonly db: AuthDb) {}

  transaction<T>(work: (tx: AuthTransaction) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** In the order of the numbers that they get. Empty while another sealer is at work; else that one is kept out. */
  unsealed(tx: AuthTransaction, limit: number): Promise<UnsealedEntry[]> {
    return tx.query<UnsealedEntry>(
      `select tenant_id as "tenantId", entry_id as id, xact_id as "xactId", epoch, document from auth.audit_unsealed($1)`,
      [limit],
    );
  }

  /** Of logs that nobody else appends to: after `unsealed`, in its transaction. */
  async trees(tx: AuthTransaction, tenantIds: string[]): Promise<TreeState[]> {
    const rows = await tx.query<Stored<TreeState, 'size' | 'signedSize'>>(
      `select tenant_id as "tenantId", size, peaks, signed_size as "signedSize", signed_root as "signedRoot", strays,
              to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
         from auth.audit_trees($1::uuid[])`,
      [tenantIds],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size), signedSize: Number(row.signedSize) }));
  }

  /** `unsealed` leaves out logs that are set aside; those taken back get their numbers. @returns which are aside then */
  async setAside(tx: AuthTransaction, aside: string[], back: string[]): Promise<string[]> {
    const [row] = await tx.query<{ ids: string[] }>(
      'select auth.audit_set_aside($1::uuid[], $2::uuid[])::text[] as ids',
      [aside, back],
    );
    return row?.ids ?? [];
  }

  async seal(tx: AuthTransaction, growths: Growth[]): Promise<void> {
    const hex = (hash: Buffer): string => hash.toString('hex');
    const leaves = growths.flatMap(({ tenantId, leaves }) =>
      leaves.map((leaf) => ({ ...leaf, tenantId, hash: hex(leaf.hash) })),
    );
    const nodes = growths.flatMap(({ tenantId, nodes }) =>
      nodes.map((node) => ({ ...node, tenantId, hash: hex(node.hash) })),
    );
    const checkpoints = growths.map(({ tenantId, checkpoint }) => ({
      ...checkpoint,
      tenantId,
      root: hex(checkpoint.root),
    }));
    await tx.query(
      'select auth.audit_seal($1, $2, $3)',
      [leaves, nodes, checkpoints].map((one) => JSON.stringify(one)),
    );
  }

  /** Seconds since the oldest entry was written that has no number yet; 0 where there is none. */
  async lag(): Promise<number> {
    const [row] = await this.db.query<{ lag: number }>('select auth.audit_lag() as lag');
    return row?.lag ?? 0;
  }

  async makePartitions(): Promise<void> {
    await this.db.query('select auth.make_audit_partitions()');
  }

  /** The newest of each log, but not those whose SHA-256 is given. Of size 0 and without a note where there is none any more. */
  async newestCheckpoints(copied: ReadonlyMap<string, Buffer>, limit: number): Promise<CheckpointCopy[]> {
    const rows = await this.db.query<Stored<CheckpointCopy, 'size'>>(
      `select tenant_id as "tenantId", size, verifier_key as "verifierKey", note
         from auth.audit_newest_checkpoints($1::uuid[], $2::bytea[], $3)`,
      [[...copied.keys()], [...copied.values()], limit],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }
  async treesAt(kept: readonly { tenantId: string; size: number }[]): Promise<TreeAt[]> {
    const rows = await this.db.query<Stored<TreeAt, 'size' | 'newest'>>(
      `select tenant_id as "tenantId", size, newest, note, peaks from auth.audit_trees_at($1::uuid[], $2::bigint[])`,
      [kept.map(({ tenantId }) => tenantId), kept.map(({ size }) => size)],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size), newest: Number(row.newest) }));
  }
}
