import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../context/index.js';
import { AuthDb, TenantDb } from '../../../database/index.js';
import { notFound } from '../../../errors/index.js';
import { AuditTrail } from '../../audit/index.js';
import type { SessionItem, SessionsResponse } from '../dto/sessions.js';
import { SessionActions } from '../identity.actions.js';
import { actIn } from './act.js';
import { Grants } from './grants.js';
import { type SessionListRow, SessionListRepository } from './session-list.repository.js';

/** Who sees and ends which sessions. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly grants: Grants,
    private readonly sessions: SessionListRepository,
    private readonly db: TenantDb,
    private readonly auth: AuthDb,
    private readonly audit: AuditTrail,
  ) {}

  /** One's own, in all tenants: a theft anywhere is one's own business. */
  async list(principal: Principal): Promise<SessionsResponse> {
    const current = await this.grants.session(principal);
    const rows = await this.sessions.list(current.user_id);
    return { items: rows.map((row) => itemOf(row, current.id)), nextCursor: null };
  }

  /** @throws DomainError 404 for one that is not the caller's, or has ended */
  async end(principal: Principal, id: string): Promise<void> {
    await this.auth.transaction(async (tx) => {
      const current = await this.grants.session(principal, tx);
      if (!(await this.sessions.end(tx, current.user_id, id))) throw notFound();
      await this.audit.recordAuth(tx, SessionActions.ended, { ...actIn(current), targetId: id });
    });
  }

  async endAll(principal: Principal, keepCurrent: boolean): Promise<void> {
    await this.auth.transaction(async (tx) => {
      const current = await this.grants.session(principal, tx);
      const count = await this.sessions.endAll(tx, current.user_id, keepCurrent ? current.id : undefined);
      const details = { keptCurrent: keepCurrent, count };
      await this.audit.recordAuth(tx, SessionActions.allEnded, { ...actIn(current), targetId: current.id, details });
    });
  }

  /** What a member has open in this tenant. The database asks for the right, the level and the member's role itself. */
  async endOfMember(userId: string): Promise<void> {
    await this.db.query('select app.end_sessions_of($1)', [userId]);
  }
}

const itemOf = (row: SessionListRow, currentId: string): SessionItem => ({
  id: row.id,
  current: row.id === currentId,
  aal: `aal${row.aal}`,
  amr: row.amr,
  tenantId: row.tenant_id,
  userAgent: row.user_agent,
  address: row.address,
  createdAt: row.created_at.toISOString(),
  authTime: row.auth_time.toISOString(),
  idleExpiresAt: row.idle_expires_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
