/** One delivery of a row of a queue. The same row may be delivered again: at least once, not exactly once. */
export interface QueueMessage {
  /** of the queue's row; the same for every attempt */
  id: string;
  data: Readonly<Record<string, unknown>>;
  /** from 1 */
  attempt: number;
  /** whether a failure of this one ends the row, by the queue's retryLimit */
  lastAttempt: boolean;
  /** aborted when the row is not ours any more: its time is over, another worker has it, or the process stops */
  signal: AbortSignal;
}

/**
 * Resolves: the row is done. Rejects: it is tried again with the queue's back-off, as often as the queue says. Rejects with
 * PermanentJobError: it is not, and goes to the queue's dead letters where it has them. Rejects with DeferredError: it comes
 * again after a while, and this one did not count.
 */
export type QueueHandler = (message: QueueMessage) => Promise<void>;

export interface QueueOptions {
  /** as the migration made it with pgboss.create_queue */
  name: string;
  /** rows of it that this process handles at once. Default 1 */
  concurrency?: number;
  /** how often an empty queue is asked, seconds, 0.5 at least. Default 1 */
  pollSeconds?: number;
  /** rows of one group (pgboss.job.group_id) under way at once, over all processes. Default: any number */
  perGroup?: number;
}

/** Trying again is no use. */
export class PermanentJobError extends Error {
  override name = 'PermanentJobError';
  /** @param code stable, in snake case; it is stored and shown, so it quotes nothing */
  constructor(
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** It cannot be done at the moment, which is nobody's failure. */
export class DeferredError extends Error {
  override name = 'DeferredError';
  constructor(readonly seconds: number) {
    super(`not for ${seconds} s`);
  }
}
