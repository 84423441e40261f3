import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { APP_DATA_SOURCE } from '../../src/database/tokens.js';
import { type Answer, startApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeModule } from '../support/probe.module.js';
import { expectProblem } from '../support/problem.js';
import { converse, send } from '../support/raw-http.js';

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [ProbeModule]);
const { a } = db.world;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const json = { 'content-type': 'application/json' };

interface Refusal {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** One way to every status, those that are refused before a route is found among them. */
const REFUSALS: [name: string, status: number, code: string, how: (token: string) => Refusal][] = [
  ['a field that fails', 400, 'validation_failed', () => ({ method: 'POST', path: '/v1/auth/login', headers: json, body: '{}' })],
  ['JSON that is none', 400, 'malformed_request', () => ({ method: 'POST', path: '/v1/auth/login', headers: json, body: '{"a"' })],
  ['bytes that are no UTF-8', 400, 'invalid_text', () => ({ method: 'POST', path: '/v1/auth/login', headers: json, body: Buffer.from('{"email":"\xff"}', 'latin1') })],
  ['a path that cannot be decoded', 400, 'malformed_request', (token) => ({ path: '/v1/deals/%zz', headers: { authorization: `Bearer ${token}` } })],
  ['no token', 401, 'not_authenticated', () => ({ path: '/v1/deals' })],
  ['a right that one lacks', 403, 'permission_missing', (token) => ({ method: 'POST', path: '/v1/deals', headers: { ...json, authorization: `Bearer ${token}` }, body: '{}' })],
  ['a second factor that one lacks', 403, 'aal2_required', (token) => ({ path: '/v1/probe/aal2', headers: { authorization: `Bearer ${token}` } })],
  ['a record that is not there', 404, 'not_found', (token) => ({ path: `/v1/deals/${randomUUID()}`, headers: { authorization: `Bearer ${token}` } })],
  ['a route that is not there', 404, 'not_found', () => ({ path: '/v1/no-such-route' })],
  ['a method that is not there', 404, 'not_found', () => ({ method: 'PUT', path: '/v1/deals' })],
  ['a method that would send back what came', 404, 'not_found', () => ({ method: 'TRACE', path: '/v1/deals' })],
  ['a media type that we cannot give', 406, 'not_acceptable', () => ({ path: '/v1/deals', headers: { accept: 'text/html' } })],
  ['a body that is too large', 413, 'content_too_large', () => ({ method: 'POST', path: '/v1/auth/login', headers: json, body: `{"a":"${'x'.repeat(300_000)}"}` })],
  ['a media type that we do not take', 415, 'unsupported_media_type', () => ({ method: 'POST', path: '/v1/auth/login', headers: { 'content-type': 'text/plain' }, body: '{}' })],
  ['a charset that we do not take', 415, 'unsupported_media_type', () => ({ method: 'POST', path: '/v1/auth/login', headers: { 'content-type': 'application/json; charset=x' }, body: '{}' })],
  ['a coding that we do not take', 415, 'unsupported_media_type', () => ({ method: 'POST', path: '/v1/auth/login', headers: { ...json, 'content-encoding': 'x' }, body: '{}' })],
  ['a coding that is not what it says', 400, 'malformed_request', () => ({ method: 'POST', path: '/v1/auth/login', headers: { ...json, 'content-encoding': 'gzip' }, body: '{}' })],
]; // prettier-ignore

describe('a refusal', () => {
  const ask = async (how: (typeof REFUSALS)[number][3], more: Record<string, string> = {}): Promise<Answer> => {
    const { method = 'GET', path, headers = {}, body } = how(await held.app.token(a.users.viewer.email));
    return send(held.app.url, method, path, { ...headers, ...more }, body);
  };

  it.each(REFUSALS)('is a problem: %s', async (_, status, code, how) => {
    const answer = await ask(how);
    expectProblem(answer, status, code);
    expect(answer.body.instance).toBe(how('').path.includes('/v1/deals/') ? answer.body.instance : how('').path);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.has('www-authenticate')).toBe(status === 401);
  });

  it('has a type whose path leads to what is told of its code, without a sign-in', async () => {
    const { body: refusal } = await held.app.call('GET', '/v1/deals');
    const told = await held.app.call('GET', new URL(refusal.type).pathname);
    const sentence = expect.stringMatching(/^[A-Z].+\.$/);
    expect([told.status, told.body]).toEqual([
      200,
      { code: 'not_authenticated', statuses: [401], meaning: sentence, todo: sentence, operations: expect.any(Array) },
    ]);
    expectProblem(await held.app.call('GET', '/problems/no_such_code'), 404, 'not_found');
  });

  it.each(REFUSALS)('can be found again by its ids: %s', async (_, status, _code, how) => {
    const mine = await ask(how, { 'x-request-id': 'my-id.1', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
    expect([mine.status, mine.headers.get('x-request-id'), mine.body.traceId]).toEqual([status, 'my-id.1', TRACE]);
    expect(mine.headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-(?!00f067aa0ba902b7)[0-9a-f]{16}-0[01]$`));
    const own = await ask(how);
    expect(own.headers.get('x-request-id')).toMatch(UUID);
    expect(own.headers.get('traceparent')).toContain(own.body.traceId);
  });

  it('says which right and which level are missing, and which fields are wrong without their values', async () => {
    const token = await held.app.token(a.users.viewer.email);
    const create = await held.app.call('POST', '/v1/deals', { token, body: {} });
    expect(create.body).toMatchObject({ missingPermission: 'deal:create' });
    expect((await held.app.call('GET', '/v1/probe/aal2', { token })).body).toMatchObject({ requiredAal: 'aal2' });
    const body = { title: 'x'.repeat(201), amount: 'canary', currency: 'canary', surplus: 'canary' };
    const invalid = await held.app.call('POST', '/v1/deals', {
      token: await held.app.token(a.users.owner.email),
      body,
    });
    expectProblem(invalid, 400, 'validation_failed');
    expect(invalid.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(
      ['amount', 'currency', 'surplus', 'title'],
    ); // prettier-ignore
    for (const { message } of invalid.body.errors) expect(message).toEqual(expect.stringMatching(/\S/));
    expect(invalid.text).not.toMatch(/canary|xxx/);
  });

  it('never repeats the query, which may hold what should not be repeated', async () => {
    const answer = await held.app.call('GET', '/v1/deals?access_token=canary#canary');
    expectProblem(answer, 401);
    expect([answer.body.instance, answer.text.includes('canary')]).toEqual(['/v1/deals', false]);
  });

  it('is 503 with Retry-After while there is no connection, and the route works again afterwards', async () => {
    const app = await startApp(db, { APP_POOL_SIZE: '1', POOL_WAIT_MS: '500' });
    const token = await app.token(a.users.viewer.email);
    const source = app.nest.get<{ driver: { master: Pool } }>(APP_DATA_SOURCE, { strict: false });
    const client = await source.driver.master.connect();
    const busy = await app.call('GET', '/v1/deals', { token });
    client.release();
    expectProblem(busy, 503, 'database_busy');
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await app.call('GET', '/v1/deals', { token })).status).toBe(200);
  });

  it('is 500 without a word of why when the fault is ours, and takes the write with it', async () => {
    const token = await held.app.token(a.users.owner.email);
    const before = await db.look('select id from app.deals order by id');
    for (const route of ['fail', 'swallow', 'unserialisable']) {
      const answer = await held.app.call('POST', `/v1/probe/${route}`, { token });
      expectProblem(answer, 500, 'internal_error');
      expect(answer.text).not.toMatch(/planted|BigInt|rolled|commit/i);
    }
    expect(await db.look('select id from app.deals order by id')).toEqual(before);
  });
});

it.each([['range', 'bytes=999999999-'], ['if-match', '"x"'], ['if-unmodified-since', new Date(0).toUTCString()]])(
  'the page of the API is answered whatever condition is set: %s',
  async (name, value) => {
    for (const path of ['/docs', '/docs/library.js', '/docs/icon.png'])
      expect((await send(held.app.url, 'GET', path, { [name]: value })).status).toBe(200);
  },
); // prettier-ignore

describe('the ids of a request', () => {
  const livez = (headers: Record<string, string>): Promise<Answer> => send(held.app.url, 'GET', '/livez', headers);

  it.each(['a b', 'a,b', '<script>', 'é'.repeat(3), 'x'.repeat(65), 'x'.repeat(10_000), '"', '%0d%0aSet-Cookie:a=b'])(
    'are ours when the given one could forge a line: %#',
    async (given) => {
      const answer = await livez({ 'x-request-id': Buffer.from(given).toString('latin1') });
      expect([answer.status, answer.headers.get('x-request-id')]).toEqual([200, expect.stringMatching(UUID)]);
    },
  );

  it.each([
    'garbage',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${TRACE}-00f067aa0ba902b7-01-more`,
    `00-${TRACE}-00f067aa0ba902b7`,
    'x'.repeat(10_000),
  ])('start a trace of their own when traceparent is none (W3C Trace Context 3.2): %#', async (given) => {
    const answer = await livez({ traceparent: given });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('traceparent')).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/);
    expect(answer.headers.get('traceparent')).not.toContain(TRACE);
  });

  it.each([
    ['its length and its chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a coding that is none', 'Transfer-Encoding: x, chunked, x'],
    ['a length that is none', 'Content-Length: +5'],
  ])('belong to one request: a message that ends in two ways is refused by %s', async (_, framing) => {
    const smuggled = `0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n`;
    const head = `POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`;
    const answers = await converse(held.app.url, head + smuggled);
    expect(answers).toMatch(/^HTTP\/1\.1 400 /);
    expect(answers.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('cannot carry a header of the client into the answer, and a head that is too large ends in 4xx', async () => {
    const ask = (header: string): Promise<string> =>
      converse(held.app.url, `GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n\r\n`);
    expect(await ask('X-Request-Id: plain-id')).toMatch(/^HTTP\/1\.1 200 [^]*X-Request-Id: plain-id\r\n/i);
    for (const forged of ['a\r\n Set-Cookie: a=b', 'a\nSet-Cookie: a=b', 'a\rSet-Cookie: a=b', 'a\0b']) {
      expect((await ask(`X-Request-Id: ${forged}`)).split('\r\n\r\n')[0]).not.toMatch(/set-cookie/i);
    }
    expect(await ask(`X-Huge: ${'x'.repeat(17_000)}`)).toMatch(
      /^HTTP\/1\.1 431 [^]*X-Content-Type-Options: nosniff\r\n/,
    );
    expect(await ask('X-Request-Id: still-there')).toMatch(/^HTTP\/1\.1 200 /);
  });
});
