import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { AuditTrail } from '../../audit/index.js';
import { Outbox } from '../../mail/index.js';
import { AccountsRepository, type UserRow } from '../accounts/accounts.repository.js';
import { GuessLimits, lockedFor } from '../guessing/guess-limits.js';
import { RequestedMails } from '../guessing/requested-mails.js';
import { UnlockMails } from '../guessing/unlock-mails.js';
import { PasswordActions } from '../identity.actions.js';
import { currentPasswordWrong, linkInvalid, passwordUnchanged } from '../identity.problems.js';
import { actIn, actOf } from '../sessions/act.js';
import { ended, Grants } from '../sessions/grants.js';
import type { Origin } from '../sessions/origin.js';
import { SessionListRepository } from '../sessions/session-list.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { type Attempt, Attempts } from '../sign-in/attempts.js';
import { OneTimeTokens } from '../tokens/one-time-tokens.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';

/** A password that passed the policy, and its hash. */
interface NewPassword {
  password: string;
  hash: string;
  /** what the request calls it */
  field: string;
}

/** Forgotten, reset and changed passwords. None of these touches a second factor. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly clock: Clock,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly list: SessionListRepository,
    private readonly grants: Grants,
    private readonly tokens: OneTimeTokens,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly limits: GuessLimits,
    private readonly requestedMails: RequestedMails,
    private readonly unlockMails: UnlockMails,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly attempts: Attempts,
  ) {}

  /** The same work and the same words whether or not there is an account. @throws DomainError 429 by address alone */
  async forgot(email: string, origin: Origin): Promise<void> {
    await this.requestedMails.send({ email, template: 'password-reset' }, origin);
  }

  /** @throws DomainError 401 for a link that is used, expired or wrong; 422 for a bad password, which keeps the link good */
  reset(token: string, password: string, origin: Origin): Promise<void> {
    return this.attempts.watch(PasswordActions.reset, {}, (attempt) => this.follow(token, password, origin, attempt));
  }

  private async follow(token: string, password: string, origin: Origin, attempt: Attempt): Promise<void> {
    const link = await this.tokens.peek('password_reset', token);
    const user = link?.user_id ? await this.accounts.byId(link.user_id) : undefined;
    attempt.concerns = user?.id;
    if (user?.status !== 'active') throw linkInvalid();
    const fresh = await this.prepared(password, user, 'password');
    await this.sessions.transaction(async (tx) => {
      const mails = this.requestedMails.targets(user.email, origin);
      await this.limits.open(tx, this.limits.target('password', user.email), ...mails);
      if (!(await this.tokens.take(tx, 'password_reset', token))) throw linkInvalid(); // somebody was first
      if ((await this.set(tx, user.id, fresh))?.status !== 'active') throw linkInvalid(); // disabled meanwhile
      await this.list.endAll(tx, user.id);
      await this.conclude(tx, user);
      const note = { concerns: user.id, actorId: user.id, targetId: user.id };
      await this.audit.recordAuth(tx, PasswordActions.reset, note);
    });
    this.outbox.nudge();
  }

  /** @throws DomainError 422 for a bad new password, and for a wrong current one, which counts as a guess; 429; 401 */
  change(principal: Principal, current: string, next: string): Promise<void> {
    const known = { ...actOf(principal), targetId: principal.userId };
    return this.attempts.watch(PasswordActions.changed, known, () => this.replace(principal, current, next));
  }

  private async replace(principal: Principal, current: string, next: string): Promise<void> {
    const { user_id: userId } = await this.grants.session(principal);
    const user = await this.accounts.byId(userId);
    if (!user) throw ended();
    const target = this.limits.target('password', user.email);
    await this.limits.assertOpen(target);
    if (next.normalize('NFC') === current.normalize('NFC')) throw passwordUnchanged();
    // judged and hashed before and beside the current one, so that neither answer nor time tells more guesses than count
    const fresh = await this.prepared(next, user, 'newPassword');
    const right = await this.hasher.matches(current, user.password_hash);
    const refusal = await this.sessions.transaction(async (tx) => {
      const { lockedFor: seconds, justLocked } = await this.limits.settle(tx, target, right);
      if (justLocked) await this.unlockMails.locked(tx, 'password', user.email, user);
      if (seconds !== undefined) return lockedFor(seconds);
      if (!right) return currentPasswordWrong();
      await this.set(tx, user.id, fresh);
      // asked again now that the person is locked: a reset that came first has ended this session
      const session = await this.grants.session(principal, tx, true);
      await this.list.endAll(tx, user.id, session.id);
      await this.conclude(tx, user);
      await this.audit.recordAuth(tx, PasswordActions.changed, { ...actIn(session), targetId: user.id });
      return undefined;
    });
    this.outbox.nudge();
    if (refusal) throw refusal; // after the commit: the guess counts
  }

  private async prepared(password: string, user: UserRow, field: string): Promise<NewPassword> {
    const memberships = await this.sessions.memberships(user.id);
    const tenants = memberships.flatMap((one) => [one.tenant_name, one.tenant_slug]);
    await this.check(password, user, field, tenants);
    return { password, hash: await this.hasher.hash(password), field };
  }

  private check(password: string, user: UserRow, field: string, tenants?: string[]): Promise<void> {
    const { email, full_name: fullName, has_factor: hasFactor } = user;
    return this.policy.check(password, { email, fullName, tenants, hasFactor }, field);
  }

  /** @returns the person, locked from here on. @throws DomainError 422 when a factor went that the password was to stand beside */
  private async set(tx: AuthTransaction, id: string, fresh: NewPassword): Promise<UserRow | undefined> {
    const { password, hash, field } = fresh;
    await this.accounts.setPassword(tx, id, hash, this.policy.standsAlone(password));
    const now = await this.accounts.byId(id, tx);
    if (now) await this.check(password, now, field);
    return now;
  }

  /** What every new password brings with it: nothing in the inbox is good any more, and a mail tells of it. */
  private async conclude(tx: AuthTransaction, user: UserRow): Promise<void> {
    await this.tokens.revokeAll(tx, user.id);
    const when = new Date(this.clock.now()).toUTCString();
    await this.outbox.enqueue(tx, user.email, { template: 'password-changed', values: { when } });
  }
}
