import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import {
  ConnectionError,
  createRingfence,
  ifMatch,
  pages,
  ProblemError,
  type Ringfence,
  Session,
  StepUpRequiredError,
} from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { badGateway, breakOff, Door, drop, hang, loseAnswer, refuse } from './door.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const deal = { title: 'New roof', amount: '1200.50', currency: 'EUR' };
const QUICK = { baseDelayMs: 1, maxDelayMs: 2_000 };
let door: Door;
let ringfence: Ringfence;

const sessionOf = async (person = a.users.owner, aal: 1 | 2 = 1): Promise<Session> =>
  new Session(await grantTo(held.app, db, person.id, { tenant: a.id, aal }));

/** What the call threw. */
const thrown = (call: Promise<unknown>): Promise<any> =>
  call.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => error,
  );

beforeAll(async () => {
  door = await Door.before(held.app.url);
  db.beforeDrop(() => door.close());
  ringfence = createRingfence({ baseUrl: door.url, session: await sessionOf(), retry: QUICK });
});
beforeEach(() => door.next());

describe('a call', () => {
  it('is typed, and changes what was read by its ETag', async () => {
    const made = await ringfence.createDeal({ body: deal });
    const path = { id: made.data.id };
    const changed = await ringfence.updateDeal({ path, headers: ifMatch(made), body: { stage: 'won' } });
    expect([made.data.stage, changed.data.stage]).toEqual(['lead', 'won']);
    const stale = await thrown(ringfence.updateDeal({ path, headers: ifMatch(made), body: { stage: 'lost' } }));
    expect([stale.status, stale.code]).toEqual([412, 'version_mismatch']);
    expect((await ringfence.deleteDeal({ path, headers: ifMatch(changed) })).response.status).toBe(204);
  });

  it('throws what the problem says', async () => {
    const invalid = await thrown(ringfence.createDeal({ body: { ...deal, amount: 'much' } }));
    expect(invalid).toBeInstanceOf(ProblemError);
    expect(invalid).toMatchObject({ status: 400, errors: [{ field: 'amount' }], instance: '/v1/deals' });
    expect(invalid.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(invalid.message).toBe(`400 ${invalid.code}: ${invalid.detail}`);
    const foreign = await thrown(ringfence.getDeal({ path: { id: b.deals['owner-public'] as string } }));
    expect([foreign.status, foreign.code]).toEqual([404, 'not_found']);
    const viewer = createRingfence({ baseUrl: door.url, session: await sessionOf(a.users.viewer) });
    expect((await thrown(viewer.createDeal({ body: deal }))).missingPermission).toBe('deal:create');
  });

  it('says when a second factor is asked for, and goes on with the tokens that it gives', async () => {
    const session = await sessionOf();
    const person = createRingfence({ baseUrl: door.url, session });
    const refused = await thrown(person.createRole({ body: { name: 'Clerks', permissions: [], parentIds: [] } }));
    expect(refused).toBeInstanceOf(StepUpRequiredError);
    expect(refused.requiredAal).toBe('aal2');
    await session.adopt(await grantTo(held.app, db, a.users.owner.id, { tenant: a.id, aal: 2 }));
    expect((await person.getMe()).data.aal).toBe('aal2');
  });

  it('tells of an operation that will go', async () => {
    const told: unknown[] = [];
    const session = await sessionOf();
    const client = createRingfence({ baseUrl: door.url, session, onDeprecated: (one) => told.push(one) });
    door.next((_seen, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json',
          deprecation: '@1767225600',
          sunset: 'Wed, 01 Jul 2026 00:00:00 GMT',
        })
        .end('{"items":[],"nextCursor":null}'),
    );
    await client.listDeals();
    await client.listDeals();
    expect(told).toEqual([
      {
        method: 'GET',
        path: '/v1/deals',
        deprecatedAt: new Date('2026-01-01'),
        sunset: new Date('2026-07-01'),
        link: undefined,
      },
    ]);
  });
});

describe('paging', () => {
  it('gives every item once, 20 a page, and asks for no page before it is needed', async () => {
    const title = 'One of many';
    await Promise.all(
      Array.from({ length: 45 }, () => ringfence.createDeal({ body: { ...deal, title, stage: 'lost' } })),
    );
    door.next();
    const list = (page: { cursor?: string }) => ringfence.listDeals({ query: { ...page, stage: 'lost' } });
    const ids = new Set<string>();
    let count = 0;
    for await (const { id, title: found } of pages(list)) {
      if (found === title) ids.add(id);
      if (++count === 20) expect(door.seen).toHaveLength(1);
    }
    expect([ids.size, door.seen.length]).toEqual([45, Math.ceil(count / 20)]);
    door.next();
    for await (const _ of pages(list)) break;
    expect(door.seen).toHaveLength(1);
  });
});

