import { Injectable, Logger } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { type Statement, TenantDb, TenantTransactions } from '../../database/index.js';
import { type Answer, answerOf, type Attempt, columnsOf, type Kept, type Met } from './attempt.js';

const BEGIN = 'select outcome, status, headers, body from app.begin_idempotent($1, $2, $3)';
const KEEP = 'select app.keep_idempotent($1, $2, $3, $4, $5, $6, $7)';
const FORGET = 'select app.forget_idempotent($1, $2)';

/**
 * Keys of requests that work in their tenant's transaction. The database asks first whether the caller still counts and
 * has the right, then for the key; and what was done is committed with its answer, so that there is never one alone.
 */
@Injectable()
export class TenantKeys {
  private readonly log = new Logger('Idempotency');

  constructor(
    private readonly db: TenantDb,
    private readonly transactions: TenantTransactions,
    private readonly context: RequestContext,
  ) {}

  /** @returns the answer, where it was given already @throws DomainError 401, 403, 409, 422, 429 */
  async begin(attempt: Attempt): Promise<Answer | undefined> {
    const { hashes, fingerprints, token } = attempt;
    const [met] = await this.db.query<Met>(BEGIN, [hashes, fingerprints, token]);
    const known = answerOf(attempt, met);
    this.context.state.lease ??= { statement: keep(attempt), taken: false };
    return known;
  }

  /** What goes out with the COMMIT. */
  keep(attempt: Attempt, kept: Kept): Statement {
    return keep(attempt, kept);
  }

  /** After a failure. What was rolled back has left nothing; a lease that was committed on the way is given up. */
  async forget({ hashes, token }: Attempt): Promise<void> {
    const { state } = this.context;
    if (!state.lease?.taken) return;
    state.unit = undefined; // it has been rolled back
    await this.transactions
      .apart(() => this.db.query(FORGET, [hashes[0], token]))
      .catch((error: Error) => this.log.debug(`a key stays taken until its lease ends: ${error.message}`));
  }
}

function keep({ hashes, fingerprints, token }: Attempt, kept?: Kept): Statement {
  const columns = kept ? columnsOf(kept) : [null, null, null];
  return { text: KEEP, values: [hashes[0], fingerprints[0], token, kept?.kept ?? null, ...columns] };
}
