import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { TenantDb, TenantTransactions } from '../../src/database/index.js';
import { APP_DATA_SOURCE } from '../../src/database/tokens.js';
import { principalOf } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeLog, ProbeModule } from '../support/probe.module.js';

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1' }, undefined, [ProbeModule]);
const { a, b } = db.world;
let owner: string;
let log: ProbeLog;

beforeAll(async () => {
  owner = await held.app.token(a.users.owner.email);
  log = held.app.nest.get(ProbeLog, { strict: false });
});
beforeEach(() => {
  log.runs = 0;
  log.floating = [];
});

const post = (path: string, body?: unknown) => held.app.call('POST', `/v1/probe/${path}`, { token: owner, body });
const titled = async (title: string): Promise<number> =>
  (await db.look('select from app.deals where title = $1', [title])).length;

/** The pool's one connection, looked at between requests: nothing of a request may have stayed on it. */
async function leftBehind(): Promise<unknown> {
  const source = held.app.nest.get<DataSource>(APP_DATA_SOURCE, { strict: false });
  const [row] = await source.query<object[]>(
    `select nullif(current_setting('app.cap', true), '') as cap, nullif(current_setting('request.jwt.claims', true), '') as claims,
            pg_catalog.pg_current_xact_id_if_assigned() is null as outside`,
  );
  return row;
}
const CLEAN = { cap: null, claims: null, outside: true };

describe('a unit of work, on a pool of one', () => {
  it('rolls back what a failing handler wrote', async () => {
    expect((await post('fail')).status).toBe(500);
    expect(await titled('will be rolled back')).toBe(0);
    expect(await leftBehind()).toEqual(CLEAN);
  });

  it('refuses to commit over a statement that nobody awaited', async () => {
    expect((await post('floating')).status).toBe(500);
    await Promise.allSettled(log.floating);
    expect(await titled('never awaited')).toBe(0);
    expect(await leftBehind()).toEqual(CLEAN);
  });

  it('refuses a statement after its end, instead of running it in the next request', async () => {
    expect((await post('late')).status).toBe(201);
    const other = await held.app.token(b.users.owner.email);
    const [who] = await Promise.all([
      held.app.call('GET', '/v1/probe/who', { token: other }),
      ...log.floating.map((late) => late.catch(() => 0)),
    ]);
    expect(who.body).toEqual({ tenants: [b.id] });
    expect(log.floating).toHaveLength(2);
    for (const late of log.floating) await expect(late).rejects.toThrow(/ended|released/);
  });

  it('answers 500, not 201, when an error was swallowed and the server rolled back', async () => {
    expect((await post('swallow')).status).toBe(500);
    expect(await titled('lost without a word')).toBe(0);
  });

  it('nests as savepoints', async () => {
    expect((await post('nested')).status).toBe(201);
    expect([await titled('outer'), await titled('inner'), await titled('inner kept')]).toEqual([1, 0, 1]);
  });

  it('rolls back what cannot be serialised', async () => {
    expect((await post('unserialisable')).status).toBe(500);
    expect(await titled('cannot be told')).toBe(0);
  });

  it.each(['commit', 'rollback', 'begin', '/**/ commit', 'end', 'abort', 'savepoint x; commit'])(
    'does not let a statement end the transaction: %s',
    async (sql) => {
      expect((await post('sql', { sql })).status).toBeGreaterThanOrEqual(400);
      expect(await leftBehind()).toEqual(CLEAN);
      expect((await held.app.call('GET', '/v1/probe/who', { token: owner })).body).toEqual({ tenants: [a.id] });
    },
  );

  it('takes one statement at a time', async () => {
    const stacked = await post('sql', { sql: `select 1; delete from app.deals` });
    expect(stacked.status).toBe(500); // 42601: the extended protocol has no stacked statements
    expect((await db.look('select from app.deals')).length).toBeGreaterThan(20);
  });

  it('runs a declared unit again after a serialisation failure, and only a declared one', async () => {
    await db
      .service((client) => client.query('create table public.tries (n int)').catch(() => undefined))
      .catch(() => undefined);
    const sql = `select app.fail_twice()`;
    const maker = await db.as('owner');
    await maker.query(`
      create sequence app.tries;
      grant usage on sequence app.tries to ringfence_app;
      create function app.fail_twice() returns int language plpgsql set search_path = '' as $$
      begin
        if nextval('app.tries') % 3 <> 0 then raise exception 'planted' using errcode = '40001'; end if;
        return 1;
      end $$;
      grant execute on function app.fail_twice() to ringfence_app`);
    expect((await post('sql', { sql })).body).toMatchObject({ status: 409, code: 'concurrent_change' });
    expect(log.runs).toBe(1);
    await post('sql', { sql }); // the sequence is at 2 of 3 now
    log.runs = 0;
    await post('sql', { sql }); // and at 3
    log.runs = 0;
    expect((await post('retryable', { sql })).status).toBe(201);
    expect(log.runs).toBe(3);
  });

  it('takes no connection for a request that fails validation, and one for a refusal that it gives back', async () => {
    const source = held.app.nest.get<DataSource>(APP_DATA_SOURCE, { strict: false });
    const { master } = source.driver as unknown as {
      master: { connect(): Promise<{ release(): void }>; waitingCount: number };
    };
    const busy = await master.connect();
    expect((await held.app.call('GET', '/v1/deals?limit=0', { token: owner })).status).toBe(400);
    expect((await held.app.call('GET', '/v1/deals')).status).toBe(401);
    expect(master.waitingCount).toBe(0);
    busy.release();
  });
});

describe('a unit that no request started', () => {
  it('commits, rolls back, joins its own caller and refuses another', async () => {
    const units = held.app.nest.get(TenantTransactions, { strict: false });
    const tenantDb = held.app.nest.get(TenantDb, { strict: false });
    const [mine, other] = [await principalOf(db, a, 'member'), await principalOf(db, b, 'member')];
    const insert = (title: string) =>
      tenantDb.query(`insert into app.deals (title, amount, currency) values ($1, 1, 'EUR')`, [title]);
    await units.run(mine, () => units.run(mine, () => insert('joined')));
    await expect(
      units.run(mine, async () => (await insert('thrown'), Promise.reject(new Error('planted')))),
    ).rejects.toThrow('planted');
    await expect(units.run(mine, () => units.run(other, () => insert('crossed')))).rejects.toThrow(/another caller/);
    expect([await titled('joined'), await titled('thrown'), await titled('crossed')]).toEqual([1, 0, 0]);
    expect(() => tenantDb.manager).toThrow(/No tenant transaction is open/);
    await expect(async () => tenantDb.query('select 1')).rejects.toThrow(/No tenant transaction is open/);
  });
});
