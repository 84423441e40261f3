import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import type { Person } from '../support/world.js';

/*
 * SQL as the role that signs people in, with whatever capability somebody got hold of: auth.factors and
 * auth.recovery_codes guard themselves, with no service and no guard before them.
 */

const { db } = useDatabase();
const { a, b } = db.world;
let client: Client;
let other: Client;
beforeAll(async () => {
  client = await db.as('auth');
  other = await db.as('auth');
});

interface Someone extends Person {
  /** ids of an active and of a begun factor, where there is one */
  active: string;
  begun: string;
  low: string;
  high: string;
  expired: string;
}

const plantFactor = async (userId: string, active: boolean): Promise<string> => {
  const [row] = await db.look<{ id: string }>(
    `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at)
     values ($1, 'totp', 'Planted', 'k1.x', case when $2 then now() end) returning id`,
    [userId, active],
  );
  return row?.id ?? '';
};

async function someone(withFactor: boolean): Promise<Someone> {
  const person = await newcomer(db, [a, 'owner']);
  const [low, high, old] = [
    await plantCapability(db, a, person, 1),
    await plantCapability(db, a, person, 2),
    await plantCapability(db, a, person, 2),
  ];
  await db.look(`update auth.capabilities set expires_at = now() where session_id = $1`, [old.sessionId]);
  return {
    ...person,
    active: withFactor ? await plantFactor(person.id, true) : '',
    begun: await plantFactor(person.id, false),
    low: low.cap,
    high: high.cap,
    expired: old.cap,
  };
}

/** One transaction with the capability, rolled back. @returns the SQLSTATE of its refusal, or how many rows changed */
async function attempt(cap: string | null, ...statements: [string, unknown[]][]): Promise<string | number> {
  await client.query('begin');
  try {
    if (cap !== null) await client.query(`select set_config('app.cap', $1, true)`, [cap]);
    let changed = 0;
    for (const [text, values] of statements) changed += (await client.query(text, values)).rowCount ?? 0;
    return changed;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('rollback');
  }
}

const INSERT_BEGUN = `insert into auth.factors (user_id, type, name, totp_secret_encrypted) values ($1, 'totp', 'New', 'k1.x')`;
const INSERT_ACTIVE = `insert into auth.factors (user_id, type, name, credential_id, public_key, sign_count, activated_at)
  values ($1, 'webauthn', 'New', gen_random_uuid()::text, '\\x00', 0, now())`;
const CODE = 'insert into auth.recovery_codes (hash, user_id) values ($2, $1)';
const ACTIVATE = 'update auth.factors set activated_at = now() where id = $1';
const hash = (): Buffer => randomBytes(32);

type Change = [name: string, (target: Someone) => [string, unknown[]][]];

const changes: Change[] = [
  ['begin one', ({ id }) => [[INSERT_BEGUN, [id]]]],
  ['add an active one', ({ id }) => [[INSERT_ACTIVE, [id]]]],
  ['activate one', ({ begun }) => [[ACTIVATE, [begun]]]],
  ['rename one', ({ active }) => [[`update auth.factors set name = 'x' where id = $1`, [active]]]],
  ['switch one off', ({ active }) => [['update auth.factors set activated_at = null where id = $1', [active]]]],
  ['remove one', ({ active }) => [['delete from auth.factors where id = $1', [active]]]],
  ['remove one that was begun', ({ begun }) => [['delete from auth.factors where id = $1', [begun]]]],
  ['make recovery codes', ({ id }) => [[CODE, [id, hash()]]]],
];

