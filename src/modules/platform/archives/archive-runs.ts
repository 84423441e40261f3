import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UnfencedClient, UnfencedPool } from '../../../database/service-client.js';
import type { ArchiveOp } from './archives.repository.js';

/** Connections of ringfence_service for what a worker does. Injected by ArchiveRuns alone. */
export const MOVING_POOL = Symbol('MOVING_POOL');

const LEAVE_MS = 2_000;

/** One try of what an operator asked for. */
export interface ArchiveRun {
  id: string;
  tenantId: string;
  op: ArchiveOp;
  attempt: number;
  /** where an export goes; null for an erasure */
  objectKey: string | null;
  /** what a former try may have left */
  formerKey: string | null;
}

export interface ArchiveResult {
  sha256: string;
  size?: number;
  missingFiles?: number;
  certificate?: string;
}

/** What the database knows of a worker's tries. */
@Injectable()
export class ArchiveRuns implements OnApplicationShutdown {
  constructor(@Inject(MOVING_POOL) readonly pool: UnfencedPool) {}

  /** @returns undefined for one that is over */
  async begin(id: string): Promise<ArchiveRun | undefined> {
    const [run] = await this.pool.transaction((client) =>
      client.query<Omit<ArchiveRun, 'id'> & { over: boolean }>(
        `select over, tenant_id as "tenantId", op, attempt, object_key as "objectKey", former_key as "formerKey"
           from auth.begin_tenant_archive($1)`,
        [id],
      ),
    );
    if (!run || run.over) return undefined;
    const { tenantId, op, attempt, objectKey, formerKey } = run;
    return { id, tenantId, op, attempt, objectKey, formerKey };
  }

  /** @returns whether the run was still the one that counts */
  async finish(client: UnfencedClient, { id, attempt }: ArchiveRun, result: ArchiveResult): Promise<boolean> {
    const { sha256, size, missingFiles, certificate } = result;
    const [row] = await client.query<{ finished: boolean }>(
      'select auth.finish_tenant_archive($1, $2, $3, $4, $5, $6) as finished',
      [id, attempt, sha256, size ?? null, missingFiles ?? null, certificate ?? null],
    );
    return row?.finished ?? false;
  }

  /** Nothing, where another run has begun. @param final whether it is not tried again */
  async fail({ id, attempt }: ArchiveRun, code: string, final: boolean): Promise<void> {
    const values = [id, attempt, code, final];
    await this.pool.transaction((client) => client.query('select auth.fail_tenant_archive($1, $2, $3, $4)', values));
  }

  /** What was interrupted gives its connection back; what does not loses it with the process. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.pool.end(), sleep(LEAVE_MS, undefined, { ref: false })]);
  }
}
