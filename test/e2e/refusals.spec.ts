import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { generateKeyPair, SignJWT, decodeJwt } from 'jose';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { RefusalLog } from '../../src/modules/audit/index.js';
import { RefusalAudit } from '../../src/pipeline/08b-refusal-audit.js';
import { Public } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { type Answer, type Tokens, useApp } from '../support/app.js';
import type { Call } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { ProbeModule } from '../support/probe.module.js';
import { told } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import { converse } from '../support/raw-http.js';

@Controller('v1/broken')
class BrokenController {
  @Get()
  @Public()
  broken(): never {
    throw new Error('planted failure');
  }
}

@Module({ controllers: [BrokenController] })
class BrokenModule {}

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [ProbeModule, BrokenModule]);
const { a, b } = db.world;
const INSTALLATION = '00000000-0000-0000-0000-000000000000';
const RECORD = 'auth.record_audit(uuid, uuid, uuid, uuid, text, text, uuid, text, text, integer, jsonb, jsonb)';

interface Row {
  id: string;
  tenant_id: string;
  actor_type: string;
  actor_id: string | null;
  session_id: string | null;
  action: string;
  target_type: string | null;
  target_id: string | null;
  outcome: string;
  code: string;
  count: number;
  request_id: string | null;
  details: Record<string, unknown>;
}

let admin: Client;
let owner: string;
let viewer: string;

beforeAll(async () => {
  admin = await db.as('admin');
  owner = (await signedIn(a.users.owner.id, 2)).accessToken;
  viewer = (await signedIn(a.users.viewer.id)).accessToken;
});

const signedIn = (userId: string, aal: 1 | 2 = 1): Promise<Tokens> => grantTo(held.app, db, userId, { aal });

/** Everything that did not succeed, oldest first; of one request, if it is named. */
async function rows(requestId?: string): Promise<Row[]> {
  await held.app.nest.get(RefusalLog, { strict: false }).flush();
  return db.look<Row>(
    `select * from app.audit_log where outcome <> 'success' and ($1::text is null or request_id = $1) order by id`,
    [requestId ?? null],
  );
}

const ask = async (method: string, path: string, call: Call = {}): Promise<{ answer: Answer; left: Row[] }> => {
  const requestId = randomUUID();
  const answer = await held.app.call(method, path, {
    ...call,
    headers: { ...call.headers, 'x-request-id': requestId },
  });
  return { answer, left: await rows(requestId) };
};

