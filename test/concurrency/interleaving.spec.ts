import { beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import pg from 'pg';
import { enterStatement } from '../../src/database/tenant-transaction/entry.js';
import { LazyClient } from '../../src/database/tenant-transaction/lazy-client.js';
import { plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeModule } from '../support/probe.module.js';

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1', POOL_WAIT_MS: '30000' }, undefined, [ProbeModule]);
const { a, b } = db.world;

describe('200 interleaved requests of two tenants over one server connection', () => {
  let tokens: { token: string; tenant: string }[];
  beforeAll(async () => {
    tokens = [
      { token: await held.app.token(a.users.owner.email), tenant: a.id },
      { token: await held.app.token(b.users.owner.email), tenant: b.id },
    ];
  });

  it('mixes nothing, though some fail and some clients leave', async () => {
    let answered = 0;
    const one = async (n: number): Promise<void> => {
      const { token, tenant } = tokens[n % 2] as { token: string; tenant: string };
      if (n % 7 === 3) {
        await held.app.call('POST', '/v1/probe/fail', { token });
        return;
      }
      if (n % 11 === 5) {
        await held.app.call('POST', '/v1/probe/sql', { token, body: { sql: 'select 1 / 0' } });
        return;
      }
      const leaves = n % 5 === 4 ? AbortSignal.timeout(n % 3) : undefined;
      const answer = await held.app.call('GET', '/v1/probe/who', { token, signal: leaves }).catch(() => undefined);
      if (!answer) return;
      answered += 1;
      expect(answer.body).toEqual({ tenants: [tenant] });
    };
    for (let start = 0; start < 200; start += 40) {
      await Promise.all(Array.from({ length: 40 }, (_, n) => one(start + n)));
    }
    expect(answered).toBeGreaterThan(80);
    expect(await db.look(`select from app.deals where title = 'will be rolled back'`)).toEqual([]);
  });
});

/**
 * The harness above must be able to fail. Here the same lazy client runs with a planted fault: the context is set for
 * the session, and only once a connection, as a pool with session-level settings would do.
 */
describe('the same over a planted session-level setting', () => {
  it('is caught: rows of the other tenant appear', async () => {
    const pool = new pg.Pool({ connectionString: db.connections.app, max: 1, pipeline: true });
    const [capA, capB] = [
      (await plantCapability(db, a, a.users.owner)).cap,
      (await plantCapability(db, b, b.users.owner)).cap,
    ];
    const done = new WeakSet<PoolClient>();
    const unit = (cap: string, planted: boolean): LazyClient => {
      let statement = enterStatement({ cap, claims: '' });
      return new LazyClient(
        async () => {
          const client = await pool.connect();
          if (planted) {
            statement = done.has(client)
              ? { text: 'select 1', values: [] }
              : { text: `select set_config('app.cap', $1, false)`, values: [cap] };
            done.add(client);
            const { query } = client;
            // the clean-up after each unit is part of the protection, so it goes too
            client.query = ((text: unknown, ...rest: unknown[]) =>
              typeof text === 'string' && /all/.test(text)
                ? undefined
                : (query as (...all: unknown[]) => unknown).call(client, text, ...rest)) as typeof client.query;
          }
          return [client, (destroy?: unknown) => client.release(destroy as boolean)];
        },
        {
          get statement() {
            return statement;
          },
          admit: () => undefined,
        },
      );
    };
    const mixes = async (planted: boolean): Promise<number> => {
      let mixed = 0;
      for (let n = 0; n < 10; n += 1) {
        const [cap, tenant] = n % 2 === 0 ? [capA, a.id] : [capB, b.id];
        const one = unit(cap, planted);
        const { rows } = await one.query('select tenant_id from app.deals');
        mixed += rows.filter((row: { tenant_id: string }) => row.tenant_id !== tenant).length;
        await one.commit();
      }
      return mixed;
    };
    expect(await mixes(false)).toBe(0);
    expect(await mixes(true)).toBeGreaterThan(0);
    await pool.end();
  });
});
