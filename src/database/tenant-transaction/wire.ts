import type { PoolClient, QueryResult } from 'pg';
import { CommitUnknownError, TransactionLostError } from './errors.js';

/**
 * What is left in a server session outlives the transaction: settings made with SET or set_config(..., false), WITH HOLD
 * cursors, prepared statements, LISTEN. Injected SQL of one tenant could plant them for the next, so each client goes
 * back to the pool with these four behind its last statement, sent without waiting: they are off the request's way, and
 * whatever comes next on this connection queues behind them. DISCARD ALL also throws away the plans that every policy's
 * functions have cached, which costs the next request several times as much; it is kept for units that failed.
 */
const AFTER_SUCCESS = 'close all; deallocate all; unlisten *; reset all';
const AFTER_FAILURE = 'discard all';

/** 'I' idle, 'T' in a transaction, 'E' in a failed one; null before the first answer. As the server last said. */
export const status = (client: PoolClient): string | null => client.getTransactionStatus();

/** Everything that `work` sends leaves in one packet. */
export function cork(client: PoolClient, work: () => void): void {
  const { stream } = (
    client as unknown as { connection: { stream: NodeJS.WritableStream & { cork(): void; uncork(): void } } }
  ).connection;
  stream.cork();
  try {
    work();
  } finally {
    stream.uncork();
  }
}

/** Sends the clean-up without waiting. A client that cannot be cleaned is ended; the pool then forgets it. */
export function clean(client: PoolClient, failed: boolean): void {
  client.query(failed ? AFTER_FAILURE : AFTER_SUCCESS, (error: Error | null) => {
    if (error) void (client as unknown as { end(): Promise<void> }).end().catch(() => undefined);
  });
}

/** Whether the server itself answered with an error (then nothing was committed), and not the connection's loss. */
function isAnswered(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(57P0|08)/.test(code);
}

/** What COMMIT's answer means: not committed, unknown, or undefined for a commit that happened. The tag is checked. */
export function commitFailure(error: Error | null, result?: QueryResult): Error | undefined {
  if (error && isAnswered(error)) return error;
  if (error) return new CommitUnknownError('the connection was lost while committing', { cause: error });
  if (result?.command === 'COMMIT') return undefined;
  return new TransactionLostError('the server rolled back: a statement had failed and its error was swallowed');
}
