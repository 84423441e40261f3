import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import { AuditTrail } from '../../audit/index.js';
import { AccountsRepository, type UserRow } from '../accounts/accounts.repository.js';
import { AccountActions } from '../identity.actions.js';
import { linkInvalid } from '../identity.problems.js';
import { type Attempt, Attempts } from '../sign-in/attempts.js';
import { OneTimeTokens } from '../tokens/one-time-tokens.js';
import { GuessLimits } from './guess-limits.js';

/** The way out of a lock, by mail. */
@Injectable()
export class UnlockService {
  constructor(
    private readonly db: AuthDb,
    private readonly tokens: OneTimeTokens,
    private readonly accounts: AccountsRepository,
    private readonly limits: GuessLimits,
    private readonly audit: AuditTrail,
    private readonly attempts: Attempts,
  ) {}

  /** Opens the account for passwords and codes. @throws DomainError 401 for a link that is used, expired or wrong */
  unlock(token: string): Promise<void> {
    return this.attempts.watch(AccountActions.unlocked, {}, (attempt) => this.follow(token, attempt));
  }

  private async follow(token: string, attempt: Attempt): Promise<void> {
    const link = await this.tokens.peek('unlock', token);
    const user = link?.user_id ? await this.accounts.byId(link.user_id) : undefined;
    attempt.concerns = user?.id;
    if (user?.status !== 'active') throw linkInvalid();
    await this.db.transaction(async (tx) => {
      await this.open(tx, user); // guesses before tokens, the order in which a sign-in locks them
      if (!(await this.tokens.take(tx, 'unlock', token))) throw linkInvalid(); // somebody was first; this rolls back
      const note = { concerns: user.id, actorId: user.id, targetId: user.id };
      await this.audit.recordAuth(tx, AccountActions.unlocked, note);
    });
  }

  /**
   * A mail shows whose the inbox is, and no second factor: whoever reads it could cause lock after lock, and guess at codes
   * without end. So it opens the codes once a day; otherwise time alone does.
   */
  private async open(tx: AuthTransaction, { id, email }: UserRow): Promise<void> {
    const { lockedFor } = await this.limits.settle(tx, this.limits.target('code_opening', id), false);
    await this.limits.open(tx, this.limits.target('password', email));
    if (lockedFor === undefined) await this.limits.open(tx, this.limits.target('code', id));
  }
}
