import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../../database/index.js';
import type { ListAuditQuery } from './dto/requests.js';
import type { EntryRow } from './entry-view.js';
import { spanOf } from '../id-time.js';

export type AuditFilter = Pick<
  ListAuditQuery,
  'action' | 'actorId' | 'targetType' | 'targetId' | 'outcome' | 'from' | 'to'
>;

const DAY_MS = 86_400_000;

/**
 * Reads of the log behind the fence. Each is one statement, sent with its COMMIT. A bound on `at` goes with each id, so
 * that months which cannot hold it are not opened; `offset 0` keeps a look-up by key a look-up, since the tables have no
 * statistics that the planner could go by.
 */
@Injectable()
export class AuditLogRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first. @param before id that the page starts after */
  list(filter: AuditFilter, limit: number, before?: string): Promise<EntryRow[]> {
    const values: unknown[] = [limit];
    const value = (of: unknown): string => `$${values.push(of)}`;
    const found = foundBy(filter, before, value);
    const changes = ['c.row_id = l.target_id', ...where(periodOf(filter, before, 'c'), value)];
    return this.db.queryOnce(entries(found, changes), values);
  }

  async find(id: string): Promise<EntryRow | undefined> {
    const { from, to } = spanOf(id);
    const found = 'select l.* from app.audit_log l where l.id = $1 and l.at between $2 and $3';
    const [row] = await this.db.queryOnce<EntryRow>(entries(found, ['c.at between $2 and $3']), [id, from, to]);
    return row;
  }
}

type Value = (of: unknown) => string;

/** Conditions on what is given. */
const where = (conditions: Record<string, unknown>, value: Value): string[] =>
  Object.entries(conditions).flatMap(([condition, of]) => (of === undefined ? [] : [`${condition} ${value(of)}`]));

/** The months to look in: not those that are made ahead, either, however far the clocks are apart. */
function periodOf({ from, to }: AuditFilter, before: string | undefined, table: string): Record<string, unknown> {
  const until = before === undefined ? new Date(Date.now() + DAY_MS).toISOString() : spanOf(before).to;
  return { [`${table}.at >=`]: from, [`${table}.at <`]: to, [`${table}.at <=`]: until };
}

/** The rows of one page. With a target, those of entries that changed such a row on their way are looked up beside. */
function foundBy(filter: AuditFilter, before: string | undefined, value: Value): string {
  const { action, actorId, targetType, targetId, outcome } = filter;
  const who = where({ 'l.action =': action, 'l.actor_id =': actorId, 'l.outcome =': outcome }, value);
  const target = { 'l.target_type =': targetType, 'l.target_id =': targetId, 'l.id <': before };
  const own = [...who, ...where({ ...target, ...periodOf(filter, before, 'l') }, value)];
  const direct = (columns: string): string =>
    `select ${columns} from app.audit_log l where ${own.join(' and ')} order by l.id desc limit $1`;
  if (targetId === undefined) return direct('l.*');
  const row = { 'c.row_id =': targetId, 'c.type =': targetType, 'c.entry_id <': before };
  const rows = where({ ...row, ...periodOf(filter, before, 'c') }, value);
  const beside = `select c.entry_id, c.at from (
      select distinct on (c.entry_id) c.entry_id, c.at from app.audit_changes c where ${rows.join(' and ')} order by c.entry_id desc) c
    where exists (select from app.audit_log l where ${['l.id = c.entry_id', 'l.at = c.at', ...who].join(' and ')} offset 0)
    order by c.entry_id desc limit $1`;
  return `select l.* from (select * from ((${direct('l.id, l.at')}) union (${beside})) u order by id desc limit $1) u
    cross join lateral (select * from app.audit_log l where l.id = u.id and l.at = u.at offset 0) l`;
}

/** Whole entries. @param found a statement for their rows @param which of the rows that changed with each */
const entries = (found: string, which: string[]): string => `
  with l as materialized (${found})
  select l.id, f.seq, l.actor_id as "actorId", l.actor_type as "actorType", l.session_id as "sessionId", l.action,
         l.target_type as "targetType", l.target_id as "targetId", l.outcome, l.code, to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
         l.request_id as "requestId", l.count, l.details, encode(l.commitment, 'hex') as personal, c.changes, o.openings
    from l
    left join lateral (select f.seq from app.audit_leaves f where f.entry_id = l.id offset 0) f on true
    cross join lateral (
      select jsonb_agg(jsonb_build_object('type', c.type, 'id', c.row_id, 'op', c.op, 'before', c.before, 'after', c.after,
               'personal', encode(c.commitment, 'hex')) order by c.id) as changes
        from app.audit_changes c where ${['c.at = l.at', 'c.entry_id = l.id', ...which].join(' and ')}) c
    left join (
      select o.entry_id, jsonb_object_agg(o.commitment, o.value) as openings
        from app.audit_openings(array(select l.id from l)) o group by o.entry_id) o on o.entry_id = l.id
   order by l.id desc`;
