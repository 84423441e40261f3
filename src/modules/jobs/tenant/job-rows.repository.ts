import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { AuthDb } from '../../../database/index.js';

/** What the queue hands out for a job of a tenant. */
export interface Delivery {
  tenantId: string;
  jobId: string;
  kind: string;
  /** as the database writes it: which of several rounds of the job, after a retry by hand */
  queuedAt: string;
}

/** A job that was taken up: who it is for, and the secret that its transactions enter with. */
export interface Begun {
  attempt: number;
  payload: unknown;
  actorId: string;
  aal: number;
  cap: string;
  /**
   * over: there is nothing to do any more. actor_gone: there is nobody whom it could be done for, so it is dead. busy: the
   * tenant has enough under way. These and tenant_suspended are no attempt
   */
  refusal: 'over' | 'actor_gone' | 'busy' | 'tenant_suspended' | null;
}

const BEGIN = `
  select attempt, payload, actor_id as "actorId", aal, refusal from auth.begin_job($1, $2, $3, $4, $5, $6)`;

const hashOf = (cap: string): Buffer => createHash('sha256').update(cap).digest();

/** Statements on jobs of any tenant, as the role that makes contexts. */
@Injectable()
export class JobRows {
  constructor(private readonly db: AuthDb) {}

  /** @param scopes the permissions that its capability holds at most @param atOnce jobs of one tenant that may be under way */
  async begin({ tenantId, jobId, kind }: Delivery, scopes: readonly string[], atOnce: number): Promise<Begun> {
    const cap = randomBytes(32).toString('base64url');
    const [row] = await this.db.query<Omit<Begun, 'cap'>>(BEGIN, [tenantId, jobId, kind, hashOf(cap), scopes, atOnce]);
    return { ...(row as Omit<Begun, 'cap'>), cap };
  }

  /** Ends the try with its capability. Nothing, where the job is another's by now, or done. */
  async fail({ tenantId, jobId }: Delivery, cap: string, code: string, dead: boolean): Promise<void> {
    await this.db.query('select auth.fail_job($1, $2, $3, $4, $5)', [tenantId, jobId, hashOf(cap), code, dead]);
  }

  /** For one whose last try ended without a word. Nothing, where it was retried by hand since, or done. */
  async bury({ tenantId, jobId, queuedAt }: Delivery, code: string): Promise<void> {
    await this.db.query('select auth.bury_job($1, $2, $3, $4)', [tenantId, jobId, queuedAt, code]);
  }
}
