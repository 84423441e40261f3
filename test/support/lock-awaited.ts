import type { TestDatabase } from './database.js';

const PATIENCE_MS = 10_000;

/** Until a statement of this role waits for a lock. @throws Error when none does for ten seconds */
export async function lockAwaited(db: TestDatabase, role: string): Promise<void> {
  const admin = await db.as('admin');
  const asks = `select from pg_stat_activity
    where datname = current_database() and usename = $1 and wait_event_type = 'Lock'`;
  const until = Date.now() + PATIENCE_MS;
  while ((await admin.query(asks, [role])).rowCount === 0)
    if (Date.now() > until) throw new Error(`no statement of ${role} waits for a lock`);
}
