import { Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../database/index.js';
import { type Answer, answerOf, type Attempt, columnsOf, type Kept, type Met } from './attempt.js';

const BEGIN = 'select actor, outcome, status, headers, body from auth.begin_idempotent($1, $2, $3, $4, $5, $6)';
const KEEP = 'select auth.keep_idempotent($1, $2, $3, $4, $5, $6, $7)';
const FORGET = 'select auth.forget_idempotent($1, $2, $3)';

/** Who asks outside a tenant's transaction. */
export interface Asker {
  /** the caller's capability; undefined on public routes */
  cap?: string;
  /** whether the keys are the session's, or the person's */
  ofSession: boolean;
  /** on public routes: where the caller is, as RequestMarks.networksOf has it */
  networks?: readonly string[];
}

/** An attempt that has taken its key. */
export interface Taken {
  actor: string;
}

/**
 * Keys of requests that work elsewhere: sign-in, sessions, the platform. A key is taken before and settled after, in
 * transactions of their own; of a process that dies in between, the key is free again once its lease ends.
 */
@Injectable()
export class OtherKeys {
  private readonly log = new Logger('Idempotency');

  constructor(private readonly db: AuthDb) {}

  /** @returns the answer, where it was given already; else the key is taken @throws DomainError 401, 409, 422, 429 */
  async begin(attempt: Attempt, { cap, ofSession, networks }: Asker): Promise<{ known: Answer } | Taken> {
    const { hashes, fingerprints, token } = attempt;
    const values = [cap ?? null, ofSession, networks ?? null, hashes, fingerprints, token];
    const [met] = await this.db.query<Met & Taken>(BEGIN, values);
    const known = answerOf(attempt, met);
    return known ? { known } : { actor: (met as Taken).actor };
  }

  /** After a success, which this cannot undo: it never throws. */
  async keep({ hashes, token }: Attempt, { actor }: Taken, kept: Kept): Promise<void> {
    await this.settle(KEEP, [actor, hashes[0], token, kept.kept, ...columnsOf(kept)]);
  }

  /** It can be asked again at once. Never throws. */
  async forget({ hashes, token }: Attempt, { actor }: Taken): Promise<void> {
    await this.settle(FORGET, [actor, hashes[0], token]);
  }

  private async settle(text: string, values: unknown[]): Promise<void> {
    await this.db.query(text, values).catch((error: Error) => {
      this.log.warn(`a key stays taken until its lease ends: ${error.message}`);
    });
  }
}
