import type { Aal } from '../../context/index.js';

/** A statement of the extended protocol: one statement, values apart from the text, never named. */
export interface Statement {
  text: string;
  values: unknown[];
}

/** The two settings of a unit of work; both empty on public routes, so that nothing of an earlier unit can count. */
export interface Settings {
  /** the capability: base64url of the SHA-256 of the compact token */
  cap: string;
  /** the token's payload, as JSON */
  claims: string;
}

/** What the database knows of the caller at this moment. A caller without a tenant has none. */
export interface DatabaseContext {
  sessionId: string;
  userId: string;
  tenantId: string;
  roleId: string;
  permissions: ReadonlySet<string>;
  subordinateRoleIds: readonly string[];
  aal: Aal;
}

export const NO_SETTINGS: Settings = { cap: '', claims: '' };

const ENTER =
  'select session_id, user_id, tenant_id, role_id, permissions, subordinate_role_ids, aal, refusal from app.enter($1, $2)';

/**
 * The statement that sets capability and claims for the transaction and asks, in the same trip, who they stand for.
 * Pure. Settings are transaction-local; the values are parameters, never part of the text.
 */
export function enterStatement(settings: Settings): Statement {
  return { text: ENTER, values: [settings.cap, settings.claims] };
}

interface EnterRow {
  session_id: string | null;
  user_id: string;
  tenant_id: string;
  role_id: string;
  permissions: string[];
  subordinate_role_ids: string[];
  aal: number;
  refusal: string | null;
}

/** Why a capability stands for nobody: `ended` for one that is unknown, expired or revoked. */
export type DeadReason = 'ended' | 'tenant_suspended' | 'membership_suspended' | 'aal2_required';

/** @returns the context, or why there is none */
export function readContext(rows: unknown[]): DatabaseContext | DeadReason {
  const row = rows[0] as EnterRow | undefined;
  if (!row?.session_id) return (row?.refusal ?? 'ended') as DeadReason;
  return {
    sessionId: row.session_id,
    userId: row.user_id,
    tenantId: row.tenant_id,
    roleId: row.role_id,
    permissions: new Set(row.permissions),
    subordinateRoleIds: row.subordinate_role_ids,
    aal: row.aal === 2 ? 'aal2' : 'aal1',
  };
}
