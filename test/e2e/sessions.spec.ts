import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startApp, type TestApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { raised, sessionIdOf as sid } from '../support/raise.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const { me, deals, logout, refresh, switchTo } = authCalls(held);

const list = (token: string) => held.app.call('GET', '/v1/auth/sessions', { token });
const end = (token: string, id: string) => held.app.call('DELETE', `/v1/auth/sessions/${id}`, { token });
const endAll = (token: string, query = '') => held.app.call('DELETE', `/v1/auth/sessions${query}`, { token });
const signOut = (token: string, userId: string, app: TestApp = held.app) =>
  app.call('DELETE', `/v1/members/${userId}/sessions`, { token });

async function expectDead(tokens: Tokens): Promise<void> {
  for (const call of [deals, me, list]) expectProblem(await call(tokens.accessToken), 401, 'session_ended');
  expectProblem(await refresh(tokens.refreshToken), 401, 'refresh_token_invalid');
}

async function expectAlive(tokens: Tokens): Promise<void> {
  expect((await me(tokens.accessToken)).status).toBe(200);
}

describe('the list of sessions', () => {
  it('shows one’s own in every tenant, newest first, and which one asks', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    const first = await held.app.tokens(person.email, 'alpha');
    const second = (
      await held.app.call('POST', '/v1/auth/login', {
        body: { email: person.email, password: 'correct horse battery staple', tenant: 'beta' },
        headers: { 'user-agent': 'A browser/1.0' },
      })
    ).body as Tokens;
    const { status, body, headers } = await list(first.accessToken);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      nextCursor: null,
      items: [
        { id: sid(second), current: false, tenantId: b.id, userAgent: 'A browser/1.0', address: '127.0.0.1' },
        { id: sid(first), current: true, tenantId: a.id, aal: 'aal1', amr: ['pwd'] },
      ],
    });
    for (const item of body.items) {
      expect(Date.parse(item.idleExpiresAt)).toBeLessThanOrEqual(Date.parse(item.expiresAt));
      expect(Date.parse(item.createdAt)).toBeLessThanOrEqual(Date.now());
    }
  });

  it('leaves out what has ended, by the clock of the database', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [one, two, three] = [
      await held.app.tokens(person.email),
      await held.app.tokens(person.email),
      await held.app.tokens(person.email),
    ];
    await db.look('update auth.sessions set expires_at = now() where id = $1', [sid(two)]);
    await db.look('update auth.sessions set idle_expires_at = now() where id = $1', [sid(three)]);
    expect((await list(one.accessToken)).body.items.map((item: { id: string }) => item.id)).toEqual([sid(one)]);
  });

  it('is as long as the limit: a sign-in beyond it ends the oldest', async () => {
    const app = await startApp(db, { SESSION_LIMIT: '3' });
    const person = await newcomer(db, [a, 'member']);
    const tokens: Tokens[] = [];
    for (let n = 0; n < 5; n += 1) tokens.push(await app.tokens(person.email));
    for (const gone of tokens.slice(0, 2)) await expectDead(gone);
    for (const there of tokens.slice(2)) await expectAlive(there);
    expect((await list(tokens[4]!.accessToken)).body.items).toHaveLength(3);
  });
});

describe('a session that has ended by itself', () => {
  it('is nobody’s any more, whatever its tokens still say', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const [over, other] = [await held.app.tokens(person.email, 'alpha'), await held.app.tokens(person.email, 'alpha')];
    const token = over.accessToken;
    await db.look('update auth.sessions set expires_at = now() where id = $1', [sid(over)]);
    const live = await db.look('select from auth.capabilities where session_id = $1 and expires_at > now()', [
      sid(over),
    ]);
    expect(live).toHaveLength(1); // so it is the session's end that is asked about
    for (const refused of [
      await me(token),
      await list(token),
      await end(token, sid(other)),
      await endAll(token),
      await switchTo(token, 'beta'),
      await held.app.call('GET', '/v1/auth/mfa/factors', { token }),
      await held.app.call('POST', '/v1/auth/mfa/totp', { token, body: { name: 'Phone' } }),
      await logout(token),
    ]) {
      expectProblem(refused, 401, 'session_ended');
    }
    await expectAlive(other);
    expect(await db.look('select tenant_id as id from auth.sessions where id = $1', [sid(over)])).toEqual([
      { id: a.id },
    ]);
  });

  it.each(['expires_at', 'idle_expires_at'])(
    'takes no place of a live one, and goes with the next: %s',
    async (column) => {
      const app = await startApp(db, { SESSION_LIMIT: '3' });
      const person = await newcomer(db, [a, 'member']);
      const next = () => grantTo(app, db, person.id, { tenant: 'alpha' });
      const live = [await next(), await next()];
      const over: Tokens[] = [];
      for (let n = 0; n < 3; n += 1) {
        over.push(await next());
        await db.look(`update auth.sessions set ${column} = now() where id = $1`, [sid(over[n]!)]);
      }
      live.push(await next());
      for (const tokens of live) await expectAlive(tokens);
      const rows = await db.look<{ id: string }>('select id from auth.sessions where user_id = $1 order by id', [
        person.id,
      ]);
      expect(rows.map(({ id }) => id)).toEqual(live.map(sid).sort());
    },
  );
});

