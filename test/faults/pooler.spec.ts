import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { Drill, LASTS_MS, sleep, wrong } from './drill.js';
import type { Pooler } from './pooler.js';
import { Stage } from './stage.js';
import { Standby } from './standby.js';

let stage: Stage;
let drill: Drill;
let pooler: Pooler;

beforeAll(async () => {
  stage = await Stage.open({ pooler: true });
  pooler = stage.pooler as Pooler;
  drill = await Drill.begin(stage, 3);
}, 240_000);
afterAll(async () => {
  await drill?.rest();
  await stage?.close();
}, 60_000);

async function through<T>(role: 'app' | 'auth' | 'service', work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: stage.db.connections[role] });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('behind PgBouncer in transaction mode', () => {
  it('every role of the application signs in by SCRAM, and nobody without the password', async () => {
    for (const role of ['app', 'auth', 'service'] as const) {
      const { rows } = await through(role, (client) =>
        client.query('select current_user as name, inet_server_port() as port'),
      );
      expect(rows).toEqual([{ name: `ringfence_${role}`, port: stage.serverPort }]);
      const url = Object.assign(new URL(stage.db.connections[role]), { password: 'wrong' }).href;
      await expect(new pg.Client({ connectionString: url }).connect()).rejects.toThrow(/SASL|auth/i);
    }
    const admin = Object.assign(new URL(stage.adminUrl), { port: String(pooler.port) }).href;
    await expect(new pg.Client({ connectionString: admin }).connect()).rejects.toThrow(/SASL|auth|no such user/i);
  });

  it('the application’s sessions are the pooler’s, and bounded by what the roles say', async () => {
    const clients = await stage.look<{ port: number; n: number }>(
      `select count(*)::integer as n from pg_stat_activity where usename = 'ringfence_app'`,
    );
    expect(clients[0]?.n).toBeLessThanOrEqual(8);
    const { rows } = await through('app', (client) =>
      client.query(`select current_setting('statement_timeout') as bound`),
    );
    expect(rows).toEqual([{ bound: '15s' }]);
  });

  it('what one transaction leaves in a session, the next one does not find', async () => {
    const marks = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        through('app', async (client) => {
          const found: unknown[] = [];
          for (let turn = 0; turn < 20; turn += 1) {
            await client.query('begin');
            const { rows } = await client.query(`select current_setting('app.planted', true) as setting`);
            found.push(...rows.filter(({ setting }) => (setting ?? '') !== ''));
            await client.query(`prepare planted as select 1`); // which fails where there is one
            await client.query(`select set_config('app.planted', $1, false)`, [String(n)]);
            await client.query('commit');
          }
          return found;
        }),
      ),
    );
    expect(marks.flat()).toEqual([]);
  });

  it('two tenants interleaved over few sessions: nobody is shown what is another’s', async () => {
    const { live, red } = await drill.endure({
      title: 'no fault, behind the pooler',
      done: 'two tenants by turns, 12 clients over 8 sessions, 5 s',
      lasts: () => sleep(LASTS_MS),
    });
    expect([live, red]).toEqual([[200], []]);
    const shown = [...drill.ledger.seen.values()];
    expect(shown.map((deals) => deals.size > 20)).toEqual([true, true]);
    expect([...drill.ledger.told.keys()].filter((status) => status >= 500)).toEqual([]);
  });
});

describe('faults of the pooler, and behind it', () => {
  it('the pooler is killed, and another one begins', async () => {
    const { live, red } = await drill.endure({
      title: 'pooler killed',
      done: 'kill -9, away 5 s, started anew',
      lasts: async () => {
        await pooler.end('SIGKILL');
        await sleep(LASTS_MS);
      },
      ends: () => pooler.again(),
    });
    expect([live, red.length > 0]).toEqual([[200], true]);
  });

  it('the pooler is stopped and goes on', async () => {
    const { live } = await drill.endure({
      title: 'pooler stopped',
      done: 'SIGSTOP, 5 s, SIGCONT',
      lasts: async () => {
        pooler.signal('SIGSTOP');
        await sleep(LASTS_MS);
        pooler.signal('SIGCONT');
      },
    });
    expect(live).toEqual([200]);
  });

  it('the database restarts behind it', async () => {
    const { live, red } = await drill.endure({
      title: 'database restarted behind the pooler',
      done: 'fast shutdown, away 5 s, started anew',
      lasts: async () => {
        await stage.stopDatabase();
        await sleep(LASTS_MS);
      },
      ends: () => stage.startDatabase(),
    });
    expect([live, red.length > 0]).toEqual([[200], true]);
  });

  it('the standby takes over behind it', async () => {
    const standby = await Standby.of(stage.databaseHome, stage.adminUrl, join(stage.home, 'standby'));
    const { live, red } = await drill.endure({
      title: 'failover behind the pooler',
      done: 'primary killed, address to the standby, 5 s, promoted',
      lasts: async () => {
        await stage.failOver(standby);
        await sleep(LASTS_MS);
      },
      ends: () => standby.promote(),
    });
    expect(live).toEqual([200]);
    expect(red).toContain('503 Takes no changes: the database pool app, the database pool auth.');
  });
});

describe('afterwards', () => {
  beforeAll(async () => {
    await drill.rest();
    await drill.settle();
  }, 120_000);

  it('no client met anything but what is right, or 503 with Retry-After', () => {
    expect(drill.ledger.faults.slice(0, 20)).toEqual([]);
  });

  it('all that must hold holds', async () => {
    const findings = await drill.judge(true);
    expect([findings.length, wrong(findings)]).toEqual([7, []]);
  });
});
