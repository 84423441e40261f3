import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Clock, type RequestContext } from '../../src/context/index.js';
import type { AuthDb } from '../../src/database/index.js';
import type { AuditTrail } from '../../src/modules/audit/index.js';
import { RefusalLog } from '../../src/modules/audit/refusals/refusal-log.js';
import type { Refusal, RefusalRow } from '../../src/modules/audit/refusals/refusal.js';
import { BATCH, LINGER_MS, LONGEST_QUEUE } from '../../src/modules/audit/refusals/refusal-queue.js';
import { MOST_WINDOWS, WINDOW_MS, WRITTEN_PER_WINDOW } from '../../src/modules/audit/refusals/refusal-sampling.js';

type Written = Omit<RefusalRow, 'first' | 'last'>;
const TENANT = randomUUID();
const denied = (change: Partial<Refusal> = {}): Refusal => ({
  tenantId: TENANT,
  actorId: '0190b6f4-0000-7000-8000-000000000001',
  action: 'deal.read',
  outcome: 'denied',
  code: 'not_found',
  ...change,
});
const sqlError = (code: string, constraint?: string): Error => Object.assign(new Error(code), { code, constraint });

Logger.overrideLogger(false);
let written: Written[];
let statements: number;
let atOnce: number[];
/** what the database says to a batch before it takes it */
let database: (rows: Written[]) => void | Promise<void>;
let request: () => string;
let log: RefusalLog;

beforeEach(() => {
  jest.useFakeTimers();
  [written, statements, atOnce, database] = [[], 0, [0], () => undefined];
  request = () => JSON.stringify({ id: 'req', address: '203.0.113.9', userAgent: 'curl' });
  const db = {
    query: async (_text: string, values: unknown[]) => {
      const rows = JSON.parse(values[0] as string) as Written[];
      statements += 1;
      atOnce.push((atOnce.at(-1) ?? 0) + 1);
      try {
        await database(rows);
        written.push(...rows);
      } finally {
        atOnce.push((atOnce.at(-1) ?? 0) - 1);
      }
      return [];
    },
  };
  const context = { stateOrUndefined: undefined } as unknown as RequestContext;
  log = new RefusalLog(context, { request: () => request() } as AuditTrail, new Clock(), db as unknown as AuthDb);
});
afterEach(() => void jest.useRealTimers());

const total = (rows: Written[] = written): number => rows.reduce((sum, { count }) => sum + count, 0);
const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
/** As many different callers as wished, so that nothing is counted as the same. */
const somebody = (): Refusal => denied({ actorId: randomUUID() });

describe('refusals that repeat', () => {
  it('are written each at first, and then as one row with their count when the window ends', async () => {
    for (let n = 0; n < 500; n += 1) log.note(denied({ targetId: randomUUID(), details: { status: 404, n } }));
    await pass(LINGER_MS);
    expect([written.length, statements, total()]).toEqual([WRITTEN_PER_WINDOW, 1, WRITTEN_PER_WINDOW]);
    await pass(WINDOW_MS);
    expect([written.length, total()]).toEqual([WRITTEN_PER_WINDOW + 1, 500]);
    // what they have in common stays, what differs goes
    expect(written.at(-1)).toMatchObject({
      action: 'deal.read',
      code: 'not_found',
      target: null,
      request: { id: 'req' },
    });
    expect(written.at(-1)?.details).toEqual({ status: 404, firstAt: expect.any(String), lastAt: expect.any(String) });
    log.note(denied());
    await pass(LINGER_MS);
    expect([written.length, total()]).toEqual([WRITTEN_PER_WINDOW + 2, 501]);
  });

  it('are told apart by log, caller, action, outcome and code, and without a caller by network', async () => {
    const others = [{ tenantId: randomUUID() }, { actorId: randomUUID() }, { action: 'deal.deleted' }, { code: 'x' }];
    const kinds: Partial<Refusal>[] = [
      {},
      ...others,
      { outcome: 'failure' },
      { tenantId: null, concerns: randomUUID() },
    ];
    for (let n = 0; n < 30; n += 1) for (const kind of kinds) log.note(denied(kind));
    await pass(LINGER_MS);
    expect(written).toHaveLength(kinds.length * WRITTEN_PER_WINDOW);
    written = [];
    for (let n = 0; n < 30; n += 1) {
      request = () => JSON.stringify({ address: `2001:db8:1:2::${n.toString(16)}` });
      log.note(denied({ actorId: undefined }));
      request = () => JSON.stringify({ address: `::ffff:198.51.100.${n}` });
      log.note(denied({ actorId: undefined }));
    }
    await pass(LINGER_MS);
    const mapped = written.filter(({ request }) => String(request['address']).startsWith('::ffff'));
    expect([mapped.length, written.length]).toEqual([30, WRITTEN_PER_WINDOW + 30]);
    await log.onApplicationShutdown();
    expect(total()).toBe(60 + kinds.length * (30 - WRITTEN_PER_WINDOW));
  });
});

