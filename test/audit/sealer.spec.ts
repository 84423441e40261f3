import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { SealerRepository } from '../../src/modules/audit/sealing/sealer.repository.js';
import { checkLogs } from '../support/audit-oracle.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/mail-pod.js';
import { KEY_NAME, manyWriters, note, numberOf, openSealer, sealAll, type SealerProcess } from '../support/sealers.js';

const { db } = useDatabase();
const { a, b } = db.world;
let admin: Client;
let auth: Client;
let one: SealerProcess;
let two: SealerProcess;

beforeAll(async () => {
  [admin, auth] = [await db.as('admin'), await db.as('auth')];
  [one, two] = [await openSealer(db.connections.auth), await openSealer(db.connections.auth)];
});
afterAll(() => Promise.all([one.close(), two.close()]));

const everything = async (): Promise<unknown[]> => {
  const { rows } =
    await admin.query(`select md5(string_agg(l::text, ',' order by tenant_id, seq)) from app.audit_leaves l
    union all select md5(string_agg(n::text, ',' order by tenant_id, level, index)) from app.audit_nodes n
    union all select md5(string_agg(c::text, ',' order by tenant_id, size)) from app.audit_checkpoints c
    union all select s::text from auth.audit_state s`);
  return rows;
};

describe('who has only the password that seals', () => {
  const HASH = '00'.repeat(32);
  const seal = (leaves: object[], checkpoints: object[] = []) =>
    auth.query(`select auth.audit_seal($1, '[]', $2)`, [JSON.stringify(leaves), JSON.stringify(checkpoints)]);
  const refused = { code: 'RF026' };

  it('adds no leaf without an entry, leaves no gap, and cannot run ahead of those who write', async () => {
    await note(auth, a.id, { n: 1 });
    await sealAll(admin, one.sealer);
    await note(auth, a.id, { n: 2 });
    const [entry] = (
      await admin.query(`select id from app.audit_log where tenant_id = $1 order by id desc limit 1`, [a.id])
    ).rows;
    const [{ size }] = (
      await admin.query('select count(*)::int as size from app.audit_leaves where tenant_id = $1', [a.id])
    ).rows;
    const leaf = { tenantId: a.id, seq: size, entryId: entry.id, hash: HASH, xactId: '18446744073709551615' };
    await expect(seal([{ ...leaf, entryId: a.id }])).rejects.toMatchObject(refused);
    await expect(seal([{ ...leaf, seq: size + 1 }])).rejects.toMatchObject(refused);
    await expect(seal([{ ...leaf, seq: Number.MAX_SAFE_INTEGER - 1 }])).rejects.toMatchObject(refused);
    await expect(seal([{ ...leaf, tenantId: b.id }])).rejects.toMatchObject(refused);
    const checkpoint = { tenantId: a.id, at: new Date(), epoch: 1, root: HASH, verifierKey: 'k', note: 'n' };
    await expect(seal([], [{ ...checkpoint, size: size + 200_000 }])).rejects.toMatchObject(refused);
    // of what is there it may say anything, which the verifier will see; of what comes, nothing
    await auth.query('begin');
    await seal([leaf]);
    await auth.query('commit');
    const { rows } = await admin.query(
      `select sealed_to < pg_snapshot_xmax(pg_current_snapshot()) as behind from auth.audit_state`,
    );
    expect(rows).toEqual([{ behind: true }]);
    // what was forged goes again, so that the logs below are sound
    await admin.query('alter table app.audit_leaves disable trigger append_only');
    await admin.query('delete from app.audit_leaves where tenant_id = $1 and seq = $2', [a.id, size]);
    await admin.query('alter table app.audit_leaves enable always trigger append_only');
    await admin.query(`update auth.audit_state set sealed_to = '3'`);
  });
});

