import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { TenantDb, TenantTransactions } from '../../src/database/index.js';
import { toIsoTime } from '../../src/database/data-sources.js';
import { APP_DATA_SOURCE } from '../../src/database/tokens.js';
import { principalOf } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1' });
const { a, b } = db.world;
let units: TenantTransactions;
let tenantDb: TenantDb;

beforeAll(() => {
  units = held.app.nest.get(TenantTransactions, { strict: false });
  tenantDb = held.app.nest.get(TenantDb, { strict: false });
});

/** Ends every server process of the application's role, as an administrator or a crash would. */
async function killBackends(): Promise<void> {
  const admin = await db.as('admin');
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ringfence_app' and datname = current_database()`,
  );
  await admin.end();
}

const insert = (title: string): Promise<object[]> =>
  tenantDb.query(`insert into app.deals (title, amount, currency) values ($1, 1, 'EUR')`, [title]);

describe('a server process that dies', () => {
  beforeEach(async () => {
    await held.app.call('GET', '/readyz');
  });

  it('before a request: the pool forgets it, and the request is served or told to come again', async () => {
    const token = await held.app.token(a.users.owner.email);
    await killBackends();
    const first = await held.app.call('GET', '/v1/deals', { token });
    expect([200, 503]).toContain(first.status);
    expect((await held.app.call('GET', '/v1/deals', { token })).status).toBe(200);
  });

  it('inside a unit: nothing of it stays, and the next one works', async () => {
    const mine = await principalOf(db, a, 'member');
    const broken = units.run(mine, async () => {
      await insert('written before the end');
      await killBackends();
      await insert('written after the end');
    });
    await expect(broken).rejects.toThrow(/terminat|not queryable|57P01/i);
    expect(await db.look(`select from app.deals where title like 'written %'`)).toEqual([]);
    await units.run(mine, () => insert('written later'));
    expect(await db.look(`select from app.deals where title = 'written later'`)).toHaveLength(1);
  });

  it('while COMMIT is under way: neither success nor failure is claimed', async () => {
    const owner = await db.as('owner');
    // the commit waits for a lock in a deferred trigger, so that it can be killed there
    await owner.query(`
      create function app.slow_commit() returns trigger language plpgsql as $$ begin lock table app.profiles; return null; end $$;
      create constraint trigger slow after insert on app.deals deferrable initially deferred
        for each row when (new.title = 'slow') execute function app.slow_commit();
      grant maintain on app.profiles to ringfence_app`);
    const blocker = await db.as('owner');
    await blocker.query('begin; lock table app.profiles');
    const mine = await principalOf(db, a, 'member').catch(() => undefined);
    expect(mine).toBeDefined();
    const commit = units.run(mine as NonNullable<typeof mine>, () => insert('slow'));
    const waiting = async (): Promise<boolean> => {
      const admin = await db.as('admin');
      const { rowCount } = await admin.query(
        `select from pg_stat_activity where usename = 'ringfence_app' and wait_event_type = 'Lock'`,
      );
      await admin.end();
      return rowCount === 1;
    };
    while (!(await waiting())) await new Promise((resolve) => setTimeout(resolve, 20));
    await killBackends();
    await expect(commit).rejects.toMatchObject({ name: 'CommitUnknownError' });
    await blocker.query('rollback');
    expect((await held.app.call('GET', '/readyz')).status).toBe(200);
  });
});

describe('a lone read', () => {
  it('takes no statement after it, and cannot write', async () => {
    const [mine, theirs] = [await principalOf(db, a, 'member'), await principalOf(db, b, 'member')];
    const list = (): Promise<{ t: string }[]> => tenantDb.queryOnce('select distinct tenant_id as t from app.deals');
    expect(await units.run(mine, list)).toEqual([{ t: a.id }]);
    await expect(units.run(mine, async () => [await list(), await list()])).rejects.toThrow(/ended/);
    const write = `update app.deals set stage = 'won' returning id`;
    await expect(units.run(mine, () => tenantDb.queryOnce(write))).rejects.toMatchObject({ code: '25006' });
    expect(await units.run(theirs, list)).toEqual([{ t: b.id }]);
  });

  it('is an ordinary statement inside a unit that is open', async () => {
    const mine = await principalOf(db, a, 'member');
    const seen = await units.run(mine, async () => {
      await insert('mine');
      await tenantDb.queryOnce('select 1');
      return tenantDb.queryOnce(`select title from app.deals where title = 'mine'`);
    });
    expect(seen).toEqual([{ title: 'mine' }]);
  });

  it('is refused with its whole unit when the caller no longer counts', async () => {
    const mine = await principalOf(db, a, 'viewer');
    await db.look('delete from auth.sessions where id = $1', [mine.sessionId]);
    await expect(units.run(mine, () => tenantDb.queryOnce('select 1'))).rejects.toMatchObject({
      code: 'session_ended',
    });
    const source = held.app.nest.get<DataSource>(APP_DATA_SOURCE, { strict: false });
    expect(await source.query(`select nullif(current_setting('app.cap', true), '') as cap`)).toEqual([{ cap: null }]);
  });
});

describe('times', () => {
  it.each([
    ['2026-11-21 07:31:25.495123+00', '2026-11-21T07:31:25.495Z'],
    ['2026-11-21 07:31:25.4+00', '2026-11-21T07:31:25.400Z'],
    ['2026-11-21 07:31:25+00', '2026-11-21T07:31:25.000Z'],
    ['2026-11-21 09:31:25.4+02', '2026-11-21T07:31:25.400Z'],
  ])('%s is told as %s', (text, iso) => expect(toIsoTime(text)).toBe(iso));
});
