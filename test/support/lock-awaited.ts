import type { TestDatabase } from './database.js';

/** Until a statement of this role waits for a lock. */
export async function lockAwaited(db: TestDatabase, role: string): Promise<void> {
  const admin = await db.as('admin');
  const asks = `select from pg_stat_activity
    where datname = current_database() and usename = $1 and wait_event_type = 'Lock'`;
  while ((await admin.query(asks, [role])).rowCount === 0);
}
