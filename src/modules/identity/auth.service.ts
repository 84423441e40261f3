import { Injectable } from '@nestjs/common';
import { Config, KeyRing } from '../../config/index.js';
import type { Principal } from '../../context/index.js';
import type { AuthTransaction } from '../../database/index.js';
import { conflict, forbidden, unauthenticated } from '../../errors/index.js';
import type { LoginRequest } from './dto/requests.js';
import type { MeResponse, TenantSummary, TokenResponse } from './dto/responses.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { SessionsRepository, type MembershipRow, type RefreshRow, type SessionRow } from './sessions.repository.js';
import { AccessTokens, capabilityHash, capabilityOf, type TokenSubject } from './tokens/access-tokens.js';
import { newSecret, secretHash, successorOf } from './tokens/secrets.js';

/** Where a sign-in comes from, for the list of sessions. */
export interface Origin {
  userAgent: string;
  address: string;
}

/** A repeat of a refresh within this many seconds is taken for a lost answer or a second tab, not for a theft. */
const REFRESH_GRACE_SECONDS = 10;

/** Sign-in, refresh, switch and sign-out. */
@Injectable()
export class AuthService {
  private readonly refreshKey: Buffer;

  constructor(
    private readonly config: Config,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokens,
    private readonly passwords: PasswordHasher,
    ring: KeyRing,
  ) {
    this.refreshKey = ring.derive('refresh-token-successor');
  }

  /** @throws DomainError 401 whatever is wrong with the credentials; 403 for a tenant one cannot sign in to */
  async login(request: LoginRequest, origin: Origin): Promise<TokenResponse> {
    const user = await this.sessions.userByEmail(canonicalEmail(request.email));
    const matches = await this.passwords.matches(request.password, user?.password_hash);
    if (!user || !matches || user.status !== 'active') {
      throw unauthenticated('credentials_invalid', 'E-mail or password is wrong.');
    }
    const memberships = await this.sessions.memberships(user.id);
    const membership = request.tenant === undefined ? theOnly(memberships) : named(memberships, request.tenant);
    return this.sessions.transaction(async (tx) => {
      const session = await this.sessions.create(tx, {
        userId: user.id,
        tenantId: membership?.tenant_id ?? null,
        amr: ['pwd'],
        ttl: this.config.env.SESSION_TTL,
        idleTtl: this.config.env.SESSION_IDLE_TTL,
        ...origin,
      });
      if (!session) throw unauthenticated('credentials_invalid', 'E-mail or password is wrong.');
      return this.grant(tx, session, membership, memberships, await this.firstRefreshToken(tx, session.id));
    });
  }

