import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import pg from 'pg';
import { BROKEN, Drill, LASTS_MS, sleep, wrong } from './drill.js';
import { slowClients } from './slow-clients.js';
import { Stage } from './stage.js';
import { Standby } from './standby.js';
import { expectSwept } from './sweeping.js';

const NOT_REACHABLE = /^503 Not reachable: the database pool/;
let stage: Stage;
let drill: Drill;

beforeAll(async () => {
  stage = await Stage.open();
  drill = await Drill.begin(stage);
}, 240_000);
afterAll(async () => {
  await drill?.rest();
  await stage?.close();
}, 60_000);

/** How many deals the load made without being told so. */
async function unheard(): Promise<number> {
  const [row] = await stage.look<{ n: number }>(
    `select count(*)::integer as n from app.deals where title ~ '^(made|changed) ' and id <> all ($1)`,
    [[...drill.ledger.deals.keys()]],
  );
  return row?.n ?? 0;
}

describe('under load', () => {
  it('works', async () => {
    expect(await drill.works()).toBe(true);
  });

  it('the server is killed, and another one begins', async () => {
    await drill.endure({
      title: 'server killed',
      done: 'kill -9, away 2 s, started anew',
      mayBreak: BROKEN,
      lasts: async () => {
        await stage.server.end('SIGKILL');
        await sleep(2_000);
      },
      ends: () => stage.serve(),
    });
  });

  it('the server is asked to end: whom it let in, it answers', async () => {
    const before = await unheard();
    await drill.endure({
      title: 'server asked to end',
      done: 'SIGTERM, away 2 s, started anew',
      mayBreak: BROKEN, // a request may meet a connection that is just being closed
      lasts: async () => {
        await stage.server.end('SIGTERM');
        await sleep(2_000);
      },
      ends: () => stage.serve(),
    });
    expect(await unheard()).toBe(before);
  });

  it('the server is stopped and goes on', async () => {
    await drill.endure({
      title: 'server stopped',
      done: 'SIGSTOP, 5 s, SIGCONT',
      lasts: async () => {
        stage.server.signal('SIGSTOP');
        await sleep(LASTS_MS);
        stage.server.signal('SIGCONT');
      },
    });
  });

  it('the store stops: red, alive, and back', async () => {
    const { live, red } = await drill.endure({
      title: 'store away',
      done: 'port closed, 5 s',
      lasts: async () => {
        await stage.store.close();
        await sleep(LASTS_MS);
      },
      ends: () => stage.store.open(),
    });
    expect([live, red]).toEqual([[200], ['503 Not reachable: the store of files.']]);
  });

  it('the store is slow', async () => {
    const { live } = await drill.endure({
      title: 'store slow',
      done: '300 ms more for each piece, 5 s',
      lasts: () => ((stage.store.delay = 300), sleep(LASTS_MS)),
      ends: () => Promise.resolve((stage.store.delay = 0)),
    });
    expect(live).toEqual([200]);
  });

  it('the worker is killed, and another one begins', async () => {
    const { live, red } = await drill.endure({
      title: 'worker killed',
      done: 'kill -9, away 1 s, started anew',
      lasts: async () => {
        await stage.worker.end('SIGKILL');
        await sleep(1_000);
        await stage.work();
      },
    });
    expect([live, red]).toEqual([[200], []]);
  });

  it('clients that are slow keep nobody waiting, and hold no connection of the database', async () => {
    const { body } = await drill.signIn();
    const held: number[] = [];
    let slow: ReturnType<typeof slowClients>;
    const { live, red } = await drill.endure({
      title: 'slow clients',
      done: '200 that say a byte a second, 20 that read nothing, 5 s',
      lasts: async () => {
        slow = slowClients(stage.url, body.accessToken, 100);
        const before = drill.ledger.deals.size;
        for (let n = 0; n < 10; n += 1) {
          await sleep(LASTS_MS / 10);
          const [row] = await stage.look<{ n: number }>(
            `select count(*)::integer as n from pg_stat_activity where state like 'idle in transaction%' and state_change < now() - interval '1 second'`,
          );
          held.push(row?.n ?? 0);
        }
        expect(drill.ledger.deals.size).toBeGreaterThan(before + 5);
      },
      ends: () => Promise.resolve(slow.end()),
    });
    expect([live, red, new Set(held)]).toEqual([[200], [], new Set([0])]);
  });

  it('all connections of the pool wait for a lock: refused in time, alive, and back', async () => {
    const { live } = await drill.endure({
      title: 'pool exhausted',
      done: 'a table locked, 8 s, and 40 more readers',
      lasts: async () => {
        const blocker = new pg.Client({ connectionString: stage.adminUrl });
        await blocker.connect();
        await blocker.query('begin; lock table app.deals in access exclusive mode');
        const { body } = await drill.signIn();
        const ask = async (): Promise<number> =>
          (await fetch(`${stage.url}/v1/deals`, { headers: { authorization: `Bearer ${body.accessToken}` } })).status;
        const answers = Promise.all(Array.from({ length: 40 }, ask));
        await sleep(8_000);
        await blocker.query('rollback');
        await blocker.end();
        const refused = (await answers).filter((status) => status !== 200); // some get a connection that is free again
        expect([refused.length > 20, new Set(refused)]).toEqual([true, new Set([503])]);
      },
    });
    expect(live).toEqual([200]);
    expect(drill.ledger.told.get(503)).toBeGreaterThan(0);
  });

  it('the database has no connection left', async () => {
    const { live } = await drill.endure({
      title: 'database full of connections',
      done: 'all of max_connections taken, sessions ended, 5 s',
      lasts: async () => {
        const taken: pg.Client[] = [];
        for (let refused = 0; refused < 3;) {
          const client = new pg.Client({ connectionString: stage.db.connections.owner });
          client.on('error', () => undefined);
          await client.connect().then(
            () => taken.push(client),
            () => (refused += 1),
          );
        }
        await stage.look(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ringfence_app'`);
        await sleep(LASTS_MS);
        await Promise.all(taken.map((client) => client.end()));
      },
    });
    expect(live).toEqual([200]);
  });

  it('a backend of the database is killed, and all of them restart', async () => {
    const { live } = await drill.endure({
      title: 'backend killed',
      done: 'kill -9 of one, so all end',
      lasts: async () => {
        const [row] = await stage.look<{ pid: number }>(
          `select pid from pg_stat_activity where usename = 'ringfence_app' and datname = current_database() limit 1`,
        );
        process.kill((row as { pid: number }).pid, 'SIGKILL');
        await sleep(1_000);
      },
    });
    expect(live).toEqual([200]);
  });

  it('the database is stopped and goes on', async () => {
    const { live } = await drill.endure({
      title: 'database stopped',
      done: 'SIGSTOP of all its processes, 5 s, SIGCONT',
      lasts: async () => {
        const processes = await stage.databaseProcesses();
        processes.forEach((pid) => process.kill(pid, 'SIGSTOP'));
        await sleep(LASTS_MS);
        processes.forEach((pid) => process.kill(pid, 'SIGCONT'));
      },
    });
    expect(live).toEqual([200]);
  });

  it('the database restarts: red, alive, and back', async () => {
    const { live, red } = await drill.endure({
      title: 'database restarted',
      done: 'fast shutdown, away 5 s, started anew',
      lasts: async () => {
        await stage.stopDatabase();
        await sleep(LASTS_MS);
      },
      ends: () => stage.startDatabase(),
    });
    expect([live, red.length > 0 && red.every((one) => NOT_REACHABLE.test(one))]).toEqual([[200], true]);
  });

  it('the database vanishes without a word: given up in time, red, alive, and back', async () => {
    const { live, red } = await drill.endure({
      title: 'database out of sight',
      done: 'all connections swallowed, new ones too, 5 s; the old ones stay so',
      lasts: async () => {
        stage.database.swallow();
        await sleep(LASTS_MS);
      },
      ends: () => Promise.resolve((stage.database.silent = false)),
      backWithinMs: 40_000,
    });
    expect([live, red.some((one) => NOT_REACHABLE.test(one))]).toEqual([[200], true]);
  });

  it('the standby takes over: no change while it only reads, red, alive, and back when it is promoted', async () => {
    const standby = await Standby.of(stage.databaseHome, stage.adminUrl, join(stage.home, 'standby'));
    const { live, red } = await drill.endure({
      title: 'failover',
      done: 'primary killed, address to the standby, 5 s, promoted',
      lasts: async () => {
        await stage.failOver(standby);
        await sleep(2_000);
        const { headers, body, status } = await drill.change();
        expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'database_read_only', '5']);
        await sleep(LASTS_MS - 2_000);
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
    expect(drill.ledger.deals.size).toBeGreaterThan(100);
  });

  it('after sweeping, no object is without a row, and no row without its bytes', () => expectSwept(stage));
});
