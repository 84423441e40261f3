import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { randomUUID } from 'node:crypto';
import { AuthDb } from '../../src/database/index.js';
import { capabilityOf, Grants } from '../../src/modules/identity/index.js';
import { startApp, type TestApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import type { Tenant } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b, both, nobody } = db.world;
const { login, me, deals, refresh, switchTo } = authCalls(held);
let admin: string;

const mine = (token: string, query = '') => held.app.call('GET', `/v1/tenants${query}`, { token });
const current = (token: string, headers?: Record<string, string>) =>
  held.app.call('GET', '/v1/tenants/current', { token, headers });
const change = (body: unknown, token = admin, ifMatch = '*') =>
  held.app.call('PATCH', '/v1/tenants/current', { token, body, headers: { 'If-Match': ifMatch } });
const settings = async (wish: object): Promise<void> => {
  const { status, text } = await change({ settings: wish });
  if (status !== 200) throw new Error(text);
};
const tokenOf = async (id: string, wish: Parameters<typeof grantTo>[3] = {}): Promise<string> =>
  (await grantTo(held.app, db, id, wish)).accessToken;

beforeAll(async () => {
  admin = await tokenOf(a.users.admin.id, { aal: 2 });
});

beforeEach(() =>
  db.look(
    `update app.tenants set name = 'Tenant ' || slug, status = 'active', min_aal = 1, session_hours = null,
            session_idle_minutes = null`,
  ),
);