describe('the queue', () => {
  it('keeps one statement under way, whatever comes meanwhile', async () => {
    database = () => new Promise((resolve) => setTimeout(resolve, 100));
    for (let n = 0; n < 3 * BATCH; n += 1) log.note(somebody());
    await pass(LINGER_MS + 50);
    for (let n = 0; n < BATCH; n += 1) log.note(somebody());
    void log.flush();
    void log.flush();
    await pass(10_000);
    expect([Math.max(...atOnce), statements, total()]).toEqual([1, 4, 4 * BATCH]);
  });

  it('counts what it has no room for, by log and outcome, and forgets none', async () => {
    const all = LONGEST_QUEUE + 700;
    database = () => { throw sqlError('57P03'); }; // prettier-ignore
    for (let n = 0; n < all; n += 1) log.note({ ...somebody(), outcome: n % 2 ? 'denied' : 'failure' });
    await pass(3 * WINDOW_MS);
    expect(written).toEqual([]);
    database = () => undefined;
    await pass(3 * WINDOW_MS);
    expect(total()).toBe(all);
    const overflowed = written.filter(({ action }) => action === 'audit.overflowed');
    expect(overflowed.map(({ tenant, actor, outcome, count }) => [tenant, actor, outcome, count]).sort()).toEqual([
      [TENANT, null, 'denied', 350],
      [TENANT, null, 'failure', 350],
    ]);
    // the others were late, and say when they happened
    expect(written.find(({ action }) => action === 'deal.read')?.details).toHaveProperty('firstAt');
  });

  it('has a bound for kinds and for logs, too, and counts on', async () => {
    const all = MOST_WINDOWS + 2_500;
    for (let n = 0; n < all; n += 1) {
      log.note(denied({ tenantId: randomUUID() }));
      if (n % 500 === 0) await pass(1);
    }
    await log.onApplicationShutdown();
    expect(total()).toBe(all);
    const windows = (log as unknown as { sampling: { windows: Map<string, unknown> } }).sampling.windows;
    expect(windows.size).toBeLessThanOrEqual(MOST_WINDOWS + 1_002);
  });

  it('finds a row that cannot be written, counts it, and writes all others', async () => {
    database = (rows) => {
      if (rows.some(({ code }) => code === 'poison')) throw sqlError('23514', 'audit_log_details_check');
    };
    for (let n = 0; n < 40; n += 1) log.note({ ...somebody(), code: n === 17 || n === 18 ? 'poison' : 'not_found' });
    await pass(LINGER_MS);
    expect(written).toHaveLength(38);
    await pass(2 * WINDOW_MS);
    expect(written.slice(38)).toMatchObject([{ action: 'audit.overflowed', tenant: TENANT, count: 2 }]);
  });

  it('keeps the rows where not they are at fault, and asks less and less often', async () => {
    for (const code of ['42501', '23514', '40P01', '08006']) {
      database = () => { throw sqlError(code); }; // prettier-ignore
      log.note(somebody());
      statements = 0;
      await pass(60_000);
      expect(statements).toBeGreaterThan(1);
      expect(statements).toBeLessThan(12);
    }
    database = () => undefined;
    await pass(31_000);
    expect(written.map(({ action }) => action)).toEqual(Array(4).fill('deal.read'));
  });

  it('is written to the end at shutdown, open windows included, and ends although the database hangs', async () => {
    for (let n = 0; n < 500; n += 1) log.note(denied());
    await log.onApplicationShutdown();
    expect(total()).toBe(500);
    database = () => new Promise(() => undefined);
    log.note(denied());
    const end = log.onApplicationShutdown();
    await pass(5_000);
    await end;
  });
});

describe('a note', () => {
  it('is inert and storable whatever it was given', async () => {
    const hostile = 'a\u001b[31m\u0000\u202e\ud800\r\nb\u2028';
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    log.note(denied({ tenantId: `${TENANT}' or true`, actorId: 'x', targetId: '../..', action: hostile, targetType: hostile, code: hostile, details: { hostile, half: 0.5 } })); // prettier-ignore
    log.note(denied({ code: 'a', details: circular }));
    log.note(denied({ code: 'b', details: { long: Array(300).fill('x'.repeat(300)) } }));
    log.note(denied({ code: 'c', details: { big: 1n } }));
    await pass(LINGER_MS);
    const [first, ...rest] = written;
    expect(first).toMatchObject({ tenant: null, actor: null, target: null, action: 'request.refused' });
    for (const text of [first?.target_type, first?.code, first?.details?.['hostile']]) {
      expect(text).toBe('a\ufffd[31m\ufffd\ufffd\ufffd\ufffd\ufffdb\ufffd');
    }
    expect(first?.details?.['half']).toBe('0.5');
    expect(rest.map(({ details }) => Object.keys(details))).toEqual([['leftOut'], ['leftOut'], ['leftOut']]);
  });

  it('never throws', async () => {
    request = () => { throw new Error('the socket is gone'); }; // prettier-ignore
    log.note(denied());
    expect(() => log.note(undefined as unknown as Refusal)).not.toThrow();
    await pass(LINGER_MS);
    expect(written).toMatchObject([{ action: 'deal.read', request: {} }]);
  });
});
