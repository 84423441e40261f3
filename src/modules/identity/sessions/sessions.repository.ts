import { Injectable } from '@nestjs/common';
import { AuthDb, type AuthTransaction } from '../../../database/index.js';

export interface MembershipRow {
  tenant_id: string;
  tenant_slug: string;
  tenant_name: string;
  tenant_status: 'active' | 'suspended';
  member_status: 'active' | 'suspended';
  role_id: string;
  role_slug: string;
  role_name: string;
  permissions: string[];
  subordinate_role_ids: string[];
  /** the level that the tenant demands of its members */
  tenant_min_aal: 1 | 2;
  /** what the tenant allows its sessions; null: what the installation does */
  session_idle_minutes: number | null;
  session_hours: number | null;
}

export interface SessionRow {
  id: string;
  user_id: string;
  tenant_id: string | null;
  aal: 1 | 2;
  amr: string[];
  auth_time: Date;
  expires_at: Date;
  idle_expires_at: Date;
  /** the database's clock: what expires is reckoned from it */
  db_now: Date;
  /** whether the person has an active second factor */
  has_factor: boolean;
}

/** A session as the holder of one of its access tokens has it. */
export interface HeldSession extends SessionRow {
  /** false: the token is from before a step-up, and stands below what the session has become */
  abreast: boolean;
}

export interface RefreshRow extends SessionRow {
  alive: boolean;
  /** seconds since this token was used; null: never */
  used_ago: number | null;
  /** seconds since it was issued, which is the last that the session was heard of */
  issued_ago: number;
  /** seconds since the session began */
  age: number;
}

/** How long a session lasts, in seconds: in all, and without a refresh. */
export interface SessionLimits {
  ttl: number;
  idleTtl: number;
}

export interface CapabilityGrant {
  hash: Buffer;
  sessionId: string;
  userId: string;
  tenantId: string | null;
  roleId: string | null;
  aal: 1 | 2;
  minAal: 1 | 2;
  authTime: Date;
  expiresAt: Date;
}

const SESSION = `s.id, s.user_id, s.tenant_id, s.aal, s.amr, s.auth_time, s.expires_at, s.idle_expires_at, now() as db_now,
  exists (select from auth.factors f where f.user_id = s.user_id and f.activated_at is not null) as has_factor`;

/** The session's ends under the limits $2 and $3, in seconds: the idle one moves on, the absolute one never does. */
const PROLONGED = `expires_at = least(s.expires_at, s.created_at + make_interval(secs => $2)),
  idle_expires_at = least(s.expires_at, s.created_at + make_interval(secs => $2), now() + make_interval(secs => $3))`;

