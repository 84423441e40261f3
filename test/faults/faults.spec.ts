import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantInvariants } from './invariants.js';
import { Client, Ledger } from './load.js';
import { Stage } from './stage.js';

/** How long each fault lasts, milliseconds; longer than readiness keeps what it knows. */
const LASTS_MS = 5_000;
const BACK_WITHIN_MS = 10_000;
const ledger = new Ledger();
let stage: Stage;
let clients: Client[];

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const probe = (path: string): Promise<{ status: number; text: string }> =>
  fetch(stage.url + path, { signal: AbortSignal.timeout(10_000) }).then(
    async (answer) => ({ status: answer.status, text: await answer.text() }),
    (error: Error) => ({ status: 0, text: error.message }),
  );
const until = async (holds: () => Promise<boolean>, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) if (await holds()) return true;
  return false;
};
const ready = async (): Promise<boolean> => (await probe('/readyz')).status === 200;

/** What /livez and /readyz say while something lasts. */
async function during(fault: () => Promise<unknown>): Promise<{ live: number[]; red: string[] }> {
  const [live, red] = [new Set<number>(), new Set<string>()];
  let over = false;
  const watching = (async () => {
    while (!over) {
      live.add((await probe('/livez')).status);
      const { status, text } = await probe('/readyz');
      if (status !== 200) red.add(`${status} ${(JSON.parse(text || '{}') as { detail?: string }).detail}`);
      await sleep(150);
    }
  })();
  await fault();
  over = true;
  await watching;
  return { live: [...live], red: [...red] };
}

/** Deals are made and files completed, again. */
async function works(): Promise<boolean> {
  const [deals, files] = [ledger.deals.size, ledger.files.size];
  return until(
    async () => ledger.deals.size > deals + 2 && ledger.files.size > files + 2 && (await ready()),
    BACK_WITHIN_MS,
  );
}

beforeAll(async () => {
  stage = await Stage.open();
  const { a, b } = stage.db.world;
  const people = [a.users.owner, a.users.member, b.users.admin, b.users.member];
  clients = people.map(({ email }) => new Client(stage.url, email, ledger));
  for (const client of clients) await client.start();
}, 120_000);
afterAll(() => stage.close(), 60_000);

describe('under load', () => {
  it('works', async () => {
    expect(await works()).toBe(true);
  });

  it('the store stops: red, alive, and back', async () => {
    const { live, red } = await during(async () => {
      await stage.store.close();
      await sleep(LASTS_MS);
    });
    expect([live, red]).toEqual([[200], ['503 Not reachable: the store of files.']]);
    await stage.store.open();
    expect(await works()).toBe(true);
  });

  it('the store is slow', async () => {
    stage.store.delay = 300;
    const { live } = await during(() => sleep(LASTS_MS));
    expect(live).toEqual([200]);
    stage.store.delay = 0;
    expect(await works()).toBe(true);
  });

  it('the worker is killed, and another one begins', async () => {
    const { live, red } = await during(async () => {
      await stage.worker.end('SIGKILL');
      await sleep(1_000);
      await stage.work();
    });
    expect([live, red]).toEqual([[200], []]);
    expect(await works()).toBe(true);
  });

  it('a backend of the database is killed, and all of them restart', async () => {
    const [row] = await stage.look<{ pid: number }>(
      `select pid from pg_stat_activity where usename = 'ringfence_app' and datname = current_database() limit 1`,
    );
    const { live } = await during(async () => {
      process.kill((row as { pid: number }).pid, 'SIGKILL');
      await sleep(1_000);
    });
    expect(live).toEqual([200]);
    expect(await works()).toBe(true);
  });

  it('the database restarts: red, alive, and back', async () => {
    const { live, red } = await during(() => stage.restartDatabase(LASTS_MS));
    expect([live, red.length]).toEqual([[200], expect.any(Number)]);
    expect(red.every((one) => /^503 Not reachable: the database pool/.test(one)) && red.length > 0).toBe(true);
    expect(await works()).toBe(true);
  });
});

describe('afterwards', () => {
  let invariants: TenantInvariants;
  beforeAll(async () => {
    await Promise.all(clients.map((client) => client.stop()));
    invariants = new TenantInvariants(stage, ledger);
    await invariants.settle();
  }, 120_000);

  it('no client met anything but what is right, or 503 with Retry-After', () => {
    expect(ledger.faults).toEqual([]);
    expect(ledger.told.get(503)).toBeGreaterThan(0);
  });

  it('every tenant has an owner', () => invariants.owners());
  it('the closure of roles is what it is computed from', () => invariants.closure());
  it('nothing that was acknowledged is lost', () => invariants.acknowledged());
  it('every change has one entry in the log', () => invariants.entries());
  it('every job had its effect once', () => invariants.jobs());
  it('after sweeping, no object is without a row, and no row without its bytes', () => invariants.files());
});
