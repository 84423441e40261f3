import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why: the planner's statistics are of all tenants together, and it may use them before the fence: equality and order of text
 * and uuid are leakproof. So an injected EXPLAIN would guess at what others' columns contain, one value after the other.
 * Here the tables that exist lose the statistics of all columns by which no index is searched and that no policy reads, and
 * of the texts that are keys for the sake of uniqueness alone: their searches find one row, which the planner knows without
 * statistics. Ids, owners, stages and visibilities keep theirs, for the plans are made with them.
 */
const TABLES: Record<string, string> = {
  'app.tenants': '{slug}',
  'app.roles': '{slug}',
  'app.role_permissions': '{}',
  'app.role_edges': '{}',
  'app.role_closure': '{}',
  'app.memberships': '{}',
  'app.profiles': '{}',
  'app.deals': '{}',
  'app.invitations': '{email,token_hash}',
};

export class HideStatistics1764000000022 implements MigrationInterface {
  name = 'HideStatistics1764000000022';

  async up(q: QueryRunner): Promise<void> {
    for (const [table, also] of Object.entries(TABLES)) {
      await q.query(`call app.hide_statistics('${table}', '${also}')`);
    }
  }

  /** What ANALYZE knew comes back with its next run. */
  async down(q: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES)) {
      const hidden = (await q.query(
        `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attstattarget = 0`,
        [table],
      )) as { attname: string }[];
      for (const { attname } of hidden) {
        await q.query(`alter table ${table} alter column "${attname}" set statistics default`);
      }
    }
  }
}
