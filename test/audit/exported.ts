import { Readable } from 'node:stream';
import { AuditFault, verifyAudit } from '../../src/audit-verifier/ringfence-audit-verify.mjs';
import { Sealer } from '../../src/modules/audit/sealing/sealer.js';
import type { Answer, TestApp } from '../support/app.js';
import type { TestDatabase } from '../support/database.js';

export interface ExportLine {
  header?: { tenantId: string; size: number; keys: string[] };
  entry?: Record<string, any>;
  hash?: string;
  openings?: Record<string, { nonce: string; value: string }>;
  pruned?: { seq: number; hash: string };
  checkpoint?: string;
  end?: { size: number };
}

/** Until every entry has its number. Transactions of other databases hold it up for as long as they are open. */
export async function sealAll(app: TestApp, db: TestDatabase): Promise<void> {
  const sealer = app.nest.get(Sealer, { strict: false });
  const unsealed = `select from app.audit_log l
    where not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id) limit 1`;
  while ((await db.look(unsealed)).length > 0) await sealer.run(500);
}

export const download = (app: TestApp, token: string): Promise<Answer> =>
  app.call('GET', '/v1/audit-log/export', { token });

export const linesOf = (text: string): ExportLine[] =>
  text.trimEnd().split('\n').map((line) => JSON.parse(line) as ExportLine); // prettier-ignore

/** With the auditor's program, which shares nothing with the server. */
export const verify = (text: string, options: Parameters<typeof verifyAudit>[1] = {}): ReturnType<typeof verifyAudit> =>
  verifyAudit(Readable.from([Buffer.from(text)], { objectMode: false }), options);

/** What the auditor's program has against an export, and the first row that does not fit. */
export const faultOf = async (
  text: string,
  options: Parameters<typeof verifyAudit>[1] = {},
): Promise<{ row: number | undefined; message: string }> => {
  const fault = await verify(text, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof AuditFault)) throw new Error('the verifier found nothing', { cause: fault });
  return { row: fault.row, message: fault.message };
};

/** Writes entries with so many characters of details into a tenant's log, each in its turn. */
export async function plantEntries(db: TestDatabase, tenantId: string, count: number, size = 1): Promise<void> {
  for (let left = count; left > 0; left -= 100)
    await db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      await client.query(
        `select app.record_platform_audit('test.planted', $1, '{}', jsonb_build_object('text', repeat('x', $2))) from generate_series(1, $3)`,
        [tenantId, size, Math.min(left, 100)],
      );
    });
}

/** What a superuser does to a log who switches its triggers off. */
export async function tamper(db: TestDatabase, sql: string, values: unknown[] = []): Promise<void> {
  const admin = await db.as('admin');
  await admin.query(`set session_replication_role = replica; alter table app.audit_log disable trigger append_only;
    alter table app.audit_changes disable trigger append_only`);
  await admin.query(sql, values);
  await admin.query(`alter table app.audit_log enable always trigger append_only;
    alter table app.audit_changes enable always trigger append_only`);
}
