import { Injectable } from '@nestjs/common';
import type { AuthTransaction } from '../../database/index.js';
import { AccountsRepository, GuessLimits, lockedFor, UnlockMails } from '../identity/index.js';

/** Wrong codes of one person, from whatever app or list, over all pods (NIST SP 800-63B-4 section 3.2.2). */
@Injectable()
export class CodeGuesses {
  constructor(
    private readonly limits: GuessLimits,
    private readonly accounts: AccountsRepository,
    private readonly unlockMails: UnlockMails,
  ) {}

  /** Before the work is done. @throws DomainError 429 while it is locked */
  assertOpen(userId: string): Promise<void> {
    return this.limits.assertOpen(this.limits.target('code', userId));
  }

  /**
   * After the work was done, in the transaction that uses its outcome. A wrong one counts when that commits.
   * @throws DomainError 429 while it is locked, right or wrong; this rolls the transaction back, so that a right code stays
   * good
   */
  async settle(tx: AuthTransaction, userId: string, right: boolean): Promise<void> {
    const { lockedFor: seconds, justLocked } = await this.limits.settle(tx, this.limits.target('code', userId), right);
    if (seconds !== undefined) throw lockedFor(seconds);
    if (!justLocked) return;
    const user = await this.accounts.byId(userId, tx);
    if (user) await this.unlockMails.locked(tx, 'code', user.email, user);
  }

  /** After the commit: a mail about a lock goes at once. */
  nudge(): void {
    this.unlockMails.nudge();
  }
}
