import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import type { JobDefinition } from './define-job.js';
import { readPayload } from './payload.js';

export interface EnqueueOptions {
  /** one job of a kind and key, for ever: a second call gives the id of the first. 200 characters at most */
  key?: string;
  /** not before so many seconds from now */
  delaySeconds?: number;
}

const ENQUEUE = 'select app.enqueue_job($1, $2, $3, $4, $5, $6) as id';

/** Puts work off. */
@Injectable()
export class Jobs {
  constructor(private readonly db: TenantDb) {}

  /**
   * In the caller's transaction: if that is rolled back, there was never a job. It is done within a second or two of COMMIT,
   * as the caller and in the caller's tenant, which the database knows.
   * @returns the job's id @throws JobPayloadError for a payload that the kind does not take
   */
  async enqueue<P extends object>(
    job: JobDefinition<P>,
    payload: P,
    { key, delaySeconds = 0 }: EnqueueOptions = {},
  ): Promise<string> {
    const { kind, attempts, timeoutSeconds } = job;
    const stored = JSON.stringify(payload);
    await readPayload(job, JSON.parse(stored)); // as it will come back: a Date is text by then
    const values = [kind, stored, key ?? null, delaySeconds, attempts, timeoutSeconds];
    const [row] = await this.db.query<{ id: string }>(ENQUEUE, values);
    return (row as { id: string }).id;
  }
}