describe('what is refused or fails leaves one row', () => {
  const deal = a.deals['owner-public'] ?? '';
  const foreign = b.deals['owner-public'] ?? '';
  const twice = () => ({ name: 'Viewer', slug: 'viewer', permissions: [], parentIds: [a.roles.admin] });
  const ROUTE = '/v1/deals/:id';

  it.each([
    ['a right that is missing', 403, 'denied', () => ask('POST', '/v1/deals', { token: viewer, body: {} }), { action: 'deal.created', target_type: 'deal', target_id: null, details: { method: 'POST', route: '/v1/deals', status: 403 } }],
    ['the same, on a record', 403, 'denied', () => ask('DELETE', `/v1/deals/${deal}`, { token: viewer, headers: { 'if-match': '*' } }), { action: 'deal.deleted', target_id: deal, details: { method: 'DELETE', route: ROUTE, status: 403 } }],
    ['a record of another tenant', 404, 'denied', () => ask('GET', `/v1/deals/${foreign}`, { token: owner }), { action: 'deal.read', target_type: 'deal', target_id: foreign, details: { method: 'GET', route: ROUTE, status: 404 } }],
    ['a conflict', 409, 'failure', () => ask('POST', '/v1/roles', { token: owner, body: twice() }), { action: 'role.created', target_type: 'role', code: 'already_exists' }],
    ['a failure of ours', 500, 'failure', () => ask('POST', '/v1/probe/fail', { token: owner }), { action: 'deal.create', code: 'internal_error' }],
  ] as const)('%s', async (_, status, outcome, how, expected) => {
    const { answer, left } = await how();
    expect(answer.status).toBe(status);
    const { sub, sid } = decodeJwt(status === 403 ? viewer : owner);
    const who = { tenant_id: a.id, actor_type: 'user', actor_id: sub, session_id: sid };
    expect(left).toMatchObject([{ ...who, outcome, code: answer.body.code, count: 1, ...expected }]);
    expect(left[0]?.details).not.toHaveProperty('firstAt');
  }); // prettier-ignore

  it('a session that was ended, when its token is still good', async () => {
    const tokens = await signedIn(a.users.member.id);
    expect((await held.app.call('POST', '/v1/auth/logout', { token: tokens.accessToken })).status).toBe(204);
    const { answer, left } = await ask('GET', `/v1/deals/${deal}`, { token: tokens.accessToken });
    expect(answer.body).toMatchObject({ status: 401, code: 'session_ended' });
    const who = { tenant_id: a.id, actor_id: a.users.member.id, session_id: sessionIdOf(tokens) };
    expect(left).toMatchObject([
      { ...who, outcome: 'denied', code: 'session_ended', action: 'deal.read', target_id: deal },
    ]);
  });

  it('in the logs of the person where the session has no tenant, and in the installation’s where it is the platform’s', async () => {
    const none = await signedIn(db.world.nobody.id);
    const where = async (path: string, token: string): Promise<unknown[]> =>
      (await ask('GET', path, { token })).left.map((row) => [row.tenant_id, row.actor_id, row.code]);
    expect(await where('/v1/deals', none.accessToken)).toEqual([[INSTALLATION, db.world.nobody.id, 'tenant_required']]);
    expect(await where('/v1/platform/tenants', owner)).toEqual([[INSTALLATION, a.users.owner.id, 'not_an_operator']]);
    const { left } = await ask('GET', '/v1/broken');
    expect(left).toMatchObject([{ tenant_id: INSTALLATION, actor_type: 'nobody', outcome: 'failure', action: 'request.refused' }]);
  }); // prettier-ignore
});

