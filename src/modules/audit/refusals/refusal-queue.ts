import { Logger } from '@nestjs/common';
import type { Clock } from '../../../context/index.js';
import { type AuthDb, rootOf } from '../../../database/index.js';
import { type RefusalRow, toJson } from './refusal.js';

/** Rows that may wait. */
export const LONGEST_QUEUE = 1_000;
/** Rows a statement. */
export const BATCH = 100;
/** How long the first one waits for others. */
export const LINGER_MS = 200;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
const WARN_EVERY_MS = 60_000;

const WRITE = `
  select auth.record_audit(r.tenant, r.concerns, r.actor, r.session, r.action, r.target_type, r.target, r.outcome, r.code,
           r.count, r.request, r.details)
    from jsonb_to_recordset($1) as r (tenant uuid, concerns uuid, actor uuid, session uuid, action text, target_type text,
           target uuid, outcome text, code text, count integer, request jsonb, details jsonb)`;

/**
 * Refusals on their way into the log: one statement at a time, so one connection at most. While the database takes none,
 * they wait and are tried again. A connection that is lost in the moment of the commit may leave one batch twice.
 */
export class RefusalQueue {
  private readonly logger = new Logger('Refusals');
  private readonly rows: RefusalRow[] = [];
  private timer?: NodeJS.Timeout;
  private flushing?: Promise<void>;
  private failures = 0;
  private warnedAt = -Infinity;
  private closed = false;

  /** @param unwritable gets a row that the database refuses for what it says */
  constructor(
    private readonly db: Pick<AuthDb, 'query'>,
    private readonly clock: Clock,
    private readonly unwritable: (row: RefusalRow) => void,
  ) {}

  /** @returns false where there is no room */
  push(row: RefusalRow): boolean {
    if (this.rows.length >= LONGEST_QUEUE) return false;
    this.rows.push(row);
    if (!this.flushing) this.wait(LINGER_MS);
    return true;
  }

  /** Writes what waits, now. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing ??= this.run().finally(() => {
      this.flushing = undefined;
      if (this.rows.length > 0) this.wait(LINGER_MS); // one that came between
    });
    return this.flushing;
  }

  /** From now on it writes only when it is asked to. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** How many refusals wait. */
  get waiting(): number {
    return this.rows.reduce((sum, { count }) => sum + count, 0);
  }

  private async run(): Promise<void> {
    try {
      while (this.rows.length > 0) await this.write(Math.min(BATCH, this.rows.length));
      if (this.failures > 0) this.logger.log('refusals are written again');
      this.failures = 0;
      this.warnedAt = -Infinity;
    } catch (error) {
      this.warn(error as Error);
      this.failures += 1;
      this.wait(Math.min(FIRST_RETRY_MS * 2 ** (this.failures - 1), LONGEST_RETRY_MS));
    }
  }

  /** Writes the first `n`. Where one of them is at fault, it is found by halves, and the others go on. */
  private async write(n: number): Promise<void> {
    const rows = this.rows.slice(0, n);
    try {
      await this.db.query(WRITE, [toJson(rows, this.clock.now())]);
    } catch (error) {
      if (!blamesTheRow(error)) throw error;
      if (n > 1) {
        await this.write(n >> 1);
        return this.write(n - (n >> 1));
      }
      for (const row of rows) this.giveUp(row, error as Error);
    }
    this.rows.splice(0, n);
  }

  private giveUp(row: RefusalRow, { message }: Error): void {
    this.logger.warn(`a refusal (${row.action} ${row.code}) cannot be written and is only counted: ${message}`);
    this.unwritable(row);
  }

  private warn({ message }: Error): void {
    const now = performance.now();
    if (now - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = now;
    this.logger.warn(`${this.rows.length} refusals wait, since they cannot be written: ${message}`);
  }

  private wait(ms: number): void {
    if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), ms).unref();
  }
}

/** A value that the database does not take, and no state of the database (which a missing partition is, for one). */
function blamesTheRow(error: unknown): boolean {
  const { code = '', constraint } = (rootOf(error) ?? {}) as { code?: string; constraint?: string };
  return /^(22|54)/.test(code) || (code.startsWith('23') && constraint !== undefined);
}
