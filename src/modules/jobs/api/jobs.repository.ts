import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import type { JobView } from './dto/responses.js';

export interface JobFilter {
  status?: string;
  kind?: string;
  /** the key that put them off */
  apiKeyId?: string;
}

const VIEW =
  'id, kind, status, actor_id as "actorId", attempt, attempts_at_most as "attemptsAtMost", error, run_after as "runAfter", ' +
  'created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"';

/** Statements on jobs: the fence adds the tenant, and whose one sees. The payload is not the application's to read. */
@Injectable()
export class JobsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list({ status, kind, apiKeyId }: JobFilter, limit: number, before?: string): Promise<JobView[]> {
    const values: unknown[] = [limit];
    const conditions = Object.entries({ 'status =': status, 'kind =': kind, 'api_key_id =': apiKeyId, 'id <': before })
      .filter(([, value]) => value !== undefined)
      .map(([condition, value]) => `${condition} $${values.push(value)}`);
    const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
    return this.db.queryOnce(`select ${VIEW} from app.jobs ${where} order by id desc limit $1`, values);
  }

  /** @param apiKeyId only one that this key put off */
  async find(id: string, apiKeyId?: string): Promise<JobView | undefined> {
    const [row] = await this.db.query<JobView>(
      `select ${VIEW} from app.jobs where id = $1 and ($2::uuid is null or api_key_id = $2)`,
      [id, apiKeyId ?? null],
    );
    return row;
  }

  /** @returns whether there was a dead one */
  async retry(id: string): Promise<boolean> {
    const [row] = await this.db.query<{ done: boolean }>('select app.retry_job($1) as done', [id]);
    return row?.done ?? false;
  }
}
