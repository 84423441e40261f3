import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import type { UserRow } from '../accounts/accounts.repository.js';
import { AuditTrail } from '../../audit/index.js';
import { Outbox } from '../../mail/index.js';
import { AccountActions } from '../identity.actions.js';
import { ONE_TIME_TTL_SECONDS, OneTimeTokens } from '../tokens/one-time-tokens.js';

/** The way out of a lock for the one whose account it is. */
@Injectable()
export class UnlockMails {
  constructor(
    private readonly config: Config,
    private readonly tokens: OneTimeTokens,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Records a lock that was just put on, and mails the way out of it. The same work whether or not there is an account, so
   * that the time tells nobody which.
   * @param guessed what the wrong guesses were at
   */
  async locked(
    tx: AuthTransaction,
    guessed: 'password' | 'code',
    email: string,
    user: UserRow | undefined,
  ): Promise<void> {
    const about = { concerns: user?.id, targetId: user?.id, details: { guessed } };
    await this.audit.recordAuth(tx, AccountActions.locked, { ...about, outcome: 'denied', code: 'too_many_attempts' });
    const when = user?.status === 'active';
    const token = await this.tokens.issue(tx, 'unlock', { userId: user?.id, when });
    const link = `${this.config.webUrl}/account/unlock#token=${token}`;
    await this.outbox.enqueue(
      tx,
      email,
      { template: 'account-locked', values: { link, minutes: ONE_TIME_TTL_SECONDS / 60 } },
      { when, expiresInSeconds: ONE_TIME_TTL_SECONDS },
    );
  }

  /** After the commit. */
  nudge(): void {
    this.outbox.nudge();
  }
}