describe('a request that is sent again', () => {
  it('comes again after 429, also where a lost answer would have been the end', async () => {
    const made = await ringfence.createDeal({ body: deal });
    door.next(refuse(429, 'rate_limited', { 'retry-after': '0' }));
    await ringfence.deleteDeal({ path: { id: made.data.id }, headers: ifMatch(made) });
    expect(door.seen).toHaveLength(2);
  });

  it('is not waited for longer than was allowed', async () => {
    door.next(refuse(429, 'rate_limited', { 'retry-after': '3600' }));
    expect(await thrown(ringfence.listDeals())).toMatchObject({ status: 429, retryAfter: 3600 });
    expect(door.seen).toHaveLength(1);
  });

  it.each([
    ['a connection that broke', drop],
    ['an answer that broke off', breakOff],
    ['503', refuse(503, 'database_unavailable', { 'retry-after': '0' })],
    ['a proxy’s 502', badGateway],
  ])('reads after %s', async (_, mischief) => {
    door.next(mischief, mischief);
    expect((await ringfence.listDeals({ query: { limit: 1 } })).data.items).toHaveLength(1);
    expect(door.seen).toHaveLength(3);
  });

  it('is given up after four attempts', async () => {
    door.next(badGateway, badGateway, badGateway, badGateway);
    expect(await thrown(ringfence.listDeals())).toMatchObject({ status: 502, code: 'http_502', traceId: undefined });
    expect(door.seen).toHaveLength(4);
  });

  it('creates once when the answer was lost: each attempt has the same Idempotency-Key, each call another', async () => {
    const title = 'Answered into the void';
    door.next(loseAnswer, refuse(503, 'outcome_unknown', { 'retry-after': '0' }));
    const { data } = await ringfence.createDeal({ body: { ...deal, title } });
    const keys = door.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await db.look('select id from app.deals where title = $1', [title])).toEqual([{ id: data.id }]);
    await ringfence.createDeal({ body: { ...deal, title } });
    await ringfence.createDeal({ body: deal, headers: { 'Idempotency-Key': 'order-42' } });
    expect(door.seen[3]?.headers['idempotency-key']).not.toBe(keys[0]);
    expect(door.seen[4]?.headers['idempotency-key']).toBe('order-42');
  });

  it.each([
    ['a lost answer', loseAnswer],
    ['outcome_unknown', refuse(503, 'outcome_unknown', { 'retry-after': '0' })],
  ])('is not a change without a key after %s', async (_, mischief) => {
    const made = await ringfence.createDeal({ body: deal });
    const path = { id: made.data.id };
    door.next(mischief);
    const error = await thrown(ringfence.updateDeal({ path, headers: ifMatch(made), body: { stage: 'won' } }));
    expect(error).toBeInstanceOf(mischief === loseAnswer ? ConnectionError : ProblemError);
    expect(door.seen).toHaveLength(1);
  });

  it('is not a sign-in: a repeat could be a second guess', async () => {
    const open = createRingfence({ baseUrl: door.url, retry: QUICK });
    const body = { email: a.users.owner.email, password: 'wrong' };
    for (const mischief of [drop, refuse(429, 'too_many_attempts', { 'retry-after': '0' })]) {
      door.next(mischief);
      await thrown(open.login({ body }));
      expect(door.seen).toHaveLength(1);
      expect(door.seen[0]?.headers).not.toHaveProperty('idempotency-key');
    }
  });
});

