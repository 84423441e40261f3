import { beforeEach, describe, expect, it } from '@jest/globals';
import { Counters, type Quota, type Verdict } from './counters.js';
import { type Granted, Leases, type Wish } from './leases.js';
import { rateLimitHeaders } from './rate-limits.js';

/** What auth.lease_points does, on a clock that the test moves. Milliseconds. */
class Store {
  now = 1_000_000;
  down = false;
  trips: number[] = [];
  private readonly rows = new Map<string, { endsAt: number; taken: number }>();

  readonly lease = async (wishes: readonly Wish[]): Promise<Granted[]> => {
    this.trips.push(wishes.length);
    await Promise.resolve();
    if (this.down) throw new Error('down');
    return wishes.map(({ key, wanted, atMost }) => {
      const known = this.rows.get(String(key));
      const row = known && known.endsAt > this.now ? known : { endsAt: this.now + 60_000, taken: 0 };
      const granted = Math.min(wanted, atMost - row.taken);
      this.rows.set(String(key), { ...row, taken: row.taken + granted });
      return { key, granted, remaining: atMost - row.taken - granted, endsIn: row.endsAt - this.now };
    });
  };

  /** A process: its own memory, and a clock that is ahead by so many milliseconds. */
  process(ahead = 0): Counters {
    const now = (): number => this.now + ahead;
    return new Counters(new Leases(this.lease, now), (subject) => Buffer.from(subject), now);
  }
}

const of = (subject: string, atMost: number, policy = 'principal', shared = true): Quota => ({
  ...{ policy, subject, atMost, shared },
});

let store: Store;
beforeEach(() => {
  store = new Store();
});

const ask = async (process: Counters, times: number, ...quotas: Quota[]): Promise<Verdict[]> =>
  Promise.all(Array.from({ length: times }, async () => process.consume(quotas)));
const passed = (verdicts: readonly Verdict[]): number => verdicts.filter(({ refused }) => !refused).length;

