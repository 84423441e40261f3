import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../config/index.js';
import type { Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { aal2Required } from '../../../errors/index.js';
import type { AuditAction } from '../../../route/index.js';
import { AuditTrail } from '../../audit/index.js';
import { AccountsRepository, type UserRow } from '../accounts/accounts.repository.js';
import { canonicalEmail } from '../accounts/email.js';
import type { LoginRequest } from '../dto/requests.js';
import type { MeResponse, TokenResponse } from '../dto/responses.js';
import { GuessLimits, lockedFor } from '../guessing/guess-limits.js';
import { UnlockMails } from '../guessing/unlock-mails.js';
import { SessionActions } from '../identity.actions.js';
import {
  credentialsInvalid,
  refreshTokenInvalid,
  refreshTokenReused,
  refreshTokenSuperseded,
} from '../identity.problems.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { actIn } from '../sessions/act.js';
import { ended, Grants } from '../sessions/grants.js';
import { named, summary, usable } from '../sessions/membership.js';
import type { Origin } from '../sessions/origin.js';
import { SessionsRepository, type RefreshRow } from '../sessions/sessions.repository.js';
import { secretHash, successorOf } from '../tokens/secrets.js';
import { type Attempt, Attempts } from './attempts.js';

/** A repeat of a refresh within this many seconds is taken for a lost answer or a second tab, not for a theft. */
const REFRESH_GRACE_SECONDS = 10;

/** Sign-in with a password, refresh, switch and sign-out. */
@Injectable()
export class SignInService {
  private readonly refreshKey: Buffer;

  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly grants: Grants,
    private readonly passwords: PasswordHasher,
    private readonly limits: GuessLimits,
    private readonly unlockMails: UnlockMails,
    private readonly audit: AuditTrail,
    private readonly attempts: Attempts,
    ring: KeyRing,
  ) {
    this.refreshKey = ring.derive('refresh-token-successor');
  }

  /**
   * @throws DomainError 401 whatever is wrong with the credentials; 403 for a tenant one cannot sign in to; 429 when too
   * many guesses were wrong, at this account or from this address
   */
  login(request: LoginRequest, origin: Origin): Promise<TokenResponse> {
    const known = { details: { method: 'password' } };
    return this.attempts.watch(SessionActions.signedIn, known, (attempt) => this.enter(request, origin, attempt));
  }

  private async enter(request: LoginRequest, origin: Origin, attempt: Attempt): Promise<TokenResponse> {
    const email = canonicalEmail(request.email);
    const user = await this.accounts.byEmail(email);
    attempt.concerns = user?.id;
    await this.limits.assertOpen(this.limits.target('password', email), this.limits.target('address', origin.address));
    const matches = await this.passwords.matches(request.password, user?.password_hash);
    const right = matches && user?.status === 'active';
    if (right) attempt.actorId = user.id;
    const rehashed = right ? await this.rehashed(user, request.password) : undefined;
    const outcome = await this.sessions.transaction(async (tx) => {
      const refusal = await this.settle(tx, email, origin, right, user);
      if (refusal ?? !right) return refusal ?? credentialsInvalid();
      if (rehashed) await this.accounts.rehash(tx, user.id, rehashed.old, rehashed.hash);
      const passwordHash = rehashed?.hash ?? user.password_hash ?? '';
      const { tenant } = request;
      return this.grants.start(tx, { userId: user.id, amr: ['pwd'], aal: 1, tenant, origin, passwordHash });
    });
    this.unlockMails.nudge();
    if (outcome instanceof Error) throw outcome; // after the commit: the guess counts
    return outcome;
  }

  /** @throws DomainError 401 for a token that is unknown, expired or was used before; a theft ends the whole session */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const outcome = await this.sessions.transaction(async (tx) => {
      const row = await this.sessions.lockRefreshToken(tx, secretHash(refreshToken));
      if (!row?.alive) return 'invalid';
      if (row.used_ago !== null && row.used_ago > REFRESH_GRACE_SECONDS) {
        await this.sessions.end(tx, row.id); // commits: the throw comes after the transaction
        await this.recordEnd(tx, SessionActions.reuseDetected, row, 'refresh_token_reused');
        return 'reused';
      }
      return this.rotate(tx, row, refreshToken);
    });
    if (outcome === 'invalid') throw refreshTokenInvalid();
    if (outcome === 'reused') throw refreshTokenReused();
    return outcome;
  }

  async logout(principal: Principal): Promise<void> {
    await this.sessions.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx, true);
      await this.sessions.end(tx, session.id);
      await this.audit.recordAuth(tx, SessionActions.signedOut, { ...actIn(session), targetId: session.id });
    });
  }

  /** The same session in another tenant. Tokens issued so far are void. @throws DomainError 403 for no member there */
  async switchTenant(principal: Principal, tenant: string): Promise<TokenResponse> {
    return this.sessions.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx, true);
      // else whoever holds a token from before the second factor would be handed what came after
      if (!session.abreast) throw aal2Required('This token is from before the second factor. Use the newer one.');
      const memberships = await this.sessions.memberships(session.user_id, tx);
      return this.grants.move(tx, session, named(memberships, tenant), memberships);
    });
  }

  async me(principal: Principal): Promise<MeResponse> {
    const session = await this.grants.session(principal);
    const [user, memberships] = await Promise.all([
      this.accounts.byId(session.user_id),
      this.sessions.memberships(session.user_id),
    ]);
    if (!user) throw ended();
    const here = memberships.find((membership) => membership.tenant_id === session.tenant_id);
    return {
      user: { id: user.id, email: user.email, fullName: user.full_name },
      session: {
        id: session.id,
        authTime: session.auth_time.toISOString(),
        expiresAt: session.expires_at.toISOString(),
        amr: session.amr,
      },
      tenant: here ? summary(here) : null,
      role: here ? { id: here.role_id, slug: here.role_slug, name: here.role_name } : null,
      permissions: here?.permissions ?? [],
      aal: principal.aal,
      mfaEnrolled: user.has_factor,
      tenants: memberships.map(summary),
    };
  }

  /** Counts the guess. @returns a refusal when the account is locked, be the guess right or wrong */
  private async settle(
    tx: AuthTransaction,
    email: string,
    origin: Origin,
    right: boolean,
    user: UserRow | undefined,
  ): Promise<Error | undefined> {
    const account = await this.limits.settle(tx, this.limits.target('password', email), right);
    const address = await this.limits.settleUnlessRight(tx, this.limits.target('address', origin.address), right);
    if (account.justLocked) await this.unlockMails.locked(tx, 'password', email, user);
    const seconds = account.lockedFor ?? address;
    return seconds === undefined ? undefined : lockedFor(seconds);
  }

  /** A session that ends because of a token, whoever sent it. */
  private recordEnd(tx: AuthTransaction, action: AuditAction, session: RefreshRow, code: string): Promise<void> {
    const { id: sessionId, user_id: concerns, tenant_id: tenantId } = session;
    return this.audit.recordAuth(tx, action, {
      tenantId,
      concerns,
      sessionId,
      targetId: sessionId,
      outcome: 'denied',
      code,
    });
  }

  private async rehashed(user: UserRow, password: string): Promise<{ old: string; hash: string } | undefined> {
    const old = user.password_hash ?? '';
    return this.passwords.needsRehash(old) ? { old, hash: await this.passwords.hash(password) } : undefined;
  }

  private async rotate(tx: AuthTransaction, row: RefreshRow, refreshToken: string): Promise<TokenResponse | 'invalid'> {
    const memberships = await this.sessions.memberships(row.user_id, tx);
    const found = memberships.find((one) => one.tenant_id === row.tenant_id);
    const membership = found && usable(found);
    const limits = this.grants.limitsIn(membership);
    if (row.age >= limits.ttl || (row.used_ago === null && row.issued_ago >= limits.idleTtl)) {
      await this.sessions.end(tx, row.id); // the tenant's limits were lowered since
      await this.recordEnd(tx, SessionActions.expired, row, 'refresh_token_invalid');
      return 'invalid';
    }
    const successor = successorOf(refreshToken, this.refreshKey);
    if (row.used_ago === null) {
      await this.sessions.markRefreshTokenUsed(tx, secretHash(refreshToken));
      await this.sessions.addRefreshToken(tx, secretHash(successor), row.id);
    } else if (!(await this.sessions.isFreshRefreshToken(tx, secretHash(successor)))) {
      throw refreshTokenSuperseded();
    }
    const session = await this.sessions.touch(tx, row.id, limits);
    return this.grants.grant(tx, session, membership, memberships, successor);
  }
}