describe('waiting', () => {
  it('ends when the attempt takes too long', async () => {
    const silent = await Door.before(held.app.url);
    db.beforeDrop(() => silent.close());
    silent.next(hang, hang);
    let attempts = 0;
    const hasty = createRingfence({
      baseUrl: silent.url,
      timeoutMs: 50,
      retry: { attempts: 2, baseDelayMs: 1 },
      fetch: (...request) => {
        attempts += 1;
        return fetch(...request);
      },
    });
    expect(await thrown(hasty.livez())).toMatchObject({ name: 'ConnectionError', timedOut: true });
    expect(attempts).toBe(2);
  });

  it('ends when the caller says so: before, while it waits for the answer, and between attempts', async () => {
    const reason = new Error('changed my mind');
    expect(await thrown(ringfence.listDeals({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(door.seen).toHaveLength(0);
    const calls = [
      (signal: AbortSignal) => ringfence.listDeals({ signal }),
      (signal: AbortSignal) => ringfence.deleteDeal({ path: { id: a.id }, headers: { 'If-Match': '*' }, signal }),
    ];
    for (const call of calls) {
      for (const mischief of [hang, refuse(429, 'rate_limited', { 'retry-after': '2' })]) {
        const caller = new AbortController();
        door.next((...all) => {
          setImmediate(() => caller.abort(reason));
          return mischief(...all);
        });
        expect(await thrown(call(caller.signal))).toBe(reason);
        expect(door.seen).toHaveLength(1);
      }
    }
  });
});

describe('a session', () => {
  const expired = async (onTokens?: () => void): Promise<Session> =>
    new Session(
      { ...(await grantTo(held.app, db, a.users.owner.id, { tenant: a.id })), accessToken: 'x' },
      { onTokens },
    );
  const refreshes = (): number => door.seen.filter(({ path }) => path === '/v1/auth/refresh').length;

  it('is refreshed once for ten calls that find their token expired, and goes on with the new tokens', async () => {
    let kept = 0;
    const session = await expired(() => (kept += 1));
    const client = createRingfence({ baseUrl: door.url, session });
    const before = session.tokens;
    await Promise.all(Array.from({ length: 10 }, () => client.listDeals()));
    expect([refreshes(), kept]).toEqual([1, 1]);
    expect(session.tokens?.refreshToken).not.toBe(before?.refreshToken);
    await client.listDeals();
    expect(refreshes()).toBe(1);
  });

  it('survives a refresh whose answer was lost', async () => {
    const client = createRingfence({ baseUrl: door.url, session: await expired() });
    door.next(refuse(401, 'not_authenticated'), loseAnswer);
    await client.listDeals();
    expect(refreshes()).toBe(2);
  });

  it('that has ended is told so, once', async () => {
    const tokens = await grantTo(held.app, db, a.users.owner.id, { tenant: a.id });
    const session = new Session(tokens);
    await held.app.call('POST', '/v1/auth/logout', { token: tokens.accessToken });
    const client = createRingfence({ baseUrl: door.url, session });
    expect(await thrown(client.listDeals())).toMatchObject({ status: 401, code: 'refresh_token_invalid' });
    expect(door.seen).toHaveLength(2);
  });

  it('is not refreshed for a wrong code', async () => {
    const client = createRingfence({ baseUrl: door.url, session: await sessionOf(a.users.admin) });
    door.next(refuse(401, 'code_invalid'));
    expect((await thrown(client.verifyFactor({ body: { code: '000000' } }))).code).toBe('code_invalid');
    expect(door.seen).toHaveLength(1);
  });

  it('is not refreshed for a call whose old token was refused after that', async () => {
    const session = await expired();
    const next = { accessToken: 'next', refreshToken: 'next' };
    const refused = [
      await session.renew('x', async () => next),
      await session.renew('x', () => Promise.reject(new Error('asked twice'))),
    ];
    expect([refused, session.tokens]).toEqual([[true, true], next]);
  });

  it('keeps the tokens of a step-up that came while it was being refreshed', async () => {
    const session = await expired();
    const raised = { accessToken: 'raised', refreshToken: 'raised' };
    await session.renew('x', async () => {
      await session.adopt(raised);
      return { accessToken: 'late', refreshToken: 'late' };
    });
    expect(session.tokens).toEqual(raised);
  });
});

describe('secrets', () => {
  it('are in no error and in no answer that is logged', async () => {
    const key = 'rf_test_0000_sesame';
    const client = createRingfence({ baseUrl: door.url, apiKey: key, retry: { attempts: 1 } });
    door.next(refuse(403, 'permission_missing'), drop, (seen, response) => {
      expect(seen.headers.authorization).toBe(`Bearer ${key}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[],"nextCursor":null}');
    });
    const errors = [await thrown(client.listDeals()), await thrown(client.listDeals())];
    const answer = await client.listDeals();
    const session = new Session({ accessToken: key, refreshToken: key });
    expect(inspect([errors, answer, client, session], { depth: 9, showHidden: true })).not.toContain('sesame');
    for (const broken of [`${key}\n`, '', `${key}\u2028`]) {
      expect(() => createRingfence({ baseUrl: door.url, apiKey: broken })).toThrow(/^apiKey (?!.*sesame)/);
    }
  });

  it('go nowhere else: no request before the options make sense', () => {
    for (const baseUrl of ['', 'localhost:3000', 'ftp://x', 'http://me:sesame@x', 'http://x?key=1']) {
      expect(() => createRingfence({ baseUrl })).toThrow(TypeError);
    }
    expect(() => createRingfence({ baseUrl: 'http://x', apiKey: 'rf_a', session: new Session() })).toThrow(TypeError);
  });
});
