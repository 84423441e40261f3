import { isUUID } from 'class-validator';
import type { AuditDetails } from '../audit-trail.js';
import { inertText } from '../inert-text.js';

/** Something that was refused or failed, as it goes into the audit log after the rollback. */
export interface Refusal {
  /** whose log it belongs in: of this tenant; else of each tenant of the person; else of the installation */
  tenantId?: string | null;
  /** the account that it is about; undefined where nobody has that account */
  concerns?: string;
  /** who asked, where that is proved */
  actorId?: string;
  sessionId?: string;
  action: string;
  targetType?: string;
  targetId?: string;
  outcome: 'denied' | 'failure';
  /** of the problem that was answered */
  code: string;
  details?: AuditDetails;
}

/** One that waits to be written, or several that are counted as one. Names as in auth.record_audit. */
export interface RefusalRow {
  tenant: string | null;
  concerns: string | null;
  actor: string | null;
  session: string | null;
  action: string;
  target_type: string | null;
  target: string | null;
  outcome: 'denied' | 'failure';
  code: string | null;
  count: number;
  /** id, address, userAgent */
  request: Record<string, unknown>;
  details: Record<string, unknown>;
  /** of the first and the last that it stands for, milliseconds since the epoch */
  first: number;
  last: number;
}

const ACTION = /^(?=.{3,100}$)[a-z_]+(\.[a-z_]+)+$/;
const LONGEST_DETAILS = 4_096;
const LARGEST_COUNT = 2 ** 31 - 1;
/** What took longer than this to be written says when it was, since the entry has the time of its writing. */
const LATE_MS = 2_000;

const uuidOr = (text: string | null | undefined): string | null => (isUUID(text, 'loose') ? (text as string) : null);
const wordOr = (text: string | undefined): string | null => (text === undefined ? null : inertText(text, 100));

/** Whatever it was given, as a row that the database takes. */
export function rowOf(refusal: Refusal, request: Record<string, unknown>, now: number): RefusalRow {
  const tenant = uuidOr(refusal.tenantId);
  return {
    tenant,
    concerns: tenant ? null : uuidOr(refusal.concerns),
    actor: uuidOr(refusal.actorId),
    session: uuidOr(refusal.sessionId),
    action: ACTION.test(refusal.action) ? refusal.action : 'request.refused',
    target_type: wordOr(refusal.targetType),
    target: uuidOr(refusal.targetId),
    outcome: refusal.outcome,
    code: wordOr(refusal.code),
    count: 1,
    request,
    details: plainDetails(refusal.details),
    first: now,
    last: now,
  };
}

/** Texts made inert, numbers whole; what cannot be told, or is long, is left out. */
function plainDetails(details: AuditDetails | undefined): Record<string, unknown> {
  if (!details) return {};
  try {
    const json = JSON.stringify(details, (_key, value: unknown) => {
      if (typeof value === 'string') return inertText(value);
      return typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value;
    });
    return json.length > LONGEST_DETAILS ? { leftOut: json.length } : (JSON.parse(json) as Record<string, unknown>);
  } catch {
    return { leftOut: true };
  }
}

/** Two as one row: how many, from when to when, and of all the rest what they have in common. */
export function merge(a: RefusalRow, b: RefusalRow): RefusalRow {
  return {
    ...a,
    session: a.session === b.session ? a.session : null,
    target: a.target === b.target ? a.target : null,
    target_type: a.target_type === b.target_type ? a.target_type : null,
    request: shared(a.request, b.request),
    details: shared(a.details, b.details),
    count: Math.min(a.count + b.count, LARGEST_COUNT),
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}

const shared = (a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(a).filter(([name, value]) => JSON.stringify(value) === JSON.stringify(b[name])));

/** What is left of one for which there was no room: whose log, whether denied or failed, and how many. */
export const overflowOf = ({ tenant, concerns, outcome, count, first, last }: RefusalRow): RefusalRow => ({
  tenant,
  concerns,
  actor: null,
  session: null,
  action: 'audit.overflowed',
  target_type: null,
  target: null,
  outcome,
  code: null,
  count,
  request: {},
  details: {},
  first,
  last,
});

/** @param now milliseconds since the epoch */
export function toJson(rows: readonly RefusalRow[], now: number): string {
  return JSON.stringify(
    rows.map(({ first, last, details, ...row }) => {
      const told = row.count > 1 || row.action === 'audit.overflowed' || now - last > LATE_MS;
      const times = told ? { firstAt: new Date(first).toISOString(), lastAt: new Date(last).toISOString() } : {};
      const all = { ...details, ...times };
      return { ...row, details: Object.keys(all).length > 0 ? all : null };
    }),
  );
}
