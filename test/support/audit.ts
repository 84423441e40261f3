import type { TestDatabase } from './database.js';

/** The installation's own log. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';
export const REQUEST = JSON.stringify({ id: 'req-1', address: '203.0.113.9', userAgent: 'curl/8' });

export interface Change {
  type: string;
  row_id: string;
  op: 'insert' | 'update' | 'delete';
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  commitment: string | null;
}

export interface Entry {
  tenant_id: string;
  id: string;
  actor_type: string;
  actor_id: string | null;
  session_id: string | null;
  action: string;
  target_id: string | null;
  outcome: string;
  code: string | null;
  request_id: string | null;
  details: Record<string, unknown> | null;
  changes: Change[];
}

const ENTRIES = `
  select l.tenant_id, l.id, l.actor_type, l.actor_id, l.session_id, l.action, l.target_id, l.outcome, l.code, l.request_id,
         l.details, (select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]') from app.audit_changes c
                      where c.tenant_id = l.tenant_id and c.at = l.at and c.entry_id = l.id) as changes
    from app.audit_log l where l.xact_id > $1::xid8 order by l.xact_id, l.tenant_id, l.n`;

/** Starts to watch every log. @returns what was written since, read past the fence, in the order of the transactions */
export async function watchLogs(db: TestDatabase): Promise<() => Promise<Entry[]>> {
  const [mark] = await db.look<{ xid: string }>('select pg_current_xact_id()::text as xid');
  return () => db.look<Entry>(ENTRIES, [mark?.xid]);
}
