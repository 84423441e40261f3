import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeModule } from '../support/probe.module.js';

/*
 * SQL injected into requests, through the pipeline: the one connection of this application is used by both tenants in turn.
 * What such SQL could do at a bare connection is in hostile-sql.spec.ts.
 */

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1' }, undefined, [ProbeModule]);
const { a, b } = db.world;
let victim: string;
let attacker: string;

beforeAll(async () => {
  victim = await held.app.token(a.users.owner.email);
  attacker = await held.app.token(b.users.owner.email);
});

/** SQL injected into a request of B. */
const inject = (sql: string) => held.app.call('POST', '/v1/probe/sql', { token: attacker, body: { sql } });
const whoIs = async (token: string): Promise<unknown> => (await held.app.call('GET', '/v1/probe/who', { token })).body;

describe('injected SQL of B inside its own request', () => {
  it.each([
    ['forged claims', `select set_config('request.jwt.claims', '{"tenant_id":"${a.id}","role":"owner"}', true)`],
    ['a guessed capability', `select set_config('app.cap', 'guess', true)`],
    ['no capability', `select set_config('app.cap', '', true)`],
    ['row security off', `select set_config('row_security', 'off', true)`],
    ['another role', `select set_config('role', 'ringfence_owner', true)`],
  ])('gains nothing by %s in the same statement as the read', async (_, setting) => {
    const { status, body } = await inject(`with s as materialized (${setting}) select d.tenant_id from s, app.deals d`);
    const rows = status === 201 ? (body as { rows: { tenant_id: string }[] }).rows : [];
    expect(rows.filter((row) => row.tenant_id !== b.id)).toEqual([]);
  });
});

describe('what injected SQL of B leaves on the connection', () => {
  it.each([
    [
      'a setting',
      `select set_config('app.stash', current_setting('app.cap'), false)`,
      `select nullif(current_setting('app.stash', true), '') as found`,
    ],
    ['its capability, for the session', `select set_config('app.cap', current_setting('app.cap'), false)`, ''],
    ['claims, for the session', `select set_config('request.jwt.claims', '{"tenant_id":"${b.id}"}', false)`, ''],
    [
      'a search path',
      `select set_config('search_path', 'pg_catalog', false)`,
      `select current_setting('search_path') as found`,
    ],
    [
      'row_security off',
      `select set_config('row_security', 'off', false)`,
      `select current_setting('row_security') as found`,
    ],
    [
      'a read-only default',
      `set session characteristics as transaction read only`,
      `select current_setting('default_transaction_read_only') as found`,
    ],
    ['a cursor WITH HOLD', `declare c cursor with hold for select * from app.deals`, `fetch all from c`],
    ['a prepared statement', `prepare evil as select * from app.deals`, `execute evil`],
    ['a LISTEN', `listen leak`, ''],
  ])('%s does the next tenant no harm', async (_, plant, look) => {
    const before = look
      ? (await held.app.call('POST', '/v1/probe/sql', { token: victim, body: { sql: look } })).body
      : undefined;
    await inject(plant);
    expect(await whoIs(victim)).toEqual({ tenants: [a.id] });
    expect(await held.app.call('GET', '/v1/probe/open')).toMatchObject({ status: 200, body: { seen: 0 } });
    const deal = { title: 'still writable', amount: '1', currency: 'EUR' };
    expect((await held.app.call('POST', '/v1/deals', { token: victim, body: deal })).status).toBe(201);
    if (!look) return;
    await inject(plant);
    const after = (await held.app.call('POST', '/v1/probe/sql', { token: victim, body: { sql: look } })).body;
    expect({ ...after, traceId: 0 }).toEqual({ ...before, traceId: 0 });
  });

  /** The very attack that broke a prototype: B replaces a statement that A's next request runs by name. */
  const HIJACK = [
    'deallocate victim',
    `prepare victim (text) as select tenant_id, set_config('app.stash', current_setting('app.cap'), false) as stash from app.deals where $1 is not null`,
  ];

  it('can hijack a named statement on a pool that uses them (so we use none)', async () => {
    const client = new pg.Client({ connectionString: db.connections.app });
    await client.connect();
    const [mine, theirs] = [await plantCapability(db, a, a.users.owner), await plantCapability(db, b, b.users.owner)];
    const asNamed = {
      name: 'victim',
      text: 'select tenant_id from app.deals where $1::text is not null',
      values: ['x'],
    };
    const unit = async (cap: string, work: () => Promise<unknown>): Promise<void> => {
      await client.query('begin');
      await client.query('select app.enter($1, $2)', [cap, '']);
      await work();
      await client.query('commit');
    };
    await unit(mine.cap, () => client.query(asNamed));
    await unit(theirs.cap, async () => {
      for (const sql of HIJACK) await client.query(sql);
    });
    await unit(mine.cap, () => client.query(asNamed));
    let stolen: unknown;
    await unit(theirs.cap, async () => {
      stolen = (await client.query<{ s: string }>(`select current_setting('app.stash', true) as s`)).rows[0]?.s;
    });
    expect(stolen).toBe(mine.cap);
    await client.end();
  });

  it('hijacks nothing on ours', async () => {
    await whoIs(victim);
    for (const sql of HIJACK) await inject(sql);
    expect(await whoIs(victim)).toEqual({ tenants: [a.id] });
    const { body } = await inject(`select nullif(current_setting('app.stash', true), '') as stash`);
    expect(body).toEqual({ rows: [{ stash: null }] });
  });
});