describe('a pass', () => {
  it('numbers what is there, in however many bites, with two keys in turn', async () => {
    for (const tenant of [a.id, b.id, a.id])
      await note(auth, tenant, { text: 'Ünï\u{1f600}"\\\u2028', n: [1, -5], z: {} });
    await sealAll(admin, one.sealer, 3);
    for (let n = 0; n < 20; n++) await note(auth, a.id, { n });
    await sealAll(admin, two.sealer, 7);
    const sizes = await checkLogs(admin, KEY_NAME);
    expect(sizes.get(a.id)).toBeGreaterThan(20);
    const keys = await admin.query('select distinct verifier_key from app.audit_checkpoints');
    expect(keys.rowCount).toBe(2);
  });

  it('that finds nothing writes nothing', async () => {
    await sealAll(admin, one.sealer);
    for (let n = 0; n < 2; n++) await one.sealer.run(10); // the end of the look through what a copy would have brought
    const before = await everything();
    let drawn: unknown;
    const source = one.rows;
    class Watched extends SealerRepository {
      override transaction: SealerRepository['transaction'] = (work) =>
        source.transaction(async (tx) => {
          const result = await work(tx);
          [drawn] = await tx.query('select pg_current_xact_id_if_assigned()::text as id');
          return result;
        });
    }
    const watched = Object.assign(Object.create(one.sealer), { rows: new Watched(undefined as never) });
    expect(await watched.run(10)).toBe(0);
    expect(drawn).toEqual({ id: null });
    expect(await everything()).toEqual(before);
    await note(auth, a.id);
    await until(async () => (await watched.run(10)) > 0);
    expect(drawn).not.toEqual({ id: null });
  });

  it('is one at a time, and no writer waits for it', async () => {
    await note(auth, a.id, { held: 1 });
    const holder = await db.as('auth');
    await holder.query('begin');
    await until(async () => (await holder.query('select from auth.audit_unsealed(10)')).rowCount !== 0);
    expect(await two.sealer.run(10)).toBe(0);
    expect(await numberOf(admin, a.id, { held: 1 })).toBeUndefined();
    await auth.query(`set lock_timeout = '1ms'`);
    await note(auth, a.id, { held: 2 });
    await auth.query('reset lock_timeout');
    await holder.query('rollback');
    await sealAll(admin, two.sealer);
    await checkLogs(admin, KEY_NAME);
  });

  it('by many at once numbers everything once', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openSealer(db.connections.auth)));
    for (let n = 0; n < 60; n++) await note(auth, n % 2 ? a.id : b.id, { many: n });
    const passes = async ({ sealer }: SealerProcess): Promise<void> => {
      for (let n = 0; n < 20; n++) await sealer.run(5);
    };
    await Promise.all(others.map(passes));
    await sealAll(admin, one.sealer);
    await Promise.all(others.map(({ close }) => close()));
    await checkLogs(admin, KEY_NAME);
  });
});

