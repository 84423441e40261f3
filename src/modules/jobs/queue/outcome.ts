import type { JobWithMetadata } from 'pg-boss';
import { DomainError } from '../../../errors/index.js';
import { refusalFor } from '../../../database/index.js';
import { DeferredError, PermanentJobError, type QueueHandler } from './queue-handler.js';

/** What becomes of a row. The output is stored: a code, never words of an error, which may quote values. */
export interface Outcome {
  id: string;
  status: 'completed' | 'failed' | 'deadletter';
  output?: { code: string };
  /** seconds: it goes back to the queue, and what else stands here is no matter */
  deferred?: number;
}

const CODE_LENGTH = 200;

/** Lets the handler have it. Never throws. */
export async function settle(
  { id, data, retryCount, retryLimit, signal }: JobWithMetadata<Record<string, unknown>>,
  handler: QueueHandler,
): Promise<Outcome> {
  try {
    await handler({ id, data, attempt: retryCount + 1, lastAttempt: retryCount >= retryLimit, signal });
    return { id, status: 'completed' };
  } catch (error) {
    return { id, output: { code: codeOf(error) }, ...endOf(error) };
  }
}

function endOf(error: unknown): Pick<Outcome, 'status' | 'deferred'> {
  try {
    if (error instanceof DeferredError) return { status: 'failed', deferred: error.seconds };
    return { status: error instanceof PermanentJobError ? 'deadletter' : 'failed' };
  } catch {
    return { status: 'failed' }; // a proxy that throws when it is looked at
  }
}

/** A short word for an error, which may be stored and shown. Never throws, whatever was thrown. */
export function codeOf(error: unknown): string {
  try {
    if (error instanceof DeferredError) return 'deferred';
    const known = error instanceof PermanentJobError || error instanceof DomainError ? error : refusalFor(error);
    return known?.code.slice(0, CODE_LENGTH) ?? 'internal_error';
  } catch {
    return 'internal_error';
  }
}
