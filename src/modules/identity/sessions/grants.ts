import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import type { Principal } from '../../../context/index.js';
import type { AuthTransaction } from '../../../database/index.js';
import { sessionEnded } from '../../../errors/index.js';
import type { AuditAction } from '../../../route/index.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import type { TenantSummary, TokenResponse } from '../dto/responses.js';
import { SessionActions } from '../identity.actions.js';
import { credentialsInvalid, sessionTooOld } from '../identity.problems.js';
import { AccessTokens, capabilityHash, capabilityOf, type TokenSubject } from '../tokens/access-tokens.js';
import { newSecret, secretHash } from '../tokens/secrets.js';
import { actIn } from './act.js';
import { limitsIn, named, summary, theOnly, usable } from './membership.js';
import type { Origin } from './origin.js';
import { SessionListRepository } from './session-list.repository.js';
import {
  type HeldSession,
  type MembershipRow,
  type SessionLimits,
  type SessionRow,
  SessionsRepository,
} from './sessions.repository.js';

/** Somebody who proved who they are, by whatever means. */
export interface ProvenPerson {
  userId: string;
  /** how, in the values of RFC 8176 (pwd, otp, mfa, ...) and `email`, which it does not register */
  amr: string[];
  aal: 1 | 2;
  /** id or slug of the tenant that they named */
  tenant?: string | undefined;
  origin: Origin;
  /** the stored hash that a password was compared with: a reset that comes between must win */
  passwordHash?: string | undefined;
  /** what the audit log has of it, where they did more than sign in */
  did?: { action: AuditAction; targetId: string };
}

/** Turns a proof of who somebody is into a session and tokens. The only place that issues any. */
@Injectable()
export class Grants {
  constructor(
    private readonly config: Config,
    private readonly sessions: SessionsRepository,
    private readonly list: SessionListRepository,
    private readonly tokens: AccessTokens,
    private readonly audit: AuditTrail,
  ) {}

  /** A new session, recorded. @throws DomainError 401 for an account disabled meanwhile; 403 for a tenant one cannot sign in to */
  async start(tx: AuthTransaction, person: ProvenPerson): Promise<TokenResponse> {
    const memberships = await this.sessions.memberships(person.userId, tx);
    const membership = person.tenant === undefined ? theOnly(memberships) : named(memberships, person.tenant);
    const session = await this.sessions.create(tx, {
      userId: person.userId,
      tenantId: membership?.tenant_id ?? null,
      aal: person.aal,
      amr: person.amr,
      ...this.limitsIn(membership),
      passwordHash: person.passwordHash,
      ...person.origin,
    });
    if (!session) throw credentialsInvalid();
    await this.list.makeRoom(tx, person.userId, this.config.env.SESSION_LIMIT); // after the person's row is locked, as everywhere
    const { action, targetId } = person.did ?? { action: SessionActions.signedIn, targetId: session.id };
    const details = { aal: session.aal, amr: session.amr };
    await this.audit.recordAuth(tx, action, { ...actIn(session), targetId, details });
    return this.grant(tx, session, membership, memberships, await this.firstRefreshToken(tx, session.id));
  }

  /**
   * The caller's session at AAL2, with new tokens, recorded. Those issued before stay as they were.
   * @param method of the proof, for the audit log: totp, recovery_code, passkey
   * @throws DomainError 401
   */
  async stepUp(tx: AuthTransaction, principal: Principal, amr: string[], method?: string): Promise<TokenResponse> {
    const session = await this.session(principal, tx, true);
    const memberships = await this.sessions.memberships(session.user_id, tx);
    const membership = memberships.find((one) => one.tenant_id === session.tenant_id);
    const raised = lasting(await this.sessions.raise(tx, session.id, amr, this.limitsIn(membership)));
    const refreshToken = await this.firstRefreshToken(tx, session.id);
    const details = { amr, method };
    await this.audit.recordAuth(tx, SessionActions.steppedUp, { ...actIn(session), targetId: session.id, details });
    return this.grant(tx, raised, membership && usable(membership), memberships, refreshToken);
  }

  /** The same session in another tenant, recorded in both; what was issued for it is void. @throws DomainError 401 for one too old there */
  async move(
    tx: AuthTransaction,
    session: SessionRow,
    membership: MembershipRow,
    memberships: MembershipRow[],
  ): Promise<TokenResponse> {
    const limits = this.limitsIn(membership);
    const moved = lasting(await this.sessions.moveToTenant(tx, session.id, membership.tenant_id, limits));
    await this.recordMove(tx, session, moved);
    return this.grant(tx, moved, membership, memberships, await this.firstRefreshToken(tx, session.id));
  }

  /** Neither tenant's log says where else somebody belongs. */
  private async recordMove(tx: AuthTransaction, from: SessionRow, to: SessionRow): Promise<void> {
    const record = (session: SessionRow, details: AuditDetails): Promise<void> =>
      this.audit.recordAuth(tx, SessionActions.tenantSwitched, { ...actIn(session), targetId: session.id, details });
    await record(to, { move: 'in' });
    if (from.tenant_id !== null && from.tenant_id !== to.tenant_id) await record(from, { move: 'out' });
  }

  /** How long a session may last there, as the tenant has it now. */
  limitsIn(membership: MembershipRow | undefined): SessionLimits {
    const { SESSION_TTL: ttl, SESSION_IDLE_TTL: idleTtl } = this.config.env;
    return limitsIn(membership, { ttl, idleTtl });
  }

  /** Every tenant that the caller belongs to. @throws DomainError 401 when the session has ended */
  async tenantsOf(principal: Principal): Promise<TenantSummary[]> {
    const session = await this.session(principal);
    return (await this.sessions.memberships(session.user_id)).map(summary);
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
    // whoever refreshes when the token ends is not idle yet
    const ttl = Math.min(this.config.env.ACCESS_TOKEN_TTL, this.limitsIn(membership).idleTtl / 2);
    const ends = Math.min(session.expires_at.getTime(), now + ttl * 1000);
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

export const ended = (): Error => sessionEnded();

/** @throws DomainError 401 for a session that is older than the tenant allows */
function lasting(session: SessionRow): SessionRow {
  if (session.expires_at > session.db_now) return session;
  throw sessionTooOld();
}

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
