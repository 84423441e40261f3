import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import { Outbox } from '../../mail/index.js';
import { AccountsRepository, type UserRow } from '../accounts/accounts.repository.js';
import type { Origin } from '../sessions/origin.js';
import { GuessLimits } from './guess-limits.js';

type Work = (tx: AuthTransaction, user: UserRow | undefined, allowed: boolean) => Promise<void>;

/** Mails that anybody may ask for with somebody's address: a few an hour, so that an inbox is not flooded. */
@Injectable()
export class MailLimits {
  constructor(
    private readonly db: AuthDb,
    private readonly accounts: AccountsRepository,
    private readonly limits: GuessLimits,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Counts the request and does the work, told whether a mail may go. An inbox that has had enough gets none and nobody is
   * told; an address that asks too much is.
   * @throws DomainError 429
   */
  async run(email: string, origin: Origin, work: Work): Promise<void> {
    const address = this.limits.target('mail_address', origin.address);
    await this.limits.assertOpen(address);
    await this.db.transaction(async (tx) => {
      await this.limits.settle(tx, address, false);
      const { lockedFor } = await this.limits.settle(tx, this.limits.target('mail', email), false);
      await work(tx, await this.accounts.byEmail(email, tx), lockedFor === undefined);
    });
    this.outbox.nudge();
  }
}
