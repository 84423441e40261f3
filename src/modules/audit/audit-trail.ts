import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../context/index.js';
import { type AuthTransaction, type Statement, TenantDb } from '../../database/index.js';
import type { AuditAction } from '../../route/index.js';
import { cleanOrigin } from './inert-text.js';

/** The installation's own log, which is no tenant's. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

/** What an entry says beside what the database knows. Values are texts, whole numbers, truth values, and lists of those. */
export type AuditDetails = Readonly<Record<string, unknown>>;

export interface AuditNote {
  targetId?: string | null;
  details?: AuditDetails;
}

/** An entry of the role that signs people in. It makes the context, so it has to say whom an act concerns. */
export interface AuthNote extends AuditNote {
  /** whose log it belongs in: of this tenant; else of each tenant of the person; else of the installation */
  tenantId?: string | null;
  /** the account that it is about; undefined where nobody has that account */
  concerns?: string;
  /** who did it, once that is proved; undefined: nobody knows */
  actorId?: string;
  sessionId?: string;
  outcome?: 'success' | 'denied' | 'failure';
  /** of the problem that is answered */
  code?: string;
}

const RECORD = 'select app.record_audit($1, $2, $3, $4, $5)';
const AUTH_RECORD = 'select auth.record_audit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)';

/**
 * Writes into the audit log, in the transaction of what is recorded: both are committed, or neither is. Actor, tenant and
 * session are never arguments where the database knows them.
 */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly context: RequestContext,
    private readonly db: TenantDb,
  ) {}

  /**
   * Records now, in the request's own tenant transaction. For what the pipeline cannot know, or cannot record at the end
   * any more, because whoever acts has left the tenant by then.
   */
  async record(action: AuditAction, note: AuditNote = {}): Promise<void> {
    const { text, values } = this.statement(action, note);
    await this.db.query(text, values);
    this.context.state.audited = true;
  }

  /** The statement that records, for whoever sends it along with COMMIT. */
  statement(action: AuditAction, { targetId, details }: AuditNote): Statement {
    const { code, targetType } = action;
    return { text: RECORD, values: [code, targetType, targetId ?? null, this.request(), detailsOf(action, details)] };
  }

  /** Records in a transaction of the role that signs people in. */
  async recordAuth(tx: AuthTransaction, action: AuditAction, note: AuthNote): Promise<void> {
    const { tenantId, concerns, actorId, sessionId, targetId, outcome, code, details } = note;
    await tx.query(AUTH_RECORD, [
      tenantId ?? null,
      concerns ?? null,
      actorId ?? null,
      sessionId ?? null,
      action.code,
      action.targetType,
      targetId ?? null,
      outcome ?? 'success',
      code ?? null,
      1,
      this.request(),
      detailsOf(action, details),
    ]);
    const state = this.context.stateOrUndefined;
    if (state) state.audited = true;
  }

  /** Id and origin of the request, as JSON; and that an API key makes it, which the database knows itself where there is a context. */
  request(): string {
    const state = this.context.stateOrUndefined;
    if (!state) return '{}';
    const actorType = state.principal?.key ? { actorType: 'key' } : {};
    return JSON.stringify({ id: state.requestId, ...actorType, ...(state.origin ? cleanOrigin(state.origin()) : {}) });
  }
}

/** @throws TypeError for a number that readers would round */
export function detailsOf({ code, masked }: AuditAction, details: AuditDetails | undefined): string | null {
  if (!details) return null;
  return JSON.stringify(details, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new TypeError(`${code}: ${key} is no whole number. Record it as text.`);
    return masked.includes(key) && value !== undefined ? '[masked]' : value;
  });
}
