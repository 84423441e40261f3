import type { JobWithMetadata } from 'pg-boss';
import { DomainError } from '../../../errors/index.js';
import { refusalFor } from '../../../database/index.js';
import { PermanentJobError, type QueueHandler } from './queue-handler.js';

/** What pg-boss is told about a row. The output is stored: a code, never words of an error, which may quote values. */
export interface Outcome {
  id: string;
  status: 'completed' | 'failed' | 'deadletter';
  output?: { code: string };
}

/** Lets the handler have it. Never throws. */
export async function settle(
  { id, data, retryCount, retryLimit, signal }: JobWithMetadata<Record<string, unknown>>,
  handler: QueueHandler,
): Promise<Outcome> {
  try {
    await handler({ id, data, attempt: retryCount + 1, lastAttempt: retryCount >= retryLimit, signal });
    return { id, status: 'completed' };
  } catch (error) {
    return {
      id,
      status: error instanceof PermanentJobError ? 'deadletter' : 'failed',
      output: { code: codeOf(error) },
    };
  }
}

/** A short word for an error, which may be stored and shown. */
export function codeOf(error: unknown): string {
  if (error instanceof PermanentJobError || error instanceof DomainError) return error.code;
  return refusalFor(error)?.code ?? 'internal_error';
}
