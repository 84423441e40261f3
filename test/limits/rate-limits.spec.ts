import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Agent, get } from 'node:http';
import { Config } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { AuthDb, LimitsDb } from '../../src/database/index.js';
import { newKey } from '../../src/modules/api-keys/key-text.js';
import { AccessTokens } from '../../src/modules/identity/index.js';
import { plantKey } from '../support/api-keys.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { ProbeModule } from '../support/probe.module.js';
import { PASSWORD, type Person } from '../support/world.js';

const { db } = useDatabase();
const { a, b } = db.world;
const PRINCIPAL = 60;
const TENANT = 100;
const ADDRESS = 10;
const REFUSED = process.env['SCALE'] ? 1_000 : 200;
const env = {
  RATE_LIMIT_PRINCIPAL: String(PRINCIPAL),
  RATE_LIMIT_TENANT: String(TENANT),
  RATE_LIMIT_ADDRESS: String(ADDRESS),
  TRUST_PROXY: 'loopback',
  APP_POOL_SIZE: '2',
  AUTH_POOL_SIZE: '2',
};

/** Two servers, each with its own memory, on one database. */
let pods: [TestApp, TestApp];
const tokens = new Map<string, string>();
let addresses = 0;

const signIn = (app: TestApp, { email }: Person, from: string, password = PASSWORD): Promise<Answer> =>
  app.call('POST', '/v1/auth/login', { body: { email, password }, headers: { 'X-Forwarded-For': from } });
const newAddress = (): string => `203.0.113.${(addresses += 1)}`;
const tokenOf = async (user: Person): Promise<string> => {
  const known = tokens.get(user.email);
  if (known) return known;
  const { body } = await signIn(pods[0], user, newAddress());
  tokens.set(user.email, body.accessToken);
  return body.accessToken;
};
const idle = async (app: TestApp, user: Person): Promise<Answer> =>
  app.call('GET', '/v1/probe/idle', { token: await tokenOf(user) });
