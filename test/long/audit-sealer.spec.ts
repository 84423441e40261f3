import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Client } from 'pg';
import { checkLogs } from '../support/audit-oracle.js';
import { useDatabase } from '../support/database.js';
import { KEY_NAME, manyWriters, note, openSealer, sealAll, type SealerProcess } from '../support/sealers.js';

/* What test/audit/sealer.spec.ts does for a second, for minutes; and what kills processes. */
const SCALE = Number(process.env['SCALE'] ?? 1);
const KILLS = Math.min(1 + SCALE, 12);
const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let own: SealerProcess;
beforeAll(async () => {
  admin = await db.as('admin');
  own = await openSealer(db.connections.auth);
});
afterAll(() => own.close());

const entriesOf = async (tenant: string): Promise<number> => {
  const { rows } = await admin.query('select count(*)::int as n from app.audit_log where tenant_id = $1', [tenant]);
  return (rows[0] as { n: number }).n;
};

describe('a sealing process', () => {
  it('that is killed at any moment leaves a log that verifies, and another goes on', async () => {
    const ring = randomBytes(32).toString('hex');
    const auth = await db.as('auth');
    let [writing, written] = [true, 0];
    const before = await entriesOf(b.id);
    const writer = (async (): Promise<void> => {
      while (writing) {
        await note(auth, b.id, { written: written++ });
        await new Promise((resolve) => setTimeout(resolve, 10)); // each kill checks the whole log: it must not grow without end
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      const args = [
        '--import',
        './test/support/ts-hooks.mjs',
        'test/long/sealing-process.ts',
        db.connections.auth,
        ring,
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const gone = once(child, 'exit');
      const byItself = gone.then(() => Promise.reject(new Error('the sealer ended by itself')));
      await Promise.race([once(child.stdout, 'data'), byItself]);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      child.kill('SIGKILL');
      await gone;
      await checkLogs(admin, KEY_NAME, false);
    }
    writing = false;
    await writer;
    await sealAll(admin, own.sealer);
    const sizes = await checkLogs(admin, KEY_NAME);
    expect(sizes.get(b.id)).toBe(before + written);
  });
});

describe('fifty writers of one tenant', () => {
  it('leave no gap and no duplicate, and wait for nobody', async () => {
    const before = await entriesOf(a.id);
    const turns = 2 * SCALE;
    const { committed, waits } = await manyWriters(db, { sealer: own.sealer, tenant: a.id, writers: 50, turns });
    await sealAll(admin, own.sealer);
    expect(waits).toBe(0);
    expect((await checkLogs(admin, KEY_NAME)).get(a.id)).toBe(before + committed);
  });
});

describe('a log of many entries', () => {
  const ENTRIES = 10_000 * SCALE;

  it('is not read by a pass that finds nothing, nor by one that finds little', async () => {
    await admin.query(
      `insert into app.audit_log (tenant_id, id, at, xact_id, n, actor_type, action, outcome)
       select $1, uuidv7(), now() - make_interval(secs => n % 3600), (3 + n / 100)::text::xid8, n % 100, 'nobody', 'deal.updated', 'success'
         from generate_series(1, $2::int) n`,
      [a.id, ENTRIES],
    );
    await admin.query(
      `insert into app.audit_leaves (tenant_id, seq, entry_id, hash)
       select tenant_id, 10000000 + row_number() over (order by xact_id, n), id, sha256('')
         from app.audit_log l where not exists (select from app.audit_leaves f where f.tenant_id = l.tenant_id and f.entry_id = l.id)`,
    );
    await admin.query('analyze app.audit_log, app.audit_leaves');
    const auth = await db.as('auth');
    await note(auth, b.id);
    await sealAll(admin, own.sealer);
    const looking = 'select from auth.audit_state where recounted_to is not null';
    for (let n = 0; (await admin.query(looking)).rowCount; n++) {
      expect(n).toBeLessThan(10 + ENTRIES / 10_000);
      await own.sealer.run(500);
    }
    const pages = async (call: string): Promise<number> => {
      const { rows } = await admin.query(`explain (analyze, buffers, format json) select * from ${call}`);
      const [{ Plan: plan }] = (rows[0] as { 'QUERY PLAN': [{ Plan: Record<string, number> }] })['QUERY PLAN'];
      return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
    };
    await admin.query(`set plan_cache_mode = force_custom_plan`);
    await pages('auth.audit_unsealed(500)'); // reads the catalogue
    expect(await pages('auth.audit_unsealed(500)')).toBeLessThan(100);
    for (let n = 0; n < 20; n++) await note(auth, b.id);
    expect(await pages('auth.audit_unsealed(500)')).toBeLessThan(2_000);
    expect(await pages('auth.audit_lag()')).toBeLessThan(500);
    expect(await pages(`auth.audit_newest_checkpoints('{}', '{}', 200)`)).toBeLessThan(500);
  });

  it('that was copied to another server is looked through in steps, and what lacks a number gets one', async () => {
    await admin.query(
      `insert into app.audit_log (tenant_id, id, xact_id, n, actor_type, action, outcome, details)
       select $1, uuidv7(), (2 + n * 90)::text::xid8, 200, 'nobody', 'deal.updated', 'success', '{"lost":true}' from generate_series(1, 5) n`,
      [b.id],
    );
    await admin.query(`update auth.audit_state set server = '7777/5'`);
    await sealAll(admin, own.sealer);
    const { rows } = await admin.query(`select distinct epoch from app.audit_checkpoints order by 1`);
    expect(rows).toEqual([{ epoch: 1 }, { epoch: 2 }]);
    const log = await admin.query(`select from app.audit_leaves where tenant_id = $1`, [b.id]);
    expect(log.rowCount).toBe(await entriesOf(b.id));
  });
});
