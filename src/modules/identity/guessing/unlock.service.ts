import { Injectable } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { linkInvalid, OneTimeTokens } from '../tokens/one-time-tokens.js';
import { GuessLimits } from './guess-limits.js';

/** The way out of a lock, by mail. */
@Injectable()
export class UnlockService {
  constructor(
    private readonly db: AuthDb,
    private readonly tokens: OneTimeTokens,
    private readonly accounts: AccountsRepository,
    private readonly limits: GuessLimits,
  ) {}

  /** Opens the account for passwords and codes. @throws DomainError 401 for a link that is used, expired or wrong */
  async unlock(token: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const link = await this.tokens.take(tx, 'unlock', token);
      const user = link?.user_id ? await this.accounts.byId(link.user_id, tx) : undefined;
      if (user?.status !== 'active') throw linkInvalid();
      await this.limits.open(tx, this.limits.target('password', user.email), this.limits.target('code', user.id));
    });
  }
}