describe('one’s own tenants', () => {
  it('are listed by slug with one’s role, whatever tenant the session is in, or none', async () => {
    const expected = [
      { id: a.id, slug: 'alpha', name: 'Tenant alpha', status: 'active', role: 'member' },
      { id: b.id, slug: 'beta', name: 'Tenant beta', status: 'active', role: 'viewer' },
    ];
    for (const tenant of [undefined, 'alpha', 'beta']) {
      const { status, body, headers } = await mine(await tokenOf(both.id, { tenant }));
      expect([status, body]).toEqual([200, { items: expected, nextCursor: null }]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect((await mine(await tokenOf(nobody.id))).body).toEqual({ items: [], nextCursor: null });
    expect((await mine(await tokenOf(a.users.owner.id))).body.items).toMatchObject([{ id: a.id, role: 'owner' }]);
  });

  it('come in pages, whose cursor is one person’s', async () => {
    const token = await tokenOf(both.id);
    const first = await mine(token, '?limit=1');
    expect([first.body.items[0].slug, first.headers.get('link')]).toEqual(['alpha', expect.stringContaining('next')]);
    const second = await mine(token, `?limit=1&cursor=${first.body.nextCursor}`);
    expect([second.body.items[0].slug, second.body.nextCursor]).toEqual(['beta', null]);
    const other = await newcomer(db, [a, 'viewer'], [b, 'viewer']);
    expectProblem(await mine(await tokenOf(other.id), `?cursor=${first.body.nextCursor}`), 400, 'cursor_invalid');
    expectProblem(await mine(token, '?limit=0'), 400);
    expectProblem(await mine(token, '?x=1'), 400);
  });

  it('are for a live session only', async () => {
    expectProblem(await held.app.call('GET', '/v1/tenants'), 401);
    const { accessToken } = await grantTo(held.app, db, both.id);
    await db.look('delete from auth.sessions where user_id = $1', [both.id]);
    expectProblem(await mine(accessToken), 401, 'session_ended');
  });
});

describe('the current tenant', () => {
  it('is read by every standard role, with its ETag', async () => {
    const { status, body, headers } = await current(await tokenOf(a.users.viewer.id));
    expect([status, body]).toEqual([
      200,
      {
        id: a.id,
        slug: 'alpha',
        name: 'Tenant alpha',
        status: 'active',
        settings: { requireAal2: false, sessionIdleMinutes: null, sessionHours: null },
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ]);
    const etag = headers.get('etag') as string;
    expect((await current(admin, { 'If-None-Match': etag })).status).toBe(304);
  });

  it('is not there without a tenant', async () => {
    expectProblem(await current(await tokenOf(nobody.id)), 403, 'tenant_required');
    expectProblem(await change({ name: 'X' }, await tokenOf(nobody.id, { aal: 2 })), 403, 'tenant_required');
  });

  it('is changed field by field; what is left out stays', async () => {
    const before = await current(admin);
    const etag = before.headers.get('etag') as string;
    const renamed = await change({ name: 'Alpha & Sons' }, admin, etag);
    expect([renamed.status, renamed.body]).toEqual([
      200,
      { ...before.body, name: 'Alpha & Sons', updatedAt: expect.any(String) },
    ]);
    expect(renamed.headers.get('etag')).not.toBe(etag);
    const set = await change({ settings: { sessionHours: 4, sessionIdleMinutes: 15 } });
    expect(set.body).toMatchObject({ name: 'Alpha & Sons', settings: { sessionHours: 4, sessionIdleMinutes: 15 } });
    const cleared = await change({ settings: { sessionHours: null } });
    expect(cleared.body.settings).toEqual({ requireAal2: false, sessionHours: null, sessionIdleMinutes: 15 });
    expect((await current(admin)).body).toEqual(cleared.body);
    expect((await current(await tokenOf(b.users.admin.id))).body).toMatchObject({
      name: 'Tenant beta',
      settings: { sessionIdleMinutes: null },
    });
  });

  it('is changed from admin up, at AAL2, at the version that was read', async () => {
    const body = { name: 'Not this' };
    expectProblem(await change(body, await tokenOf(a.users.admin.id)), 403, 'aal2_required');
    for (const role of ['member', 'viewer'] as const) {
      const refused = await change(body, await tokenOf(a.users[role].id, { aal: 2 }));
      expectProblem(refused, 403, 'permission_missing');
      expect(refused.body.missingPermission).toBe('tenant:update');
    }
    expectProblem(
      await held.app.call('PATCH', '/v1/tenants/current', { token: admin, body }),
      428,
      'if_match_required',
    );
    for (const tag of ['"v0"', '"v999999"', 'W/"v1"']) expectProblem(await change(body, admin, tag), 412);
    expect((await current(admin)).body.name).toBe('Tenant alpha');
  });

  it('says so in the document, where the guard reads it too', async () => {
    const { paths } = (await held.app.call('GET', '/openapi.json')).body;
    expect(paths['/v1/tenants/current'].patch).toMatchObject({ 'x-permission': 'tenant:update', 'x-aal': 'aal2' });
    expect(paths['/v1/members/{userId}'].delete).toMatchObject({ 'x-permission': 'member:delete', 'x-aal': 'aal2' });
    expect(paths['/v1/members/me'].delete['x-permission']).toBeUndefined();
  });

  it.each([
    {},
    { name: '' },
    { name: ' ' },
    { name: null },
    { name: 'x'.repeat(201) },
    { slug: 'A' },
    { slug: 'a' },
    { slug: 'a--b' },
    { slug: '-ab' },
    { slug: 'ab-' },
    { slug: 'a b' },
    { slug: 'ab\n' },
    { slug: 'x'.repeat(41) },
    { slug: null },
    { slug: b.id },
    { status: 'suspended' },
    { id: b.id },
    { settings: null },
    { settings: [] },
    { settings: {} },
    { settings: 'x' },
    { settings: { requireAal2: 'true' } },
    { settings: { requireAal2: null } },
    { settings: { requireAal2: 1 } },
    { settings: { sessionHours: 0 } },
    { settings: { sessionHours: 13 } },
    { settings: { sessionHours: 1.5 } },
    { settings: { sessionHours: '4' } },
    { settings: { sessionIdleMinutes: 4 } },
    { settings: { sessionIdleMinutes: 31 } },
    { settings: { sessionIdleMinutes: [5] } },
    { settings: { minAal: 2 } },
    { settings: { sessionHours: 4, more: 1 } },
  ])('refuses %j', async (body) => {
    const before = (await current(admin)).body;
    expectProblem(await change(body), 400);
    expect((await current(admin)).body).toEqual(before);
  });
});

describe('the slug', () => {
  it('is what one signs in to from then on', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const changed = await change({ slug: 'alpha-2' });
    expect([changed.status, changed.body.slug]).toEqual([200, 'alpha-2']);
    expect((await login(person.email, { tenant: 'alpha-2' })).body.tenant).toMatchObject({ id: a.id });
    expectProblem(await login(person.email, { tenant: 'alpha' }), 403, 'not_a_member');
    expect((await change({ slug: 'alpha' })).status).toBe(200);
  });

  it('that another tenant has is taken, and nothing is changed', async () => {
    expectProblem(await change({ slug: 'beta', name: 'Other' }), 409, 'already_exists');
    expect((await current(admin)).body).toMatchObject({ slug: 'alpha', name: 'Tenant alpha' });
  });
});

describe('a tenant that demands a second factor', () => {
  it('refuses whoever has given none, at the next statement, and lets them in again when it no longer does', async () => {
    const token = await tokenOf(a.users.member.id);
    const sure = await tokenOf(a.users.member.id, { aal: 2 });
    const elsewhere = await tokenOf(b.users.member.id);
    expect((await deals(token)).status).toBe(200);
    await settings({ requireAal2: true });
    expectProblem(await deals(token), 403, 'aal2_required');
    expect((await deals(sure)).status).toBe(200);
    expect((await deals(elsewhere)).status).toBe(200);
    expect((await current(admin)).body.settings.requireAal2).toBe(true);
    const fresh = await login(a.users.member.email);
    expect(fresh.body.mfaRequired).toBe(true);
    expectProblem(await deals(fresh.body.accessToken), 403, 'aal2_required');
    expect((await mine(token)).status).toBe(200); // what concerns the person goes on
    await settings({ requireAal2: false });
    expect((await deals(token)).status).toBe(200);
  });
});

interface Ends {
  absolute: number;
  idle: number;
}

/** When a session ends, in seconds from now. */
async function endsOf(tokens: Tokens): Promise<Ends> {
  const [row] = await db.look<Ends>(
    `select extract(epoch from expires_at - now())::float8 as absolute,
            extract(epoch from idle_expires_at - now())::float8 as idle from auth.sessions where id = $1`,
    [sessionIdOf(tokens)],
  );
  return row as Ends;
}

const about = (seconds: number) => ({ from: seconds - 30, to: seconds });
function expectEnds(ends: Ends, absolute: number, idle: number): void {
  for (const [value, { from, to }] of [
    [ends.absolute, about(absolute)],
    [ends.idle, about(idle)],
  ] as const) {
    expect(value).toBeGreaterThan(from);
    expect(value).toBeLessThanOrEqual(to);
  }
}

/** A session as it would be, had it begun and last been refreshed so long ago. */
async function aged(tokens: Tokens, began: string, refreshed = '0 seconds'): Promise<Tokens> {
  const id = sessionIdOf(tokens);
  await db.look(
    'update auth.sessions set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval where id = $1',
    [id, began],
  );
  await db.look('update auth.refresh_tokens set created_at = created_at - $2::interval where session_id = $1', [
    id,
    refreshed,
  ]);
  return tokens;
}

const session = (tenant: Tenant = a, app: TestApp = held.app): Promise<Tokens> =>
  grantTo(app, db, both.id, { tenant: tenant.id });

describe('how long sessions last', () => {
  const HOUR = 3600;

  it('is the installation’s word where the tenant says nothing', async () => {
    expectEnds(await endsOf(await session()), 12 * HOUR, 1800);
  });

  it('is the tenant’s for its new sessions, and for no others', async () => {
    await settings({ sessionHours: 2, sessionIdleMinutes: 10 });
    expectEnds(await endsOf(await session()), 2 * HOUR, 600);
    expectEnds(await endsOf(await session(b)), 12 * HOUR, 1800);
    expectEnds(await endsOf(await grantTo(held.app, db, both.id)), 12 * HOUR, 1800);
  });

  it('is the installation’s where that is less', async () => {
    const app = await startApp(db, { SESSION_TTL: '1800', SESSION_IDLE_TTL: '120' });
    await settings({ sessionHours: 12, sessionIdleMinutes: 30 });
    expectEnds(await endsOf(await session(a, app)), 1800, 120);
  });

  it('is less from the next refresh on, when it is lowered', async () => {
    const tokens = await aged(await session(), '1 hour');
    const other = await aged(await session(b), '1 hour');
    await settings({ sessionHours: 3, sessionIdleMinutes: 5 });
    expectEnds(await endsOf(tokens), 11 * HOUR, 1800);
    const next = await refresh(tokens.refreshToken);
    expect(next.status).toBe(200);
    expectEnds(await endsOf(next.body), 2 * HOUR, 300);
    expectEnds(await endsOf((await refresh(other.refreshToken)).body), 11 * HOUR, 1800);
    await settings({ sessionHours: null, sessionIdleMinutes: null });
    const later = (await refresh(next.body.refreshToken)).body as Tokens;
    expectEnds(await endsOf(later), 2 * HOUR, 1800); // an end that was set does not move away
  });

  it.each([
    ['began too long ago', { sessionHours: 1 }, '61 minutes', '0 seconds'],
    ['was not heard of for too long', { sessionIdleMinutes: 5 }, '20 minutes', '6 minutes'],
  ])('ends a session that %s, at its refresh', async (_, wish, began, refreshed) => {
    const tokens = await aged(await session(), began, refreshed);
    const other = await aged(await session(b), began, refreshed);
    await settings(wish);
    expect((await deals(tokens.accessToken)).status).toBe(200);
    expectProblem(await refresh(tokens.refreshToken), 401, 'refresh_token_invalid');
    expectProblem(await deals(tokens.accessToken), 401, 'session_ended');
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  it('counts for a session that moves there, and refuses one that is too old for it', async () => {
    await settings({ sessionHours: 1, sessionIdleMinutes: 5 });
    const young = await switchTo((await aged(await session(b), '30 minutes')).accessToken, 'alpha');
    expect(young.status).toBe(200);
    expectEnds(await endsOf(young.body), HOUR / 2, 300);
    const old = await aged(await session(b), '2 hours');
    expectProblem(await switchTo(old.accessToken, 'alpha'), 401, 'session_too_old');
    expect((await me(old.accessToken)).body.tenant).toMatchObject({ slug: 'beta' });
    expect((await refresh(old.refreshToken)).status).toBe(200);
  });

  it('counts at a step-up', async () => {
    const stepUp = (tokens: Tokens): Promise<Tokens> => {
      const { nest } = held.app;
      const principal = { cap: capabilityOf(tokens.accessToken) } as Parameters<Grants['stepUp']>[1];
      return nest
        .get(AuthDb, { strict: false })
        .transaction((tx) => nest.get(Grants, { strict: false }).stepUp(tx, principal, ['otp']));
    };
    const [young, old] = [await aged(await session(), '1 hour'), await aged(await session(), '3 hours')];
    await settings({ sessionHours: 2, sessionIdleMinutes: 5 });
    expectEnds(await endsOf(await stepUp(young)), HOUR, 300);
    await expect(stepUp(old)).rejects.toMatchObject({ status: 401, code: 'session_too_old' });
  });

  it('leaves a client time: the access token ends before the session is idle', async () => {
    await settings({ sessionIdleMinutes: 5 });
    const { accessToken } = await session();
    const { exp, iat } = decodeJwt(accessToken) as { exp: number; iat: number };
    expect(exp - iat).toBeLessThanOrEqual(150);
    const other = decodeJwt((await session(b)).accessToken) as { exp: number; iat: number };
    expect(other.exp - other.iat).toBeGreaterThan(590);
  });
});

describe('a suspended tenant', () => {
  const suspend = (status = 'suspended') => db.look('update app.tenants set status = $2 where id = $1', [a.id, status]);

  it('is refused at sign-in, at refresh, at a switch and to every live token, until it is resumed', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    const here = await held.app.tokens(person.email, 'alpha');
    const there = await held.app.tokens(person.email, 'beta');
    await suspend();
    expectProblem(await login(person.email, { tenant: 'alpha' }), 403, 'tenant_suspended');
    expectProblem(await login(person.email, { tenant: a.id }), 403, 'tenant_suspended');
    expectProblem(await refresh(here.refreshToken), 403, 'tenant_suspended');
    expectProblem(await switchTo(there.accessToken, 'alpha'), 403, 'tenant_suspended');
    for (const [method, path] of [
      ['GET', '/v1/deals'],
      ['GET', '/v1/tenants/current'],
      ['GET', '/v1/members'],
      ['DELETE', '/v1/members/me'],
    ] as const) {
      expectProblem(await held.app.call(method, path, { token: here.accessToken }), 403, 'tenant_suspended');
    }
    expect((await deals(there.accessToken)).status).toBe(200);
    expect((await mine(here.accessToken)).body.items).toMatchObject([
      { slug: 'alpha', status: 'suspended' },
      { slug: 'beta', status: 'active' },
    ]);
    await suspend('active');
    expect((await deals(here.accessToken)).status).toBe(200);
    expect((await refresh(here.refreshToken)).status).toBe(200);
    expect((await switchTo(there.accessToken, 'alpha')).status).toBe(200);
  });

  it('is not where somebody lands who names none', async () => {
    const only = await newcomer(db, [a, 'member']);
    const two = await newcomer(db, [a, 'member'], [b, 'member']);
    await suspend();
    expect((await login(only.email)).body).toMatchObject({ tenant: null, tenants: [{ status: 'suspended' }] });
    expect((await login(two.email)).body.tenant).toMatchObject({ slug: 'beta' });
  });

  it('tells somebody else no more than one that does not exist', async () => {
    const stranger = await newcomer(db, [b, 'member']);
    const { accessToken: token } = await grantTo(held.app, db, stranger.id, { tenant: 'beta' });
    await suspend();
    expect(told(await switchTo(token, 'alpha'))).toEqual(told(await switchTo(token, 'no-such-tenant')));
    expect(told(await switchTo(token, a.id))).toEqual(told(await switchTo(token, randomUUID())));
  });
});
