import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../context/index.js';
import { notFound } from '../../../errors/index.js';
import { AuditTrail } from '../../audit/index.js';
import { actIn, Grants } from '../../identity/index.js';
import type { FactorItem, FactorsResponse, RecoveryCodesResponse } from '../dto/responses.js';
import { FactorActions } from '../mfa.actions.js';
import { noFactor } from '../mfa.problems.js';
import { FactorChanges } from './factor-changes.js';
import { type FactorRow, FactorsRepository } from './factors.repository.js';
import { RecoveryCodes } from './recovery-codes.js';

/** One's own factors, of whatever kind. */
@Injectable()
export class FactorsService {
  constructor(
    private readonly factors: FactorsRepository,
    private readonly changes: FactorChanges,
    private readonly codes: RecoveryCodes,
    private readonly grants: Grants,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: Principal): Promise<FactorsResponse> {
    const { user_id: userId } = await this.grants.session(principal);
    const [rows, recoveryCodesLeft] = await Promise.all([this.factors.of(userId), this.codes.left(userId)]);
    return { items: rows.map(itemOf), nextCursor: null, recoveryCodesLeft };
  }

  /** @throws DomainError 404 for one that is not the caller's */
  rename(principal: Principal, id: string, name: string): Promise<FactorItem> {
    return this.factors.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx);
      const row = await this.factors.rename(tx, session.user_id, id, name);
      if (!row) throw notFound();
      const note = { ...actIn(session), targetId: row.id, details: { type: row.type } };
      await this.audit.recordAuth(tx, FactorActions.renamed, note);
      return itemOf(row);
    }, principal.cap);
  }

  /** @throws DomainError 404 for one that is not the caller's; 409 when the password is too short to be left alone */
  async remove(principal: Principal, id: string): Promise<void> {
    await this.factors.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx);
      const factor = await this.factors.remove(tx, session.user_id, id);
      if (!factor) throw notFound();
      if (factor.activated_at) await this.changes.removed(tx, { session, factor });
      else await this.changes.dropped(tx, { session, factor }, false); // it counted for nothing, so no mail tells of it
    }, principal.cap);
    this.changes.nudge();
  }

  /** @throws DomainError 409 for whoever has no factor that they could stand in for */
  async renewCodes(principal: Principal): Promise<RecoveryCodesResponse> {
    const recoveryCodes = await this.factors.transaction(async (tx) => {
      const session = await this.grants.session(principal, tx);
      await this.factors.lock(tx, session.user_id);
      if ((await this.factors.standing(tx, session.user_id)).active === 0) throw noFactor();
      return this.changes.renewed(tx, session);
    }, principal.cap);
    this.changes.nudge();
    return { recoveryCodes };
  }
}

const itemOf = (row: FactorRow): FactorItem => ({
  id: row.id,
  type: row.type,
  name: row.name,
  active: row.activated_at !== null,
  createdAt: row.created_at.toISOString(),
  activatedAt: row.activated_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});
