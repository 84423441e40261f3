import { describe, expect, it, jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { DatabaseHealth } from '../../src/database/index.js';
import { APP_DATA_SOURCE } from '../../src/database/tokens.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);

/** Of this database alone; sessions that are open do not know of it, so they end. */
async function readOnly(setting: string): Promise<void> {
  const admin = await db.as('admin');
  const { rows } = await admin.query<{ name: string }>('select quote_ident(current_database()) as name');
  await admin.query(`alter role ringfence_app in database ${rows[0]?.name} ${setting}`);
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ringfence_app' and datname = current_database()`,
  );
}

describe('/readyz', () => {
  it('is red while the database takes no changes; they are refused in time, and reads go on', async () => {
    const token = await held.app.token(db.world.a.users.owner.email);
    await readOnly('set default_transaction_read_only = on');
    const refused = await held.app.call('GET', '/readyz');
    expectProblem(refused, 503, 'not_ready');
    expect(refused.body.detail).toBe('Takes no changes: the database pool app.');
    expect((await held.app.call('GET', '/livez')).status).toBe(200);
    const body = { title: 'x', amount: '1.00', currency: 'EUR' };
    const change = await held.app.call('POST', '/v1/deals', { token, body });
    expectProblem(change, 503, 'database_read_only');
    expect(change.headers.get('retry-after')).toBe('5');
    expect((await held.app.call('GET', '/v1/deals', { token })).status).toBe(200);
    await readOnly('reset default_transaction_read_only');
    await held.app.call('GET', '/readyz'); // meets a connection that is broken
    expect((await held.app.call('GET', '/readyz')).status).toBe(200);
  });

  it('asks a database that hangs once, and does not wait for it for ever', async () => {
    let answer = (_: object[]): void => undefined;
    const hangs = new Promise<object[]>((resolve) => (answer = resolve));
    const query = jest.spyOn(held.app.nest.get<DataSource>(APP_DATA_SOURCE), 'query').mockReturnValue(hangs);
    const health = held.app.nest.get(DatabaseHealth, { strict: false });
    const states = await Promise.all(Array.from({ length: 20 }, () => health.check()));
    expect(new Set(states.map(({ app }) => app))).toEqual(new Set(['down']));
    expect(query).toHaveBeenCalledTimes(1);
    answer([{ transaction_read_only: 'off' }]);
    await hangs;
    query.mockRestore();
    expect((await held.app.call('GET', '/readyz')).status).toBe(200);
  });
});

it('keeps a connection longer than a balancer does, so that no request meets its end', () => {
  expect(held.app.nest.getHttpServer().keepAliveTimeout).toBeGreaterThan(60_000);
});
