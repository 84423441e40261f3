import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';
import { AuditTrail } from '../../audit/index.js';
import { Outbox } from '../../mail/index.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { canonicalEmail } from '../accounts/email.js';
import { MagicLinkActions, PasswordActions } from '../identity.actions.js';
import type { Origin } from '../sessions/origin.js';
import { ONE_TIME_TTL_SECONDS, OneTimeTokens } from '../tokens/one-time-tokens.js';
import { GuessLimits, lockedFor, type Target } from './guess-limits.js';

interface RequestedMail {
  /** as it was asked for */
  email: string;
  /** the mail's template, and the page that its link leads to */
  template: keyof typeof REQUESTS;
  /** what else the use of the link depends on */
  details?: Record<string, string>;
}

const REQUESTS = {
  'magic-link': { purpose: 'magic_link', action: MagicLinkActions.requested },
  'password-reset': { purpose: 'password_reset', action: PasswordActions.resetRequested },
} as const;

/** Links that anybody may ask for with somebody's address. */
@Injectable()
export class RequestedMails {
  constructor(
    private readonly config: Config,
    private readonly db: AuthDb,
    private readonly accounts: AccountsRepository,
    private readonly limits: GuessLimits,
    private readonly tokens: OneTimeTokens,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A mail with a link; it voids the one before it. The same work and the same words whether or not there is an active
   * account, and when its inbox has had enough for this hour.
   * @throws DomainError 429 for an address that asks too much
   */
  async send(mail: RequestedMail, origin: Origin): Promise<void> {
    const address = this.limits.target('mail_address', origin.address);
    await this.limits.assertOpen(address);
    const refusal = await this.db.transaction(async (tx) => {
      const { lockedFor: seconds } = await this.limits.settle(tx, address, false);
      if (seconds !== undefined) return lockedFor(seconds, address.kind);
      await this.enqueue(tx, mail, origin);
      return undefined;
    });
    if (refusal) throw refusal;
    this.outbox.nudge();
  }

  /** What counts the mails to a person. To be opened when a link was used: it is they who ask, and their inbox. */
  targets(email: string, { address }: Origin): Target[] {
    return [this.limits.target('inbox', email), this.limits.target('mail', email, address)];
  }

  private async enqueue(tx: AuthTransaction, mail: RequestedMail, origin: Origin): Promise<void> {
    const { email, template, details } = mail;
    const to = canonicalEmail(email);
    const locks = [];
    for (const target of this.targets(to, origin)) locks.push((await this.limits.settle(tx, target, false)).lockedFor);
    const user = await this.accounts.byEmail(to, tx);
    const when = locks.every((lock) => lock === undefined) && user?.status === 'active';
    const { purpose, action } = REQUESTS[template];
    await this.audit.recordAuth(tx, action, { concerns: user?.id, targetId: user?.id, details: { sent: when } });
    await this.tokens.revoke(tx, purpose, when ? user.id : null, details?.['codeChallenge']);
    const token = await this.tokens.issue(tx, purpose, { userId: user?.id, details, when });
    const link = `${this.config.webUrl}/account/${template}#token=${token}`;
    const values = { link, minutes: ONE_TIME_TTL_SECONDS / 60 };
    await this.outbox.enqueue(tx, to, { template, values }, { when, expiresInSeconds: ONE_TIME_TTL_SECONDS });
  }
}