describe('no row', () => {
  it('is left by what is no refusal of a right, or by whoever proved nothing, whatever tenant they name', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const { kid } = JSON.parse(Buffer.from(owner.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const claims = { ...decodeJwt(owner), tenant_id: b.id };
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
    const [head, , signature] = owner.split('.');
    const swapped = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const calls: [string, string, Call, number][] = [
      ['GET', '/v1/deals', {}, 401],
      ['GET', '/v1/deals', { token: forged }, 401],
      ['GET', '/v1/deals', { token: swapped }, 401],
      ['GET', '/v1/no-such-route', { token: owner }, 404],
      ['PUT', '/v1/deals', { token: owner }, 404],
      ['GET', '/v1/deals?x=1', { token: owner }, 400],
      ['PATCH', `/v1/deals/${a.deals['owner-public']}`, { token: owner, body: { title: 'x' }, headers: { 'if-match': '"999"' } }, 412],
      ['GET', '/no-such-page', {}, 404],
    ]; // prettier-ignore
    for (const [method, path, call, status] of calls) {
      const { answer, left } = await ask(method, path, call);
      expect([path, answer.status, left]).toEqual([path, status, []]);
    }
    for (const header of ['x-tenant-id', 'tenant', 'x-forwarded-tenant']) {
      const { left } = await ask('GET', `/v1/deals/${randomUUID()}`, { token: owner, headers: { [header]: b.id } });
      expect(left.map((row) => row.tenant_id)).toEqual([a.id]);
    }
    expect((await rows()).filter((row) => row.tenant_id === b.id)).toEqual([]);
    const line = jest.spyOn(Logger.prototype, 'log');
    held.app.nest.get(RefusalAudit, { strict: false }).onApplicationShutdown();
    expect(line.mock.calls).toEqual([[expect.stringMatching(/not_authenticated 3$/)]]);
    line.mockRestore();
  });
});

describe('a user agent', () => {
  const deny = (agent: string, requestId: string): Promise<string> =>
    converse(
      held.app.url,
      `GET /v1/deals/${randomUUID()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${owner}\r\n` +
        `X-Request-Id: ${requestId}\r\nUser-Agent: ${agent}\r\n\r\n`,
    );
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');

  it.each([
    ['C1 controls', '\x9b31m\x85\x90evil\x9c', 404],
    ['a turned direction, as UTF-8', bytes('\u202egpj\u2066'), 404],
    ['a lone surrogate, as bytes', '\xed\xa0\x80', 404],
    ['bytes that are no UTF-8', '\xff\xfe\xc0\x80', 404],
    ['JSON and SQL', `"}'); drop table x; --\\u0000\\ud800`, 404],
    ['15,000 characters', 'x'.repeat(15_000 - 1_200), 404],
    ['ESC', '\x1b[2J', 400],
    ['U+0000', 'a\0b', 400],
    ['20,000 characters', 'x'.repeat(20_000), 431],
  ])('is inert in the log, or is refused before there is a request: %s', async (_, agent, status) => {
    const requestId = randomUUID();
    expect(await deny(agent, requestId)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const left = await rows(requestId);
    expect(left).toHaveLength(status === 404 ? 1 : 0);
    if (status !== 404) return;
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    const app = await db.as('app');
    const { rows: opened } = await acting(app, cap, () =>
      app.query<{ value: string }>('select value from app.audit_openings($1)', [left.map(({ id }) => id)]),
    );
    const { address, userAgent } = JSON.parse(opened[0]?.value ?? '') as { address: string; userAgent: string };
    expect(address).toBe('127.0.0.1');
    expect(userAgent.length).toBeGreaterThan(0);
    expect(userAgent.length).toBeLessThanOrEqual(300);
    expect(userAgent).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  });
});

describe('a log that cannot be written', () => {
  const missing = randomUUID();
  const refusals = (): Promise<Answer[]> =>
    Promise.all([
      held.app.call('GET', `/v1/deals/${missing}`, { token: owner }),
      held.app.call('POST', '/v1/deals', { token: viewer, body: {} }),
      held.app.call('POST', '/v1/probe/fail', { token: owner }),
      held.app.call('GET', '/v1/deals', {}),
    ]);

  it('changes no answer, and what could not be written is there once it can be', async () => {
    const usual = (await refusals()).map(told);
    const before = await rows();
    await admin.query(`revoke execute on function ${RECORD} from ringfence_auth`);
    expect((await refusals()).map(told)).toEqual(usual);
    expect(await rows()).toHaveLength(before.length);
    await admin.query(`grant execute on function ${RECORD} to ringfence_auth`);
    expect(await rows()).toHaveLength(before.length + 3);
  });

  it('holds up no answer while it is locked, and takes one connection', async () => {
    const before = await rows();
    await admin.query('begin; lock table app.audit_log in access exclusive mode');
    const asks = `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%auth.record_audit%'`;
    const waiting: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      expect((await refusals()).map(({ status }) => status)).toEqual([404, 403, 500, 401]);
      void held.app.nest.get(RefusalLog, { strict: false }).flush();
      waiting.push((await admin.query<{ n: number }>(asks)).rows[0]?.n ?? 0);
    }
    expect(Math.max(...waiting)).toBe(1);
    await admin.query('rollback');
    expect(await rows()).toHaveLength(before.length + 15);
  });
});

it('a flood leaves a few rows whose counts add up, also of a window that shutdown cuts off', async () => {
  const of = (all: Row[]): Row[] =>
    all.filter(({ code, action }) => code === 'aal2_required' && action === 'deal.read');
  for (let n = 0; n < 10; n += 1) {
    const fifty = await Promise.all(Array.from({ length: 50 }, () => held.app.call('GET', '/v1/probe/aal2', { token: viewer })));
    expect(new Set(fifty.map(({ status }) => status))).toEqual(new Set([403]));
  } // prettier-ignore
  const early = of(await rows());
  expect(early.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(50);
  await held.app.nest.close();
  const all = of(await db.look<Row>('select * from app.audit_log order by id'));
  expect(all.length).toBeLessThan(50);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  const { details, request_id, tenant_id } = all.at(-1) as Row;
  expect([request_id, tenant_id, details['route']]).toEqual([null, a.id, '/v1/probe/aal2']);
  expect(Date.parse(String(details['lastAt']))).toBeGreaterThanOrEqual(Date.parse(String(details['firstAt'])));
});
