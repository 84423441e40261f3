import { timeOf } from '../id-time.js';
import {
  checkpointLine,
  endLine,
  entryLine,
  type ExportHead,
  type ExportRow,
  headerLine,
  type Opening,
  prunedLine,
} from './export-lines.js';

/** Entries of one read, and of one checkpoint that goes with them. */
export const ROWS_AT_ONCE = 256;

/** What one read gives: of the numbers from the first up to, not with, the second. */
export interface ExportBatch {
  /** in the order of their numbers */
  rows: ExportRow[];
  openings: (Opening & { entryId: string })[];
  /** the latest checkpoint within */
  checkpoint?: { size: number; note: string };
  /** from when on entries are kept, in milliseconds: read after the rows */
  keptFrom: number;
}

/** Reads a log piece by piece. Each read is a short transaction of its own. */
export interface LogSource {
  read(from: number, to: number): Promise<ExportBatch>;
}

/** Told of an entry that is not what was sealed, or not there. */
export type OnFault = (seq: number, what: 'changed' | 'missing') => void;

/** Retention removed rows while they were exported: half of them would be there. Whoever asked breaks off and asks again. */
export class RetentionMeanwhileError extends Error {
  override name = 'RetentionMeanwhileError';
}

/** An id's time may be that much later than its row's. */
const DRIFT_MS = 1_000;

/**
 * An export (docs/audit-format.md), a piece a read. Nothing is held between two pieces: whoever takes them slowly makes
 * the next read wait. What is not as it was sealed is exported as it is: to say so is the verifier's part.
 */
export async function* exportOf(head: ExportHead, source: LogSource, onFault: OnFault): AsyncGenerator<Buffer, void> {
  yield Buffer.from(headerLine(head, new Date()));
  let keptFrom: number | undefined;
  for (let from = 0; from < head.size; from += ROWS_AT_ONCE) {
    const batch = await source.read(from, Math.min(from + ROWS_AT_ONCE, head.size));
    keptFrom ??= batch.keptFrom;
    if (batch.keptFrom !== keptFrom) throw new RetentionMeanwhileError();
    yield Buffer.from(linesOf(batch, onFault));
  }
  yield Buffer.from(endLine(head.size));
}

function linesOf({ rows, openings, checkpoint, keptFrom }: ExportBatch, onFault: OnFault): string {
  const opened = Map.groupBy(openings, ({ entryId }) => entryId);
  let text = '';
  for (const row of rows) {
    text += rowLine(row, opened.get(row.entryId) ?? [], keptFrom, onFault);
    if (checkpoint && row.seq + 1 === checkpoint.size) text += checkpointLine(checkpoint.note);
  }
  return text;
}

/** A row that retention cannot have removed is missing: it gets no line, so that whoever verifies is told. */
function rowLine(row: ExportRow, openings: readonly Opening[], keptFrom: number, onFault: OnFault): string {
  if (row.document) {
    const { text, sound } = entryLine(row, openings);
    if (!sound) onFault(row.seq, 'changed');
    return text;
  }
  if (timeOf(row.entryId) < keptFrom + DRIFT_MS) return prunedLine(row);
  onFault(row.seq, 'missing');
  return '';
}
