import type { Client } from 'pg';

const TABLES = ['log', 'changes', 'leaves', 'nodes', 'checkpoints'];

/** What a superuser does to the logs who switches their triggers off, and on again. */
export async function forge(admin: Client, sql: string, values: unknown[] = []): Promise<void> {
  const triggers = (how: string): string =>
    TABLES.map((table) => `alter table app.audit_${table} ${how} trigger append_only`).join(';');
  await admin.query(`begin; ${triggers('disable')}`);
  try {
    await admin.query(sql, values);
    await admin.query(`${triggers('enable always')}; commit`);
  } catch (error) {
    await admin.query('rollback');
    throw error;
  }
}

/** Cuts a log back to a size of which it has a checkpoint, or to nothing: entries, leaves, nodes and checkpoints. */
export async function cutBack(admin: Client, tenant: string, size: number): Promise<void> {
  await forge(
    admin,
    `with leaves as (delete from app.audit_leaves where tenant_id = $1 and seq >= $2 returning entry_id),
          nodes as (delete from app.audit_nodes where tenant_id = $1 and (index + 1) << level > $2),
          checkpoints as (delete from app.audit_checkpoints where tenant_id = $1 and size > $2)
     delete from app.audit_log where tenant_id = $1 and id in (select entry_id from leaves)`,
    [tenant, size],
  );
}
