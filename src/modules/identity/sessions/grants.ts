import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import type { Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { unauthenticated } from '../../../errors/index.js';
import type { TokenResponse } from '../dto/responses.js';
import { AccessTokens, capabilityHash, capabilityOf, type TokenSubject } from '../tokens/access-tokens.js';
import { newSecret, secretHash } from '../tokens/secrets.js';
import { named, summary, theOnly, usable } from './membership.js';
import type { Origin } from './origin.js';
import { SessionListRepository } from './session-list.repository.js';
import { type HeldSession, SessionsRepository, type MembershipRow, type SessionRow } from './sessions.repository.js';

/** Somebody who proved who they are, by whatever means. */
export interface ProvenPerson {
  userId: string;
  /** how (RFC 8176): pwd, otp, hwk, ... */
  amr: string[];
  aal: 1 | 2;
  /** id or slug of the tenant that they named */
  tenant?: string | undefined;
  origin: Origin;
  /** the stored hash that a password was compared with: a reset that comes between must win */
  passwordHash?: string | undefined;
}

/** Turns a proof of who somebody is into a session and tokens. The only place that issues any. */
@Injectable()
export class Grants {
  constructor(
    private readonly config: Config,
    private readonly sessions: SessionsRepository,
    private readonly list: SessionListRepository,
    private readonly tokens: AccessTokens,
  ) {}

  /** A new session. @throws DomainError 401 for an account disabled meanwhile; 403 for a tenant one cannot sign in to */
  async start(tx: AuthTransaction, person: ProvenPerson): Promise<TokenResponse> {
    const { SESSION_TTL: ttl, SESSION_IDLE_TTL: idleTtl, SESSION_LIMIT: limit } = this.config.env;
    const memberships = await this.sessions.memberships(person.userId, tx);
    const membership = person.tenant === undefined ? theOnly(memberships) : named(memberships, person.tenant);
    const session = await this.sessions.create(tx, {
      userId: person.userId,
      tenantId: membership?.tenant_id ?? null,
      aal: person.aal,
      amr: person.amr,
      ttl,
      idleTtl,
      passwordHash: person.passwordHash,
      ...person.origin,
    });
    if (!session) throw credentialsInvalid();
    await this.list.makeRoom(tx, person.userId, limit); // after the person's row is locked, as everywhere
    return this.grant(tx, session, membership, memberships, await this.firstRefreshToken(tx, session.id));
  }

  /** The caller's session at AAL2, with new tokens. Those issued before stay as they were. @throws DomainError 401 */
  async stepUp(tx: AuthTransaction, principal: Principal, amr: string[]): Promise<TokenResponse> {
    const session = await this.session(principal, tx, true);
    const memberships = await this.sessions.memberships(session.user_id, tx);
    const membership = memberships.find((one) => one.tenant_id === session.tenant_id);
    const raised = await this.sessions.raise(tx, session.id, amr, this.config.env.SESSION_IDLE_TTL);
    const refreshToken = await this.firstRefreshToken(tx, session.id);
    return this.grant(tx, raised, membership && usable(membership), memberships, refreshToken);
  }

  /** The live session behind the caller's token. @throws DomainError 401 when it has ended */
  async session(principal: Principal, tx?: AuthTransaction, lock = false): Promise<HeldSession> {
    const session = await this.sessions.sessionOf(capabilityHash(principal.cap), tx, lock);
    if (!session) throw ended();
    return session;
  }

  /** A new lineage of refresh tokens. */
  async firstRefreshToken(tx: AuthTransaction, sessionId: string): Promise<string> {
    const secret = newSecret();
    await this.sessions.addRefreshToken(tx, secretHash(secret), sessionId);
    return secret;
  }

  /** Issues an access token for a session, with its capability. The refresh token is registered by the caller. */
  async grant(
    tx: AuthTransaction,
    session: SessionRow,
    membership: MembershipRow | undefined,
    memberships: MembershipRow[],
    refreshToken: string,
  ): Promise<TokenResponse> {
    const now = session.db_now.getTime();
    const ends = Math.min(session.expires_at.getTime(), now + this.config.env.ACCESS_TOKEN_TTL * 1000);
    const exp = Math.floor(ends / 1000);
    const accessToken = await this.tokens.issue(subjectOf(session, membership, exp));
    await this.sessions.addCapability(tx, {
      hash: capabilityHash(capabilityOf(accessToken)),
      sessionId: session.id,
      userId: session.user_id,
      tenantId: membership?.tenant_id ?? null,
      roleId: membership?.role_id ?? null,
      aal: session.aal,
      minAal: membership?.tenant_min_aal ?? 1,
      authTime: session.auth_time,
      expiresAt: new Date(exp * 1000),
    });
    return {
      accessToken,
      refreshToken,
      tokenType: 'Bearer',
      expiresIn: Math.max(0, exp - Math.floor(now / 1000)),
      aal: `aal${session.aal}`,
      tenant: membership ? summary(membership) : null,
      tenants: memberships.map(summary),
      mfaRequired: session.aal === 1 && (session.has_factor || membership?.tenant_min_aal === 2),
    };
  }
}

export const ended = (): Error => unauthenticated('session_ended', 'This session no longer counts. Sign in again.');

/** Whatever is wrong with the credentials, the answer is this one. */
export const credentialsInvalid = (): Error => unauthenticated('credentials_invalid', 'E-mail or password is wrong.');

function subjectOf(session: SessionRow, membership: MembershipRow | undefined, exp: number): TokenSubject {
  return {
    sub: session.user_id,
    sid: session.id,
    exp,
    auth_time: Math.floor(session.auth_time.getTime() / 1000),
    aal: `aal${session.aal}`,
    ...(membership?.tenant_min_aal === 2 ? { min_aal: 'aal2' as const } : {}),
    amr: session.amr,
    tenant_id: membership?.tenant_id ?? null,
    role_id: membership?.role_id ?? null,
    role: membership?.role_slug ?? null,
    permissions: membership?.permissions ?? [],
    subordinate_role_ids: membership?.subordinate_role_ids ?? [],
  };
}