describe('ending sessions', () => {
  it('ends one of one’s own, on every pod, at once', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [here, there] = [await held.app.tokens(person.email), await held.app.tokens(person.email)];
    const pod = await startApp(db);
    expect((await pod.call('GET', '/v1/deals', { token: there.accessToken })).status).toBe(200);
    expect((await end(here.accessToken, sid(there))).status).toBe(204);
    expectProblem(await pod.call('GET', '/v1/deals', { token: there.accessToken }), 401, 'session_ended');
    await expectDead(there);
    await expectAlive(here);
    expectProblem(await end(here.accessToken, sid(there)), 404, 'not_found');
  });

  it('answers somebody else’s as one that never existed', async () => {
    const [mine, theirs] = [
      await held.app.tokens((await newcomer(db, [a, 'owner'])).email),
      await held.app.tokens((await newcomer(db, [a, 'viewer'])).email),
    ];
    const foreign = await end(mine.accessToken, sid(theirs));
    const unknown = await end(mine.accessToken, randomUUID());
    expectProblem(foreign, 404, 'not_found');
    expect({ ...(told(foreign) as object), body: { ...foreign.body, instance: '', traceId: '' } }).toEqual({
      ...(told(unknown) as object),
      body: { ...unknown.body, instance: '', traceId: '' },
    });
    await expectAlive(theirs);
  });

  it.each([
    ['', false],
    ['?keepCurrent=false', false],
    ['?keepCurrent=true', true],
  ])('ends all of one’s own and nobody else’s: %s', async (query, kept) => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const other = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
    const here = await held.app.tokens(person.email, 'alpha');
    const there = await held.app.tokens(person.email, 'beta');
    expect((await endAll(here.accessToken, query)).status).toBe(204);
    await expectDead(there);
    await (kept ? expectAlive(here) : expectDead(here));
    await expectAlive(other);
  });

  it('refuses what it does not know', async () => {
    const { accessToken } = await held.app.tokens(a.users.viewer.email);
    expectProblem(await end(accessToken, 'not-a-uuid'), 400);
    expectProblem(await endAll(accessToken, '?keepCurrent=perhaps'), 400);
    expectProblem(await endAll(accessToken, '?everyone=true'), 400);
    await expectAlive({ accessToken, refreshToken: '' });
  });

  it('comes with a disabled account', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens = await held.app.tokens(person.email);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]);
    await expectDead(tokens);
  });
});

describe('ending a member’s sessions', () => {
  const signedIn = async (role: 'owner' | 'admin' | 'member' | 'viewer'): Promise<Tokens> =>
    raised(held.app, db, await held.app.tokens((await newcomer(db, [a, role])).email));

  it('is an admin’s, at AAL2, for whoever stands below, in this tenant alone', async () => {
    const admin = await signedIn('admin');
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const [here, there] = [await held.app.tokens(person.email, 'alpha'), await held.app.tokens(person.email, 'beta')];
    expect((await signOut(admin.accessToken, person.id)).status).toBe(204);
    await expectDead(here);
    await expectAlive(there);
    expect((await signOut(admin.accessToken, person.id)).status).toBe(204);
  });

  it('is refused without the right, without AAL2, and for whoever does not stand below', async () => {
    const target = await newcomer(db, [a, 'viewer']);
    const tokens = await held.app.tokens(target.email);
    const peer = await newcomer(db, [a, 'admin']);
    const member = await signedIn('member');
    const admin = await signedIn('admin');
    expect((await signOut(member.accessToken, target.id)).body).toMatchObject({
      status: 403,
      missingPermission: 'session:end',
    });
    const low = await held.app.tokens((await newcomer(db, [a, 'admin'])).email);
    expect((await signOut(low.accessToken, target.id)).body).toMatchObject({
      status: 403,
      code: 'aal2_required',
      requiredAal: 'aal2',
    });
    for (const above of [peer, a.users.owner]) {
      expectProblem(await signOut(admin.accessToken, above.id), 403, 'role_not_below');
    }
    await expectAlive(tokens);
  });

  it('answers a person of another tenant as one that never existed', async () => {
    const admin = await signedIn('admin');
    const foreign = b.users.viewer;
    const tokens = await held.app.tokens(foreign.email);
    for (const id of [foreign.id, db.world.nobody.id, randomUUID()]) {
      expectProblem(await signOut(admin.accessToken, id), 404, 'not_found');
    }
    await expectAlive(tokens);
  });
});