const many = (times: number, one: (n: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => one(n)));
const statuses = (answers: Answer[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

beforeAll(async () => {
  pods = await Promise.all([startApp(db, env, undefined, [ProbeModule]), startApp(db, env, undefined, [ProbeModule])]);
  for (const user of [a.users.member, a.users.owner, a.users.admin, b.users.admin, b.users.owner, b.users.viewer]) {
    await tokenOf(user);
  }
});

/** `"principal";q=60;w=60, ...` as { principal: { q: 60, w: 60 } } */
const parsed = (header: string | null): Record<string, Record<string, number>> =>
  Object.fromEntries(
    (header ?? '').split(', ').map((item) => {
      const [name = '', ...parameters] = item.split(';');
      return [JSON.parse(name), Object.fromEntries(parameters.map((one) => [one[0], Number(one.slice(2))]))];
    }),
  );

describe('limits on requests', () => {
  it('are told with every answer, those of refused requests as well', async () => {
    const answer = await idle(pods[0], b.users.owner);
    expect(answer.headers.get('ratelimit-policy')).toBe('"principal";q=60;w=60, "tenant";q=100;w=60');
    const { principal, tenant } = parsed(answer.headers.get('ratelimit'));
    expect(principal).toEqual({ r: 59, t: expect.any(Number) });
    expect(tenant).toEqual({ r: 99, t: expect.any(Number) });
    expect([principal?.['t'], tenant?.['t']].every((t) => t! >= 1 && t! <= 60)).toBe(true);
    const refused = await pods[0].call('GET', '/v1/deals?unknown=1', { token: await tokenOf(b.users.owner) });
    expectProblem(refused, 400);
    expect(parsed(refused.headers.get('ratelimit'))['principal']?.['r']).toBe(58);
  });

  it('hold for a person over both servers together, and each of them knows it', async () => {
    const answers = await many(2 * PRINCIPAL, (n) => idle(pods[n % 2] as TestApp, a.users.member));
    expect(statuses(answers)).toEqual({ 200: PRINCIPAL, 429: PRINCIPAL });
    for (const pod of pods) {
      const refused = await idle(pod, a.users.member);
      expectProblem(refused, 429, 'rate_limited');
      const { principal } = parsed(refused.headers.get('ratelimit'));
      expect(principal).toEqual({ r: 0, t: Number(refused.headers.get('retry-after')) });
    }
  });

  it('hold for a tenant with all its members, and for no other tenant', async () => {
    const answers = await many(TENANT, (n) => idle(pods[n % 2] as TestApp, n % 4 < 2 ? a.users.owner : a.users.admin));
    expect(statuses(answers)).toEqual({ 200: TENANT - PRINCIPAL, 429: PRINCIPAL });
    for (const pod of pods) {
      const refused = await idle(pod, a.users.owner);
      expectProblem(refused, 429, 'rate_limited');
      expect(parsed(refused.headers.get('ratelimit'))).toMatchObject({ tenant: { r: 0 } });
      expect((await idle(pod, b.users.owner)).status).toBe(200);
    }
  });

  it('take no connection: hundreds are refused, and the pools of two are as free as before', async () => {
    const answers = await many(REFUSED, (n) => idle(pods[n % 2] as TestApp, a.users.member));
    expect(statuses(answers)).toEqual({ 429: REFUSED });
    const admin = await db.as('admin');
    const busy = await admin.query(
      `select from pg_stat_activity where datname = current_database() and state <> 'idle'
          and application_name in ('ringfence-app', 'ringfence-auth', 'ringfence-limits')`,
    );
    expect(busy.rowCount).toBe(0);
    const list = await pods[0].call('GET', '/v1/deals', { token: await tokenOf(b.users.owner) });
    expect(list.status).toBe(200);
  });

  it('are smaller for what costs more, and leave the rest of the API open', async () => {
    const token = await tokenOf(b.users.admin);
    const explain = (n: number): Promise<Answer> =>
      (pods[n % 2] as TestApp).call('POST', '/v1/access/explain', { token, body: { permission: 'deal:read' } });
    const answers = await many(10, explain);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(4); // 60 a minute where a person has 600, so 6 where they have 60
    expectProblem(refused[0] as Answer, 429, 'rate_limited');
    expect(refused[0]?.headers.get('ratelimit-policy')).toBe(
      '"route";q=6;w=60, "principal";q=60;w=60, "tenant";q=100;w=60',
    );
    expect((await idle(pods[0], b.users.admin)).status).toBe(200);
  });

  it('are kept under keys that tell nobody', async () => {
    const rows = await db.look<{ length: number }>('select distinct octet_length(key) as length from auth.rate_limits');
    expect(rows).toEqual([{ length: 32 }]);
    const plain = ['address:203.0.113.1', '203.0.113.1', `user:${b.users.owner.id}`, `tenant:${b.id}`];
    const found = await db.look(
      'select from auth.rate_limits where key = any (select sha256(convert_to(p, $2)) from unnest($1::text[]) p)',
      [plain, 'UTF8'],
    );
    expect(found).toEqual([]);
  });
});

describe('limits on addresses', () => {
  it('hold for sign-in over both servers, right password or wrong, and not for the next address', async () => {
    const from = newAddress();
    const answers = await many(2 * ADDRESS, (n) => signIn(pods[n % 2] as TestApp, b.users.viewer, from));
    expect(statuses(answers)).toEqual({ 200: ADDRESS, 429: ADDRESS });
    const refused = await signIn(pods[1], b.users.viewer, from);
    expectProblem(refused, 429, 'rate_limited');
    expect(parsed(refused.headers.get('ratelimit-policy'))).toEqual({ address: { q: ADDRESS, w: 60 } });
    expect((await signIn(pods[1], b.users.viewer, newAddress())).status).toBe(200);
  });

  it('count a /64 of IPv6 as one', async () => {
    const answers = await many(ADDRESS + 3, (n) => signIn(pods[0], b.users.viewer, `2001:db8:1:2::${n + 1}`));
    expect(statuses(answers)).toEqual({ 200: ADDRESS, 429: 3 });
    expect((await signIn(pods[0], b.users.viewer, '2001:db8:1:3::1')).status).toBe(200);
  });

  it('do not believe an address that no proxy wrote', async () => {
    const open = await startApp(db, { ...env, TRUST_PROXY: '' });
    const answers = await many(ADDRESS + 5, () => signIn(open, b.users.viewer, newAddress()));
    expect(statuses(answers)).toEqual({ 200: ADDRESS, 429: 5 });
  });

  it('hold for tokens that nobody signed, and neither for good ones, nor for none, nor for other addresses', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const list = (token?: string, more = headers): Promise<Answer> =>
      pods[0].call('GET', '/v1/deals?limit=1', { token, headers: more });
    expect(statuses(await many(2 * ADDRESS, () => list()))).toEqual({ 401: 2 * ADDRESS });
    expect(statuses(await many(2 * ADDRESS, (n) => list(`garbage.${n}.x`)))).toEqual({ 401: ADDRESS, 429: ADDRESS });
    expectProblem(await list('garbage'), 429, 'rate_limited');
    expectProblem(await list('garbage', { 'X-Forwarded-For': newAddress() }), 401);
    expect((await list(await tokenOf(b.users.viewer))).status).toBe(200);
  });

  it('hold for API keys that nobody has, over both servers, and then the database is not asked for one', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const { text } = newKey(pods[0].nest.get(Config).apiKeyEnvironment);
    const list = (n: number, token: string): Promise<Answer> =>
      (pods[n % 2] as TestApp).call('GET', '/v1/deals?limit=1', { token, headers });
    const made = await many(2 * ADDRESS, (n) => list(n, newKey(pods[0].nest.get(Config).apiKeyEnvironment).text));
    expect(statuses(made)).toEqual({ 401: ADDRESS, 429: ADDRESS });
    const asked = pods.map((pod) => jest.spyOn(pod.nest.get(AuthDb), 'query'));
    for (const n of [0, 1]) expectProblem(await list(n, text), 429, 'rate_limited');
    expect(asked.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    asked.forEach((spy) => spy.mockRestore());
  });

  it('hold for them in a burst, so that sign-in keeps its connections', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const environment = pods[0].nest.get(Config).apiKeyEnvironment;
    const agent = new Agent({ keepAlive: true, maxSockets: 8 * ADDRESS });
    const status = (path: string, token = ''): Promise<number> =>
      new Promise((resolve, reject) => {
        const auth = token && { authorization: `Bearer ${token}` };
        get(pods[0].url + path, { agent, headers: { ...headers, ...(auth || {}) } }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        }).once('error', reject);
      });
    const burst = (one: () => Promise<number>): Promise<number[]> =>
      Promise.all(Array.from({ length: 8 * ADDRESS }, one));
    await burst(() => status('/livez')); // connections that are open come in at once
    const asked = jest.spyOn(pods[0].nest.get(AuthDb), 'query');
    const answers = await burst(() => status('/v1/deals?limit=1', newKey(environment).text));
    const questions = asked.mock.calls.length;
    asked.mockRestore();
    agent.destroy();
    expect(answers.filter((one) => one === 401)).toHaveLength(ADDRESS);
    expect(questions).toBeLessThanOrEqual(ADDRESS + 1);
  });

  it('hold for what is no key without asking anybody, and leave the good keys of that address alone', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const { key } = await plantKey(db, b, b.users.owner, ['deal:read']);
    const list = (token: string): Promise<Answer> => pods[0].call('GET', '/v1/deals?limit=1', { token, headers });
    const asked = [AuthDb, LimitsDb].map((one) => jest.spyOn(pods[0].nest.get<AuthDb | LimitsDb>(one), 'query'));
    expect(statuses(await many(2 * ADDRESS, (n) => list(`rf_${n}`)))).toEqual({ 401: ADDRESS, 429: ADDRESS });
    expect(asked.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    asked.forEach((spy) => spy.mockRestore());
    expect((await list(key)).status).toBe(200);
    await many(ADDRESS, () => list(newKey(pods[0].nest.get(Config).apiKeyEnvironment).text));
    // what this server knows of it has expired: it was a key, and is asked for
    const clock = jest.spyOn(pods[0].nest.get(Clock), 'now').mockReturnValue(Date.now() + 61_000);
    const later = await list(key).finally(() => clock.mockRestore());
    expect(later.status).toBe(200);
  });

  it('are ten times as wide for tokens that have expired', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    const past = Math.floor(Date.now() / 1000) - 60;
    const token = await pods[0].nest.get(AccessTokens).issue({
      ...{ sub: b.users.viewer.id, sid: b.users.viewer.id, auth_time: past, exp: past, aal: 'aal1', amr: ['pwd'] },
      ...{ tenant_id: b.id, role_id: null, role: null },
    });
    const answers = await many(11 * ADDRESS, () => pods[0].call('GET', '/v1/deals?limit=1', { token, headers }));
    expect(statuses(answers)).toEqual({ 401: 10 * ADDRESS, 429: ADDRESS });
  });

  it('leave alone what the platform asks, and what is static', async () => {
    const headers = { 'X-Forwarded-For': newAddress() };
    for (const path of [
      '/livez',
      '/readyz',
      '/.well-known/jwks.json',
      '/docs/',
      '/openapi.json',
      '/account/account.css',
    ]) {
      const answers = await many(ADDRESS + 2, () => pods[0].call('GET', path, { headers }));
      expect([path, statuses(answers)]).toEqual([path, { 200: ADDRESS + 2 }]);
      expect(answers[0]?.headers.get('ratelimit')).toBeNull();
    }
  });
});

describe('while the database does not count', () => {
  it('each server counts alone, and nobody waits for it', async () => {
    const viewer = await tokenOf(b.users.viewer);
    await db.service(async (client) => {
      await client.query('lock table auth.rate_limits in access exclusive mode');
      const fresh = await startApp(db, env, undefined, [ProbeModule]);
      const answers = await many(PRINCIPAL + 5, () => fresh.call('GET', '/v1/probe/idle', { token: viewer }));
      expect(statuses(answers)).toEqual({ 200: PRINCIPAL, 429: 5 });
      expect((await signIn(fresh, b.users.viewer, newAddress())).status).toBe(200);
    });
  });
});
