import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { AuthDb } from '../../src/database/index.js';
import { authDataSource } from '../../src/database/data-sources.js';
import { Sealer } from '../../src/modules/audit/sealing/sealer.js';
import { SealerRepository } from '../../src/modules/audit/sealing/sealer.repository.js';
import type { TestDatabase } from './database.js';

/** Host of the public URL when nothing is configured: what its checkpoints are signed as. */
export const KEY_NAME = '127.0.0.1:3000';
const PATIENCE_MS = 25_000;

export interface SealerProcess {
  rows: SealerRepository;
  sealer: Sealer;
  close(): Promise<void>;
}

/** A sealer as a process of its own has it. @param ring hex of the one key of its ring */
export async function openSealer(authUrl: string, ring = randomBytes(32).toString('hex')): Promise<SealerProcess> {
  const settings = { size: 2, waitMs: 5_000, startupOptions: true, applicationName: 'sealer' };
  const source = authDataSource({ url: authUrl, ...settings });
  await source.initialize();
  const rows = new SealerRepository(new AuthDb(source));
  const keys = new KeyRing('k1', new Map([['k1', Buffer.from(ring, 'hex')]]));
  const sealer = new Sealer(rows, loadConfig({ NODE_ENV: 'test' }), keys);
  return { rows, sealer, close: () => source.destroy() };
}

/** Until every committed entry has its number. Transactions anywhere on the server hold it up while they are open. */
export async function sealAll(admin: Client, sealer: Sealer, limit = 500): Promise<void> {
  const missing = `select from app.audit_log l where not exists (
    select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id) limit 1`;
  for (const end = Date.now() + PATIENCE_MS; (await admin.query(missing)).rowCount;) {
    if (Date.now() > end) throw new Error('there are entries that get no number');
    await sealer.run(limit);
  }
}

/** Writes an entry in the connection's transaction, or in one of its own. */
export const note = (client: Client, tenant: string, details: object = {}): Promise<unknown> =>
  client.query(
    `select auth.record_audit($1, null, null, null, 'deal.updated', 'deal', null, 'success', null, 1, '{}', $2)`,
    [tenant, JSON.stringify(details)],
  );

/** The number of the entry with these details, if it has one. */
export async function numberOf(admin: Client, tenant: string, details: object): Promise<number | undefined> {
  const { rows } = await admin.query<{ seq: string | null }>(
    `select f.seq from app.audit_log l left join app.audit_leaves f on f.tenant_id = l.tenant_id and f.entry_id = l.id
      where l.tenant_id = $1 and l.details = $2`,
    [tenant, JSON.stringify(details)],
  );
  return rows[0]?.seq == null ? undefined : Number(rows[0].seq);
}

/**
 * Writers of one log, each on a connection of its own: most commit at once, some dawdle, some roll back. A sealer works
 * throughout. @returns how many entries were committed, and how often a writer was seen waiting for another
 */
export async function manyWriters(
  db: TestDatabase,
  { sealer, tenant, writers, turns }: { sealer: Sealer; tenant: string; writers: number; turns: number },
): Promise<{ committed: number; waits: number }> {
  const admin = await db.as('admin');
  const clients = await Promise.all(Array.from({ length: writers }, () => db.as('auth')));
  let [committed, waits, writing] = [0, 0, true];
  const write = async (client: Client, writer: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      const kind = (writer + turn) % 10;
      const entries = kind === 0 ? 3 : 1;
      await client.query('begin');
      for (let n = 0; n < entries; n++) await note(client, tenant, { writer, turn, n });
      if (kind < 3) await new Promise((resolve) => setTimeout(resolve, 30 + 10 * kind));
      await client.query(kind === 2 ? 'rollback' : 'commit');
      if (kind !== 2) committed += entries;
    }
  };
  const seal = async (): Promise<void> => {
    while (writing) await sealer.run(50);
  };
  const watch = async (): Promise<void> => {
    const blocked = `select from pg_stat_activity a where datname = current_database()
      and wait_event_type = 'Lock' and wait_event in ('transactionid', 'tuple', 'relation', 'advisory')`;
    while (writing) waits += (await admin.query(blocked)).rowCount ?? 0;
  };
  const others = [seal(), watch()];
  await Promise.all(clients.map(write)).finally(() => (writing = false));
  await Promise.all(others);
  await Promise.all(clients.map((client) => client.end()));
  return { committed, waits };
}