describe('writers', () => {
  it('fifty of one tenant, slow and aborted ones among them: no gap, no duplicate, no wait', async () => {
    const before = (await checkLogs(admin, KEY_NAME, false)).get(a.id) ?? 0;
    const unsealed = await admin.query('select count(*)::int as n from app.audit_log where tenant_id = $1', [a.id]);
    const { committed, waits } = await manyWriters(db, { sealer: one.sealer, tenant: a.id, writers: 50, turns: 6 });
    expect(waits).toBe(0);
    await sealAll(admin, one.sealer);
    expect((await checkLogs(admin, KEY_NAME)).get(a.id)).toBe(unsealed.rows[0].n + committed);
    expect(committed).toBeGreaterThan(before ? 250 : 0);
  });

  it('who stay open are numbered later, and nothing numbered moves', async () => {
    const slow = await db.as('auth');
    await note(auth, a.id, { order: 'before' });
    await slow.query('begin');
    await note(slow, a.id, { order: 'slow' });
    await note(auth, a.id, { order: 'after' }); // does not wait, and is committed first
    await until(async () => {
      await one.sealer.run(500);
      return (await numberOf(admin, a.id, { order: 'before' })) !== undefined;
    });
    expect(await one.sealer.run(500)).toBe(0); // "after" waits for whatever may still land before it
    expect(await numberOf(admin, a.id, { order: 'after' })).toBeUndefined();
    const sealed = `select l.*::text from app.audit_leaves l where tenant_id = $1 and seq <= $2 order by seq`;
    const last = await numberOf(admin, a.id, { order: 'before' });
    const before = await admin.query(sealed, [a.id, last]);
    await slow.query('commit');
    await sealAll(admin, one.sealer);
    expect((await admin.query(sealed, [a.id, last])).rows).toEqual(before.rows);
    const [late, after] = [
      await numberOf(admin, a.id, { order: 'slow' }),
      await numberOf(admin, a.id, { order: 'after' }),
    ];
    expect([late, after]).toEqual([(last as number) + 1, (last as number) + 2]);
    await checkLogs(admin, KEY_NAME);
  });

  it.each([
    ['a fraction', '{"n": 0.5}'],
    ['a number that readers would round', '{"n": [9007199254740992]}'],
    ['no end of depth', `{"n": ${'['.repeat(150)}${']'.repeat(150)}}`],
  ])('cannot write what has no canonical form: %s', async (_, details) => {
    await expect(note(auth, a.id, JSON.parse(details) as object)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('a database that was copied to another server', () => {
  interface State {
    sealed_to: string;
    recounted_to: string | null;
  }
  const epochs = async (): Promise<number[]> => {
    const { rows } = await admin.query<{ epoch: number }>(
      'select distinct epoch from app.audit_checkpoints order by 1',
    );
    return rows.map(({ epoch }) => epoch);
  };
  /** An entry as the other server has left it: its transactions were counted further than ours. */
  const plant = (n: number): Promise<unknown> =>
    admin.query(
      `insert into app.audit_log (tenant_id, id, at, xact_id, n, actor_type, action, outcome, details)
       values ($1, uuidv7(), now() - make_interval(days => $2), (8000000000000000000 - $2)::text::xid8, 0, 'nobody', 'deal.updated', 'success', $3)`,
      [b.id, n % 2, JSON.stringify({ copied: n })],
    );

  it('begins an epoch, and numbers what has none whatever its transaction was', async () => {
    await sealAll(admin, one.sealer);
    expect(await epochs()).toEqual([1]);
    for (let n = 0; n < 12; n++) await plant(n);
    expect(await one.sealer.run(100)).toBe(0); // no transaction of this server has such an id
    await admin.query(`update auth.audit_state set server = '7777/5'`);
    await sealAll(admin, one.sealer, 5);
    await note(auth, b.id, { copied: 'then' });
    await sealAll(admin, two.sealer, 5);
    expect(await epochs()).toEqual([1, 2]);
    await checkLogs(admin, KEY_NAME);
    await until(async () => (await one.sealer.run(5)) === 0 && (await stateOf()).recounted_to === null);
    const { sealed_to: sealedTo } = await stateOf();
    expect(BigInt(sealedTo)).toBeLessThan(8_000_000_000_000_000_000n - 100n);
  });

  it('or was restored to another timeline begins one, and goes on counting', async () => {
    const { sealed_to: before } = await stateOf();
    await admin.query('update auth.audit_state set timeline = timeline + 1');
    await note(auth, b.id, { restored: true });
    await sealAll(admin, one.sealer);
    expect(await epochs()).toEqual([1, 2, 3]);
    expect(BigInt((await stateOf()).sealed_to)).toBeGreaterThan(BigInt(before));
    await checkLogs(admin, KEY_NAME);
  });

  const stateOf = async (): Promise<State> => {
    const { rows } = await admin.query('select sealed_to::text, recounted_to from auth.audit_state');
    return rows[0] as State;
  };
});