/** The statements of sign-in. Expiry is decided by the database's clock. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly db: AuthDb) {}

  /** @param cap the caller's capability, where there is a caller */
  transaction<T>(work: (tx: AuthTransaction) => Promise<T>, cap?: string): Promise<T> {
    return this.db.transaction(work, cap);
  }

  memberships(userId: string, tx: AuthTransaction = this.db): Promise<MembershipRow[]> {
    return tx.query<MembershipRow>('select * from auth.memberships_of($1)', [userId]);
  }

  /** @returns undefined when the account was disabled, or got another password, while the one given was being checked */
  async create(
    tx: AuthTransaction,
    session: {
      userId: string;
      tenantId: string | null;
      aal: 1 | 2;
      amr: string[];
      ttl: number;
      idleTtl: number;
      userAgent: string;
      address: string;
      /** what was compared with; the session begins only if it still holds */
      passwordHash?: string | undefined;
    },
  ): Promise<SessionRow | undefined> {
    const rows = await tx.query<SessionRow>(
      `insert into auth.sessions as s (user_id, tenant_id, amr, expires_at, idle_expires_at, user_agent, address, aal)
       select u.id, $2::uuid, $3::text[], now() + make_interval(secs => $4), now() + make_interval(secs => $5), $6, $7, $8
         from auth.users u
        where u.id = $1 and u.status = 'active' and ($9::text is null or u.password_hash = $9) for share of u
       returning ${SESSION}`,
      [
        session.userId,
        session.tenantId,
        session.amr,
        session.ttl,
        session.idleTtl,
        session.userAgent,
        session.address,
        session.aal,
        session.passwordHash ?? null,
      ],
    );
    return rows[0];
  }

  async addRefreshToken(tx: AuthTransaction, hash: Buffer, sessionId: string): Promise<void> {
    await tx.query('insert into auth.refresh_tokens (hash, session_id) values ($1, $2)', [hash, sessionId]);
  }

  async addCapability(tx: AuthTransaction, grant: CapabilityGrant): Promise<void> {
    await tx.query(
      `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, min_aal, auth_time, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        grant.hash,
        grant.sessionId,
        grant.userId,
        grant.tenantId,
        grant.roleId,
        grant.aal,
        grant.minAal,
        grant.authTime,
        grant.expiresAt,
      ],
    );
  }

  /** The live session of a capability, whatever its tenant's state; locked when a change follows. */
  async sessionOf(hash: Buffer, tx: AuthTransaction = this.db, lock = false): Promise<HeldSession | undefined> {
    const [session] = await tx.query<HeldSession>(
      // a capability's time went through milliseconds on its way
      `select ${SESSION}, c.aal >= s.aal and c.auth_time >= date_trunc('milliseconds', s.auth_time) as abreast
         from auth.capabilities c join auth.sessions s on s.id = c.session_id
       where c.hash = $1 and c.expires_at > now() and s.expires_at > now() ${lock ? 'for update of s' : ''}`,
      [hash],
    );
    return session;
  }

  /** A refresh token with its session, both locked: of two uses at once the second sees what the first did. */
  async lockRefreshToken(tx: AuthTransaction, hash: Buffer): Promise<RefreshRow | undefined> {
    const [row] = await tx.query<RefreshRow>(
      `select ${SESSION}, s.expires_at > now() and s.idle_expires_at > now() as alive,
              extract(epoch from clock_timestamp() - r.used_at)::float8 as used_ago,
              extract(epoch from now() - r.created_at)::float8 as issued_ago,
              extract(epoch from now() - s.created_at)::float8 as age
         from auth.refresh_tokens r join auth.sessions s on s.id = r.session_id
        where r.hash = $1 for update of s, r`,
      [hash],
    );
    return row;
  }

  async markRefreshTokenUsed(tx: AuthTransaction, hash: Buffer): Promise<void> {
    await tx.query('update auth.refresh_tokens set used_at = clock_timestamp() where hash = $1', [hash]);
  }

  /** Whether the token exists and was not used. */
  async isFreshRefreshToken(tx: AuthTransaction, hash: Buffer): Promise<boolean> {
    const rows = await tx.query('select from auth.refresh_tokens where hash = $1 and used_at is null', [hash]);
    return rows.length > 0;
  }

  /** @returns the session with its idle end moved on, never past its absolute end */
  async touch(tx: AuthTransaction, id: string, { ttl, idleTtl }: SessionLimits): Promise<SessionRow> {
    const rows = await tx.query<SessionRow>(
      `update auth.sessions s set ${PROLONGED} where s.id = $1 returning ${SESSION}`,
      [id, ttl, idleTtl],
    );
    return rows[0] as SessionRow;
  }

  /** Every token of the session issued so far is void afterwards. */
  async moveToTenant(
    tx: AuthTransaction,
    id: string,
    tenantId: string,
    { ttl, idleTtl }: SessionLimits,
  ): Promise<SessionRow> {
    await tx.query('delete from auth.capabilities where session_id = $1', [id]);
    await tx.query('delete from auth.refresh_tokens where session_id = $1', [id]);
    const rows = await tx.query<SessionRow>(
      `update auth.sessions s set tenant_id = $4, ${PROLONGED} where s.id = $1 returning ${SESSION}`,
      [id, ttl, idleTtl, tenantId],
    );
    return rows[0] as SessionRow;
  }

  /** Ends a session: its capabilities and refresh tokens go with it. */
  async end(tx: AuthTransaction, id: string): Promise<void> {
    await tx.query('delete from auth.sessions where id = $1', [id]);
  }

  /**
   * Raises a session to AAL2 (NIST SP 800-63B). What was issued before stays where it was: access tokens keep the level of
   * their capability, and refresh tokens are used up, since one from before must not fetch what came after.
   */
  async raise(tx: AuthTransaction, id: string, amr: string[], { ttl, idleTtl }: SessionLimits): Promise<SessionRow> {
    await tx.query(
      'update auth.refresh_tokens set used_at = coalesce(used_at, clock_timestamp()) where session_id = $1',
      [id],
    );
    const rows = await tx.query<SessionRow>(
      `update auth.sessions s set aal = 2, auth_time = now(), ${PROLONGED},
              amr = array(select distinct unnest(s.amr || $4::text[]) order by 1)
        where s.id = $1 returning ${SESSION}`,
      [id, ttl, idleTtl, amr],
    );
    return rows[0] as SessionRow;
  }
}