describe('Counters', () => {
  it.each([1, 2, 7, 20, 59, 600])(
    'lets %i through in a window, whichever of three processes is asked',
    async (atMost) => {
      const processes = [store.process(), store.process(-5_000_000), store.process(5_000_000)];
      const rounds = await Promise.all(processes.map((process) => ask(process, atMost + 3, of('u', atMost))));
      expect(passed(rounds.flat())).toBe(atMost);
      const again = await Promise.all(processes.map((process) => ask(process, 3, of('u', atMost))));
      expect(passed(again.flat())).toBe(0);
      store.now += 60_000;
      const next = await Promise.all(processes.map((process) => ask(process, atMost, of('u', atMost))));
      expect(passed(next.flat())).toBe(atMost);
    },
  );

  it('asks the store once for a twentieth of the limit, and not at all for what is used up', async () => {
    const one = store.process();
    for (let n = 0; n < 30; n += 1) await one.consume([of('u', 600)]);
    expect(store.trips).toEqual([1]);
    await one.consume([of('u', 600)]);
    expect(store.trips).toEqual([1, 1]);
    await ask(one, 600, of('u', 600));
    const spent = store.trips.length;
    expect(spent).toBe(20);
    expect(one.consume([of('u', 600)])).toMatchObject({ refused: { remaining: 0, resetSeconds: 60 } });
    expect(store.trips.length).toBe(spent);
  });

  it('makes one trip for all who come at once, whoever they are', async () => {
    const one = store.process();
    const all = Array.from({ length: 200 }, async (_, n) =>
      one.consume([of(`u${n % 50}`, 600), of('t', 6_000, 'tenant')]),
    );
    expect(passed(await Promise.all(all))).toBe(200);
    expect(store.trips).toEqual([51]);
  });

  it('answers at once, without a promise, from what it holds', async () => {
    const one = store.process();
    await one.consume([of('u', 600)]);
    expect(one.consume([of('u', 600)])).toEqual({
      states: [{ policy: 'principal', atMost: 600, remaining: 598, resetSeconds: 60 }],
    });
    store.now += 18_500;
    expect(one.consume([of('u', 600)])).toMatchObject({ states: [{ remaining: 597, resetSeconds: 42 }] });
  });

  it('takes nothing of a tenant for a caller who is refused', async () => {
    const one = store.process();
    const quotas = [of('u', 2), of('t', 10, 'tenant')];
    const verdicts = await ask(one, 50, ...quotas);
    expect(passed(verdicts)).toBe(2);
    expect(verdicts.at(-1)?.refused?.policy).toBe('principal');
    const others = await ask(one, 50, of('t', 10, 'tenant'));
    expect(passed(others)).toBe(8);
  });

  it('takes nothing of a caller, and asks the store nothing, once their tenant has no more', async () => {
    const one = store.process();
    await ask(one, 10, of('t', 10, 'tenant'));
    const quotas = [of('u', 600), of('t', 10, 'tenant')];
    expect(passed(await ask(one, 40, ...quotas))).toBe(0);
    const trips = store.trips.length;
    expect(passed(await ask(one, 40, ...quotas))).toBe(0);
    expect(store.trips.length).toBe(trips);
    expect(await one.consume([of('u', 600)])).toMatchObject({ states: [{ remaining: 599 }] });
  });

  it('goes on alone while the store does not answer, asks again later, and never waits twice', async () => {
    const one = store.process();
    store.down = true;
    expect(passed(await ask(one, 700, of('u', 600)))).toBe(600);
    expect(passed(await ask(one, 5, of('v', 2)))).toBe(2);
    expect(store.trips).toEqual([1]);
    store.down = false;
    store.now += 5_000;
    await one.consume([of('w', 2)]);
    expect(store.trips).toEqual([1, 1]);
    store.now += 55_000; // and the window of who was counted alone is over
    expect(passed(await ask(one, 700, of('u', 600)))).toBe(600);
    expect(passed(await ask(store.process(), 5, of('u', 600)))).toBe(0);
  });

  it('does not forget what it gave out when the store goes away in the middle of a window', async () => {
    const one = store.process();
    expect(passed(await ask(one, 300, of('u', 600)))).toBe(300);
    store.down = true;
    expect(passed(await ask(one, 600, of('u', 600)))).toBe(300);
  });

  it('holds a limit that was lowered, also while it counts alone', async () => {
    const one = store.process();
    expect(passed(await ask(one, 30, of('u', 600)))).toBe(30);
    store.down = true;
    await one.consume([of('v', 600)]);
    expect(passed(await ask(one, 3, of('u', 20)))).toBe(0);
  });

  it('counts in memory alone what is not shared', () => {
    const one = store.process();
    const verdicts = Array.from({ length: 5 }, () => one.consume([of('a', 3, 'address', false)]));
    expect(verdicts.map((verdict) => 'states' in verdict && !verdict.refused)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(store.trips).toEqual([]);
  });

  it('keeps a bounded number of callers', async () => {
    const one = store.process();
    await one.consume([of('first', 2)]);
    for (let n = 0; n < 50_100; n += 1) void one.consume([of(`x${n}`, 1, 'address', false)]);
    expect((one as unknown as { counters: Map<string, unknown> }).counters.size).toBeLessThanOrEqual(50_000);
    // whoever was pushed out is leased for anew, and has no more than before
    expect(passed(await ask(one, 5, of('first', 2)))).toBe(1);
  });
});

describe('rateLimitHeaders', () => {
  it('are lists of structured fields', () => {
    const states = [
      { policy: 'principal', atMost: 600, remaining: 599, resetSeconds: 42 },
      { policy: 'tenant', atMost: 6_000, remaining: 0, resetSeconds: 1 },
    ];
    expect(rateLimitHeaders(states)).toEqual({
      'RateLimit-Policy': '"principal";q=600;w=60, "tenant";q=6000;w=60',
      RateLimit: '"principal";r=599;t=42, "tenant";r=0;t=1',
    });
    expect(rateLimitHeaders([])).toEqual({});
  });
});
