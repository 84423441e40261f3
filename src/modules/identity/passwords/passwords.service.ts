import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { Clock, type Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { unprocessable } from '../../../errors/index.js';
import { Outbox } from '../../mail/index.js';
import { AccountsRepository, type UserRow } from '../accounts/accounts.repository.js';
import { canonicalEmail } from '../accounts/email.js';
import { GuessLimits, lockedFor } from '../guessing/guess-limits.js';
import { MailLimits } from '../guessing/mail-limits.js';
import { UnlockMails } from '../guessing/unlock-mails.js';
import { ended, Grants } from '../sessions/grants.js';
import type { Origin } from '../sessions/origin.js';
import { SessionListRepository } from '../sessions/session-list.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { linkInvalid, ONE_TIME_TTL_SECONDS, OneTimeTokens } from '../tokens/one-time-tokens.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';

/** Forgotten, reset and changed passwords. None of these touches a second factor. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly list: SessionListRepository,
    private readonly grants: Grants,
    private readonly tokens: OneTimeTokens,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly limits: GuessLimits,
    private readonly mailLimits: MailLimits,
    private readonly unlockMails: UnlockMails,
    private readonly outbox: Outbox,
  ) {}

  /** The same work and the same words whether or not there is an account. @throws DomainError 429 by address alone */
  async forgot(email: string, origin: Origin): Promise<void> {
    await this.mailLimits.run(canonicalEmail(email), origin, async (tx, user, allowed) => {
      const when = allowed && user?.status === 'active';
      const token = await this.tokens.issue(tx, 'password_reset', { userId: user?.id, when });
      const link = `${this.config.webUrl}/account/password-reset#token=${token}`;
      const mail = { template: 'password-reset', values: { link, minutes: ONE_TIME_TTL_SECONDS / 60 } } as const;
      await this.outbox.enqueue(tx, canonicalEmail(email), mail, { when, expiresInSeconds: ONE_TIME_TTL_SECONDS });
    });
  }

  /** @throws DomainError 401 for a link that is used, expired or wrong; 422 for a bad password, which keeps the link good */
  async reset(token: string, password: string): Promise<void> {
    const owner = await this.tokens.peek('password_reset', token);
    const user = owner?.user_id ? await this.accounts.byId(owner.user_id) : undefined;
    if (user?.status !== 'active') throw linkInvalid();
    await this.assertGood(password, user, 'password');
    const hash = await this.hasher.hash(password);
    await this.sessions.transaction(async (tx) => {
      if (!(await this.tokens.take(tx, 'password_reset', token))) throw linkInvalid(); // somebody else was first
      await this.set(tx, user, password, hash);
      await this.limits.open(tx, this.limits.target('password', user.email));
    });
    this.outbox.nudge();
  }

  /** @throws DomainError 422 for a wrong current password, which counts as a guess, and for a bad new one; 429 */
  async change(principal: Principal, current: string, next: string): Promise<void> {
    const session = await this.grants.session(principal);
    const user = await this.accounts.byId(session.user_id);
    if (!user) throw ended();
    const target = this.limits.target('password', user.email);
    await this.limits.assertOpen(target);
    const right = await this.hasher.matches(current, user.password_hash);
    if (right) await this.assertDifferent(next, user);
    const hash = right ? await this.hasher.hash(next) : undefined;
    const refusal = await this.sessions.transaction(async (tx) => {
      const { lockedFor: seconds, justLocked } = await this.limits.settle(tx, target, right);
      if (justLocked) await this.unlockMails.enqueue(tx, user.email, user);
      if (seconds !== undefined) return lockedFor(seconds);
      if (hash === undefined) return currentPasswordWrong();
      await this.set(tx, user, next, hash, session.id);
      return undefined;
    }, principal.cap);
    this.outbox.nudge();
    if (refusal) throw refusal; // after the commit: the guess counts
  }

  private async assertDifferent(password: string, user: UserRow): Promise<void> {
    await this.assertGood(password, user, 'newPassword');
    if (await this.hasher.matches(password, user.password_hash))
      throw unprocessable('password_unchanged', 'This is your password already.', [
        { field: 'newPassword', message: 'must differ from the current password' },
      ]);
  }

  private async assertGood(password: string, user: UserRow, field: string): Promise<void> {
    const memberships = await this.sessions.memberships(user.id);
    const tenants = memberships.flatMap((one) => [one.tenant_name, one.tenant_slug]);
    const { email, full_name: fullName, has_factor: hasFactor } = user;
    await this.policy.assertGood(password, { email, fullName, tenants, hasFactor }, field);
  }

  /** What every new password brings with it. @param except the session that stays */
  private async set(
    tx: AuthTransaction,
    user: UserRow,
    password: string,
    hash: string,
    except?: string,
  ): Promise<void> {
    await this.accounts.setPassword(tx, user.id, hash, this.policy.standsAlone(password));
    await this.list.endAll(user.id, except, tx);
    await this.tokens.revokeAll(tx, user.id);
    const when = new Date(this.clock.now()).toUTCString();
    await this.outbox.enqueue(tx, user.email, { template: 'password-changed', values: { when } });
  }
}

// 422 and not 401: whoever asks is signed in, and a client that refreshes on 401 would guess once more
const currentPasswordWrong = (): Error =>
  unprocessable('current_password_wrong', 'The current password is wrong.', [
    { field: 'currentPassword', message: 'is wrong' },
  ]);