  /** @throws DomainError 401 for a token that is unknown, expired or was used before; a theft ends the whole session */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const outcome = await this.sessions.transaction(async (tx) => {
      const row = await this.sessions.lockRefreshToken(tx, secretHash(refreshToken));
      if (!row?.alive) return 'invalid';
      if (row.used_ago !== null && row.used_ago > REFRESH_GRACE_SECONDS) {
        await this.sessions.end(row.id, tx); // commits: the throw comes after the transaction
        return 'reused';
      }
      return this.rotate(tx, row, refreshToken);
    });
    if (outcome === 'invalid')
      throw unauthenticated('refresh_token_invalid', 'This refresh token is not valid. Sign in again.');
    if (outcome === 'reused') {
      throw unauthenticated(
        'refresh_token_reused',
        'This refresh token was used before. The session has ended; sign in again.',
      );
    }
    return outcome;
  }

  async logout(principal: Principal): Promise<void> {
    const session = await this.require(principal);
    await this.sessions.end(session.id);
  }

  /** The same session in another tenant. Tokens issued so far are void. @throws DomainError 403 for no member there */
  async switchTenant(principal: Principal, tenant: string): Promise<TokenResponse> {
    return this.sessions.transaction(async (tx) => {
      const session = await this.sessions.sessionOf(capabilityHash(principal.cap), tx, true);
      if (!session) throw ended();
      const memberships = await this.sessions.memberships(session.user_id, tx);
      const membership = named(memberships, tenant);
      await this.sessions.moveToTenant(tx, session.id, membership.tenant_id);
      const refreshToken = await this.firstRefreshToken(tx, session.id);
      return this.grant(tx, { ...session, tenant_id: membership.tenant_id }, membership, memberships, refreshToken);
    });
  }

  async me(principal: Principal): Promise<MeResponse> {
    const session = await this.require(principal);
    const [user, memberships] = await Promise.all([
      this.sessions.userById(session.user_id),
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
      tenants: memberships.map(summary),
    };
  }

  private async require(principal: Principal): Promise<SessionRow> {
    const session = await this.sessions.sessionOf(capabilityHash(principal.cap));
    if (!session) throw ended();
    return session;
  }

  /** A new lineage of refresh tokens. */
  private async firstRefreshToken(tx: AuthTransaction, sessionId: string): Promise<string> {
    const secret = newSecret();
    await this.sessions.addRefreshToken(tx, secretHash(secret), sessionId);
    return secret;
  }

  private async rotate(tx: AuthTransaction, row: RefreshRow, refreshToken: string): Promise<TokenResponse> {
    const successor = successorOf(refreshToken, this.refreshKey);
    if (row.used_ago === null) {
      await this.sessions.markRefreshTokenUsed(tx, secretHash(refreshToken));
      await this.sessions.addRefreshToken(tx, secretHash(successor), row.id);
    } else if (!(await this.sessions.isFreshRefreshToken(tx, secretHash(successor)))) {
      throw conflict(
        'refresh_token_superseded',
        'This refresh token was used and so was the one after it. Use the newest.',
      );
    }
    const session = await this.sessions.touch(tx, row.id, this.config.env.SESSION_IDLE_TTL);
    const memberships = await this.sessions.memberships(row.user_id, tx);
    const membership = memberships.find((one) => one.tenant_id === row.tenant_id);
    return this.grant(tx, session, membership && usable(membership), memberships, successor);
  }

  /** Issues an access token for a session, with its capability. The refresh token is registered by the caller. */
  private async grant(
    tx: AuthTransaction,
    session: SessionRow,
    membership: MembershipRow | undefined,
    memberships: MembershipRow[],
    refreshToken: string,
  ): Promise<TokenResponse> {
    const ends = Math.min(session.expires_at.getTime(), Date.now() + this.config.env.ACCESS_TOKEN_TTL * 1000);
    const exp = Math.floor(ends / 1000);
    const accessToken = await this.tokens.issue(subjectOf(session, membership, exp));
    await this.sessions.addCapability(tx, {
      hash: capabilityHash(capabilityOf(accessToken)),
      sessionId: session.id,
      userId: session.user_id,
      tenantId: membership?.tenant_id ?? null,
      roleId: membership?.role_id ?? null,
      aal: session.aal,
      expiresAt: new Date(exp * 1000),
    });
    return {
      accessToken,
      refreshToken,
      tokenType: 'Bearer',
      expiresIn: Math.max(0, exp - Math.floor(Date.now() / 1000)),
      aal: `aal${session.aal}`,
      tenant: membership ? summary(membership) : null,
      tenants: memberships.map(summary),
      mfaRequired: false,
    };
  }
}

/** One spelling of an address everywhere: the database refuses any other. */
export const canonicalEmail = (email: string): string => email.normalize('NFC').trim().toLowerCase();

const ended = (): Error => unauthenticated('session_ended', 'This session no longer counts. Sign in again.');

const summary = (row: MembershipRow): TenantSummary => ({
  id: row.tenant_id,
  slug: row.tenant_slug,
  name: row.tenant_name,
  status: row.tenant_status,
  role: row.role_slug,
});

/** Who belongs to one tenant signs in to it; who belongs to several says which, instead of us guessing where they work. */
function theOnly(memberships: MembershipRow[]): MembershipRow | undefined {
  const active = memberships.filter((one) => one.tenant_status === 'active' && one.member_status === 'active');
  return active.length === 1 ? active[0] : undefined;
}

/** @throws DomainError 403, the same for a tenant one does not belong to and for one that does not exist */
function named(memberships: MembershipRow[], tenant: string): MembershipRow {
  const membership = memberships.find((one) => one.tenant_id === tenant.toLowerCase() || one.tenant_slug === tenant);
  if (!membership) throw forbidden('not_a_member', 'You are not a member of this tenant.');
  return usable(membership);
}

function usable(membership: MembershipRow): MembershipRow {
  if (membership.tenant_status !== 'active') throw forbidden('tenant_suspended', 'This tenant is suspended.');
  if (membership.member_status !== 'active') {
    throw forbidden('membership_suspended', 'Your membership of this tenant is suspended.');
  }
  return membership;
}

function subjectOf(session: SessionRow, membership: MembershipRow | undefined, exp: number): TokenSubject {
  return {
    sub: session.user_id,
    sid: session.id,
    exp,
    auth_time: Math.floor(session.auth_time.getTime() / 1000),
    aal: `aal${session.aal}`,
    amr: session.amr,
    tenant_id: membership?.tenant_id ?? null,
    role_id: membership?.role_id ?? null,
    role: membership?.role_slug ?? null,
    permissions: membership?.permissions ?? [],
    subordinate_role_ids: membership?.subordinate_role_ids ?? [],
  };
}
