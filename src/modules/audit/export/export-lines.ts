import { canonicalJson } from '../proof/canonical.js';
import { leafHash } from '../proof/merkle.js';

/* Lines of an export, as docs/audit-format.md has them. Pure. */

export const FORMAT = 'ringfence-audit-1';

export interface ExportHead {
  tenantId: string;
  /** entries: the size of the latest checkpoint; 0 where there is none */
  size: number;
  /** of that checkpoint */
  root: Buffer;
  /** verifier keys */
  keys: readonly string[];
}

/** A leaf, and what is left of its entry. */
export interface ExportRow {
  seq: number;
  hash: Buffer;
  entryId: string;
  /** the entry without its number; null where it is not there any more */
  document: Record<string, unknown> | null;
}

export interface Opening {
  commitment: string;
  /** base64 */
  nonce: string;
  value: string;
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** What the log itself says of an export: with this, one that was handed on can be told. */
export const exportDetails = ({ size, root }: ExportHead): { size: number; root: string } => ({
  size,
  root: root.toString('base64'),
});

export const headerLine = ({ tenantId, size, keys }: ExportHead, exportedAt: Date): string =>
  line({ header: { format: FORMAT, tenantId, exportedAt: exportedAt.toISOString(), size, keys } });

export const prunedLine = ({ seq, hash }: ExportRow): string => line({ pruned: { seq, hash: hash.toString('hex') } });

export const checkpointLine = (note: string): string => line({ checkpoint: note });

export const endLine = (size: number): string => line({ end: { size } });

/** @returns the line, and whether the entry is still what its leaf is the hash of */
export function entryLine(
  { seq, hash, document }: ExportRow,
  openings: readonly Opening[],
): { text: string; sound: boolean } {
  const entry = canonicalJson({ ...document, seq });
  const sound = leafHash(Buffer.from(entry)).equals(hash);
  const opened = Object.fromEntries(openings.map(({ commitment, nonce, value }) => [commitment, { nonce, value }]));
  const behind = openings.length === 0 ? '' : `,"openings":${JSON.stringify(opened)}`;
  return { text: `{"entry":${entry},"hash":"${hash.toString('hex')}"${behind}}\n`, sound };
}