describe('the factors of somebody who has one', () => {
  let target: Someone;
  let stranger: Someone;
  let foreigner: string;
  beforeAll(async () => {
    target = await someone(true);
    stranger = await someone(true);
    foreigner = (await plantCapability(db, b, b.users.owner, 2)).cap;
  });

  it.each(changes)('change at AAL2, in a session of their own: %s', async (_, change) => {
    expect(await attempt(target.high, ...change(target))).toBe(1);
  });

  it.each(changes)('do not change in any other way: %s', async (_, change) => {
    const caps: [string, string | null][] = [
      ['at AAL1', target.low],
      ['expired', target.expired],
      ['somebody else’s, at AAL2', stranger.high],
      ['of another tenant', foreigner],
      ['made up', 'A'.repeat(43)],
      ['empty', ''],
      ['none', null],
    ];
    for (const [name, cap] of caps) expect([name, await attempt(cap, ...change(target))]).toEqual([name, 'RF004']);
  });

  it('do not change after the statement that removes or switches off the last, in one transaction at AAL1', async () => {
    const remove: [string, unknown[]] = ['delete from auth.factors where user_id = $1', [target.id]];
    expect(await attempt(target.low, remove, [INSERT_ACTIVE, [target.id]])).toBe('RF004');
  });

  it('cannot be given away, or taken over', async () => {
    for (const cap of [target.high, stranger.high]) {
      const sql = 'update auth.factors set user_id = $2 where id = $1';
      expect(await attempt(cap, [sql, [target.active, stranger.id]])).toBe('42501');
    }
    const replace = `update auth.factors set public_key = $2 where id = $1`;
    expect(await attempt(target.high, [replace, [target.active, Buffer.alloc(1)]])).toBe('42501');
    const code = `update auth.recovery_codes set user_id = $1`;
    expect(await attempt(target.high, [code, [target.id]])).toBe('42501');
  });

  it('do not become unused again', async () => {
    const hash = Buffer.alloc(32, 9);
    await db.look('insert into auth.recovery_codes (hash, user_id, used_at) values ($1, $2, now())', [hash, target.id]);
    await db.look('update auth.factors set totp_last_step = 1000 where id = $1', [target.active]);
    for (const [sql, values] of [
      ['update auth.recovery_codes set used_at = null where hash = $1', [hash]],
      ['update auth.factors set totp_last_step = 999 where id = $1', [target.active]],
      ['update auth.factors set totp_last_step = null where id = $1', [target.active]],
    ] as [string, unknown[]][]) {
      expect([sql, await attempt(target.high, [sql, values])]).toEqual([sql, 'RF004']);
    }
    await db.look('delete from auth.recovery_codes where hash = $1', [hash]);
  });

  it('are guarded whatever the session says of replication', async () => {
    const triggers = await db.look(
      `select c.relname as t, g.tgenabled as on from pg_trigger g join pg_class c on c.oid = g.tgrelid where tgname = 'a_guard' order by 1`,
    );
    expect(triggers).toEqual([
      { t: 'factors', on: 'A' },
      { t: 'recovery_codes', on: 'A' },
    ]);
  });

  it('do not change when the trigger is asked to step aside', async () => {
    const remove: [string, unknown[]] = ['delete from auth.factors where id = $1', [target.active]];
    for (const aside of [
      'alter table auth.factors disable trigger a_guard',
      'drop trigger a_guard on auth.factors',
      `set session_replication_role = replica`,
      'create or replace function auth.holder(p_min_aal smallint, p_max_age interval) returns uuid language sql as $$ select null::uuid $$',
      'truncate auth.factors',
      'set role ringfence_service',
    ]) {
      expect([aside, await attempt(target.low, [aside, []], remove)]).toEqual([aside, '42501']);
    }
    // a name that stands before the trigger's in the search path is not looked at
    const shadow = `create function pg_temp.holder(smallint, interval) returns uuid language sql as $$ select '${target.id}'::uuid $$`;
    expect(['RF004', '42501']).toContain(
      await attempt(target.low, [shadow, []], ['set local search_path = pg_temp, auth', []], remove),
    );
  });

  it('change at AAL2 as far as their owner’s go', async () => {
    const all: [string, unknown[]] = [`delete from auth.factors`, []];
    expect(await attempt(target.high, all)).toBe('RF004'); // the first row that is not theirs stops it
  });
});

describe('the factors of somebody who has none', () => {
  let target: Someone;
  let stranger: Someone;
  beforeAll(async () => {
    target = await someone(false);
    stranger = await someone(false);
  });

  it('are begun, activated and removed at AAL1, by them alone', async () => {
    const [begin, add, activate] = changes as [Change, Change, Change];
    const remove = changes[6] as Change;
    for (const [name, change] of [begin, add, activate, remove]) {
      expect([name, await attempt(target.low, ...change(target))]).toEqual([name, 1]);
      for (const cap of [stranger.low, stranger.high, target.expired, '', null]) {
        expect([name, await attempt(cap, ...change(target))]).toEqual([name, 'RF004']);
      }
    }
  });

  it('bring recovery codes in the transaction that activates the first, and in no other', async () => {
    const code = (): [string, unknown[]] => [CODE, [target.id, hash()]];
    expect(await attempt(target.low, [ACTIVATE, [target.begun]], code(), code())).toBe(3);
    expect(await attempt(target.low, code())).toBe('RF004');
    expect(await attempt(target.low, [INSERT_BEGUN, [target.id]], code())).toBe('RF004');
    expect(await attempt(target.low, [ACTIVATE, [target.begun]], [CODE, [stranger.id, hash()]])).toBe('RF004');
    const early = `update auth.factors set activated_at = now() - interval '1 second' where id = $1`;
    expect(await attempt(target.low, [early, [target.begun]], code())).toBe('RF004');
  });

  it('are not activated twice at AAL1, be it in one transaction', async () => {
    const second = await plantFactor(target.id, false);
    expect(await attempt(target.low, [ACTIVATE, [target.begun]], [ACTIVATE, [second]])).toBe('RF004');
    const both = 'update auth.factors set activated_at = now() where user_id = $1';
    expect(await attempt(target.low, [both, [target.id]])).toBe('RF004');
  });

  it('are not activated twice by two at once: the second waits for the first, and sees it', async () => {
    const { id, low, begun } = await someone(false);
    const second = await plantFactor(id, false);
    const open = async (one: Client): Promise<void> => {
      await one.query('begin');
      await one.query(`select set_config('app.cap', $1, true)`, [low]);
    };
    await open(client);
    await open(other);
    await client.query(ACTIVATE, [begun]);
    const late = other.query(ACTIVATE, [second]).then(
      () => 'activated',
      (error: { code: string }) => error.code,
    );
    await lockAwaited(db, 'ringfence_auth');
    await client.query('commit');
    expect(await late).toBe('RF004');
    await other.query('rollback');
    const active = await db.look('select from auth.factors where user_id = $1 and activated_at is not null', [id]);
    expect(active).toHaveLength(1);
  });
});
