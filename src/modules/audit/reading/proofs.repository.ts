import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import { spanOf } from '../id-time.js';
import type { NodeId } from '../proof/merkle.js';
import { signingKeysOf } from '../proof/signing-keys.js';
import type { AuditCheckpointView } from './dto/responses.js';

export interface ProvableEntry {
  /** the entry as docs/audit-format.md has it, all but its number */
  document: Record<string, unknown>;
  /** null until the entry has its number and a checkpoint covers it */
  sealed: { seq: number; hash: Buffer; size: number; note: string } | null;
}

interface ProvableRow {
  document: Record<string, unknown>;
  seq: string | null;
  hash: Buffer | null;
  size: string | null;
  note: string | null;
}

/** Leaves, nodes and checkpoints of the caller's own log. */
@Injectable()
export class ProofsRepository {
  constructor(private readonly db: TenantDb) {}

  async entry(id: string): Promise<ProvableEntry | undefined> {
    const { from, to } = spanOf(id);
    const [row] = await this.db.query<ProvableRow>(
      `select app.audit_document(l) as document, f.seq, f.hash, c.size, c.note
         from app.audit_log l
         left join lateral (select f.seq, f.hash from app.audit_leaves f where f.entry_id = l.id offset 0) f on true
         left join lateral (
           select c.size, c.note from app.audit_checkpoints c where c.size > f.seq order by c.size desc limit 1) c on true
        where l.id = $1 and l.at between $2 and $3`,
      [id, from, to],
    );
    if (!row) return undefined;
    const { document, seq, hash, size, note } = row;
    if (hash === null || note === null) return { document, sealed: null };
    return { document, sealed: { seq: Number(seq), hash, size: Number(size), note } };
  }

  /** How many entries have a number. */
  async size(): Promise<number> {
    const [last] = await this.db.query<{ seq: string }>('select seq from app.audit_leaves order by seq desc limit 1');
    return last ? Number(last.seq) + 1 : 0;
  }

  /** Hashes of perfect subtrees, in the order asked for. @throws Error when one is missing */
  async nodes(nodes: readonly NodeId[]): Promise<Buffer[]> {
    const rows = await this.db.query<{ hash: Buffer | null }>(
      `select case w.level
          when 0 then (select f.hash from app.audit_leaves f where f.seq = w.index)
          else (select t.hash from app.audit_nodes t where t.level = w.level and t.index = w.index) end as hash
         from unnest($1::smallint[], $2::bigint[]) with ordinality w (level, index, n) order by w.n`,
      [nodes.map(({ level }) => level), nodes.map(({ index }) => index)],
    );
    return rows.map(({ hash }, n) => {
      if (!hash) throw new Error(`the tree of this log lacks a node: ${JSON.stringify(nodes[n])}`);
      return hash;
    });
  }

  /** Newest first. @param below size that the page starts after */
  async checkpoints(limit: number, below?: string): Promise<AuditCheckpointView[]> {
    const rows = await this.db.queryOnce<Omit<AuditCheckpointView, 'size'> & { size: string }>(
      `select c.size, encode(c.root, 'base64') as root, to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
              c.epoch, c.note
         from app.audit_checkpoints c where c.size < $2 order by c.size desc limit $1`,
      [limit, below ?? Number.MAX_SAFE_INTEGER],
    );
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** Which keys have signed. */
  keys(tenantId: string): Promise<string[]> {
    return signingKeysOf((text, values) => this.db.query(text, values), tenantId);
  }
}
