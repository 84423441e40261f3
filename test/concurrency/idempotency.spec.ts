import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { operatorToken } from '../support/operators.js';

/* One key, twenty requests at once, two servers on one database: one of them acts, whoever it is. */

const { db } = useDatabase();
const { a } = db.world;
const AT_ONCE = 20;
let pods: TestApp[];
let token: string;

beforeAll(async () => {
  pods = [
    await startApp(db, { APP_POOL_SIZE: '12' }),
    await startApp(db, { APP_POOL_SIZE: '2', POOL_WAIT_MS: '30000' }),
  ];
  token = (await grantTo(pods[0] as TestApp, db, a.users.owner.id, { tenant: a.id })).accessToken;
});

const send = (n: number, path: string, key: string, body: unknown, as = token): Promise<Answer> =>
  (pods[n % 2] as TestApp).call('POST', path, { token: as, body, headers: { 'Idempotency-Key': key } });

/** What came: how many acted, and what each of the others got. */
function tally(answers: Answer[]): { acted: Answer[]; others: Set<string> } {
  const acted = answers.filter(({ status, headers }) => status < 300 && !headers.has('idempotent-replayed'));
  const others = answers.filter((answer) => !acted.includes(answer));
  return {
    acted,
    others: new Set(others.map(({ status, body }) => `${status} ${status < 300 ? body.id : body.code}`)),
  };
}

const deal = (title: string): object => ({ title, amount: '1', currency: 'EUR' });
const titled = async (title: string): Promise<number> =>
  (await db.look('select from app.deals where title = $1', [title])).length;

describe('twenty requests under one key', () => {
  it.each([1, 2, 3])('make one deal (%j)', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => send(n, '/v1/deals', key, deal(key))));
    const { acted, others } = tally(answers);
    expect([acted.length, await titled(key)]).toEqual([1, 1]);
    const id = (acted[0] as Answer).body.id;
    for (const other of others) expect(['409 request_in_flight', `201 ${id}`]).toContain(other);
    expect((await send(0, '/v1/deals', key, deal(key))).text).toBe(acted[0]?.text);
  });

  it('of which each wants something else make one of them', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => send(n, '/v1/deals', key, deal(`${key} ${n}`))),
    );
    const { acted, others } = tally(answers);
    expect(acted).toHaveLength(1);
    expect(await db.look('select from app.deals where starts_with(title, $1)', [key])).toHaveLength(1);
    for (const other of others) expect(['409 request_in_flight', '422 idempotency_key_reused']).toContain(other);
  });

  it('make one tenant, where no transaction of a tenant holds them together', async () => {
    const operator = await operatorToken(pods[0] as TestApp, db);
    const slug = `t-${randomUUID().slice(0, 8)}`;
    const body = { name: 'Raced', slug, adminEmail: 'boss@raced.example' };
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => send(n, '/v1/platform/tenants', slug, body, operator)),
    );
    const { acted, others } = tally(answers);
    expect(acted).toHaveLength(1);
    for (const other of others) expect(['409 request_in_flight', `201 ${acted[0]?.body.id}`]).toContain(other);
  });
});

describe('a pool of two connections', () => {
  it('survives 500 requests that are replayed or refused', async () => {
    const key = randomUUID();
    expect((await send(1, '/v1/deals', key, deal(key))).status).toBe(201);
    const statuses = new Set<number>();
    for (let n = 0; n < 500; n += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => send(1, '/v1/deals', key, deal(i % 2 ? key : 'another'))),
      );
      for (const { status } of answers) statuses.add(status);
    }
    expect([...statuses].sort()).toEqual(expect.arrayContaining([422]));
    expect([...statuses].filter((status) => ![201, 409, 422].includes(status))).toEqual([]);
    expect((await send(1, '/v1/deals', randomUUID(), deal('last'))).status).toBe(201);
    expect(await titled(key)).toBe(1);
  });
});
