import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { permissionsOf } from '../../src/route/index.js';
import { type Answer, startApp, useApp } from '../support/app.js';
import { authCalls, startInterrupted } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { PASSWORD } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b, both, nobody } = db.world;

const { login, me, deals, logout, refresh, switchTo } = authCalls(held);

describe('sign-in', () => {
  it('answers with tokens, what they are good for, and where one belongs', async () => {
    const answer = await login(a.users.admin.email);
    const here = { id: a.id, slug: 'alpha', name: 'Tenant alpha', status: 'active', role: 'admin' };
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      tokenType: 'Bearer',
      expiresIn: expect.any(Number),
      aal: 'aal1',
      tenant: here,
      tenants: [here],
      mfaRequired: false,
    });
    expect(answer.body.expiresIn).toBeGreaterThan(590);
    expect(answer.body.expiresIn).toBeLessThanOrEqual(600);
  });

  it('tells a wrong password, an unknown e-mail, an account without password and a disabled one apart in nothing', async () => {
    const [disabled, passwordless] = [await newcomer(db, [a, 'viewer']), await newcomer(db, [a, 'viewer'])];
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    await db.look('update auth.users set password_hash = null where id = $1', [passwordless.id]);
    const wrong = await login(a.users.owner.email, { password: 'not the password' });
    expectProblem(wrong, 401, 'credentials_invalid');
    for (const answer of [
      await login(`${randomUUID()}@example.com`),
      await login(disabled.email),
      await login(disabled.email, { password: 'not the password' }),
      await login(passwordless.email),
      await login(a.users.owner.email, { password: PASSWORD.toUpperCase() }),
      await login(a.users.owner.email, { password: `${PASSWORD} ` }),
      await login(a.users.owner.email, { password: 'x', tenant: 'beta' }),
    ]) {
      expect(told(answer)).toEqual(told(wrong));
    }
  });

  it('knows one spelling of an address', async () => {
    const upper = await login(a.users.owner.email.toUpperCase());
    expect([upper.status, upper.body.tenant?.id]).toEqual([200, a.id]);
    expect((await me(upper.body.accessToken)).body.user).toMatchObject({ email: a.users.owner.email });
    expectProblem(await login(` ${a.users.owner.email} `), 400, 'validation_failed');
  });

  it.each([
    ['its slug', b.slug],
    ['its id', b.id],
    ['its id in capitals', b.id.toUpperCase()],
  ])('goes to the tenant that %s names', async (_, tenant) => {
    const { status, body } = await login(both.email, { tenant });
    expect([status, body.tenant.id, body.tenant.role]).toEqual([200, b.id, 'viewer']);
    expect((await deals(body.accessToken)).status).toBe(200);
  });

  it('treats a tenant that one does not belong to as one that does not exist, here and in switch-tenant', async () => {
    const missing = await login(a.users.owner.email, { tenant: 'no-such-tenant' });
    expectProblem(missing, 403, 'not_a_member');
    for (const tenant of [b.slug, b.id, randomUUID()]) {
      expect(told(await login(a.users.owner.email, { tenant }))).toEqual(told(missing));
    }
    const token = await held.app.token(a.users.owner.email);
    const notThere = await switchTo(token, 'no-such-tenant');
    expectProblem(notThere, 403, 'not_a_member');
    for (const tenant of [b.slug, b.id, randomUUID()]) {
      expect(told(await switchTo(token, tenant))).toEqual(told(notThere));
    }
    expect((await deals(token)).status).toBe(200); // a refused switch ends nothing
  });

  it('gives a session without a tenant to who belongs to several or to none', async () => {
    for (const [person, tenants] of [
      [both, ['alpha', 'beta']],
      [nobody, []],
    ] as const) {
      const { status, body } = await login(person.email);
      expect([status, body.tenant]).toEqual([200, null]);
      expect(body.tenants.map(({ slug }: { slug: string }) => slug)).toEqual(tenants);
      expectProblem(await deals(body.accessToken), 403, 'tenant_required');
      expect((await me(body.accessToken)).body).toMatchObject({ tenant: null, role: null, permissions: [] });
    }
  });
});

describe('a session', () => {
  it('says who one is, where, and what one may', async () => {
    const { body, headers } = await me(await held.app.token(both.email, 'beta'));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      user: { id: both.id, email: both.email },
      session: { amr: ['pwd'] },
      tenant: { id: b.id, role: 'viewer' },
      role: { id: b.roles.viewer, slug: 'viewer' },
      permissions: permissionsOf('viewer'),
      aal: 'aal1',
    });
    expect(body.tenants).toHaveLength(2);
    expect(JSON.stringify(body)).not.toMatch(/hash|password/);
  });

  it('moves to another tenant, and every token issued before is dead at once', async () => {
    const first = (await login(both.email)).body;
    const second = await switchTo(first.accessToken, 'alpha');
    expect([second.status, second.body.tenant.id]).toEqual([200, a.id]);
    expect(second.headers.get('cache-control')).toBe('no-store');
    expect((await deals(second.body.accessToken)).status).toBe(200);
    for (const call of [me, deals]) expect((await call(first.accessToken)).status).not.toBe(200);
    expectProblem(await me(first.accessToken), 401);
    expectProblem(await refresh(first.refreshToken), 401, 'refresh_token_invalid');
    const third = (await switchTo(second.body.accessToken, b.id)).body;
    expectProblem(await deals(second.body.accessToken), 401);
    const items = (await deals(third.accessToken)).body.items.map(({ id }: { id: string }) => id);
    expect(items.length).toBeGreaterThan(0);
    expect(Object.values(b.deals)).toEqual(expect.arrayContaining(items));
  });

  it('ends with sign-out, on the very next request of any pod, for every token it had', async () => {
    const { app } = held;
    const pod = await startApp(db);
    const { accessToken: token, refreshToken } = await app.tokens(a.users.owner.email);
    const other = await app.token(a.users.owner.email);
    const next = (await refresh(refreshToken)).body;
    for (const one of [token, next.accessToken]) {
      expect((await pod.call('GET', '/v1/deals', { token: one })).status).toBe(200);
    }
    const out = await logout(token);
    expect([out.status, out.text]).toEqual([204, '']);
    for (const one of [token, next.accessToken]) {
      expectProblem(await deals(one), 401, 'session_ended');
      expectProblem(await me(one), 401);
      expectProblem(await pod.call('GET', '/v1/deals', { token: one }), 401);
      expectProblem(await logout(one), 401);
    }
    expectProblem(await refresh(next.refreshToken), 401);
    expect((await deals(other)).status).toBe(200); // another session of the same person
  });
});

describe('what changes about a person acts on the next request', () => {
  const suspend = (table: 'tenants' | 'memberships', person: string, status: string): Promise<unknown> =>
    table === 'tenants'
      ? db.look('update app.tenants set status = $2 where id = $1', [a.id, status])
      : db.look('update app.memberships set status = $2 where user_id = $1', [person, status]);

  it.each([
    ['tenants', 'tenant_suspended'],
    ['memberships', 'membership_suspended'],
  ] as const)('suspending in %s, and resuming', async (table, code) => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken, refreshToken } = await held.app.tokens(person.email);
    expect((await deals(accessToken)).status).toBe(200);
    await suspend(table, person.id, 'suspended');
    try {
      expectProblem(await deals(accessToken), 403, code);
      const body = { title: 'x', amount: '1', currency: 'EUR' };
      expectProblem(await held.app.call('POST', '/v1/deals', { token: accessToken, body }), 403, code);
      expectProblem(await login(person.email, { tenant: 'alpha' }), 403, code);
      expectProblem(await refresh(refreshToken), 403, code);
      const anywhere = await login(person.email); // their only tenant is not offered by itself
      expect([anywhere.status, anywhere.body.tenant]).toEqual([200, null]);
      expectProblem(await switchTo(anywhere.body.accessToken, a.id), 403, code);
    } finally {
      await suspend(table, person.id, 'active');
    }
    expect((await deals(accessToken)).status).toBe(200);
    expect((await refresh(refreshToken)).status).toBe(200); // the refused one was not used up
  });

  it('disabling the account', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [one, two] = [await held.app.tokens(person.email), await held.app.tokens(person.email)];
    expect((await deals(one.accessToken)).status).toBe(200);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]);
    for (const { accessToken, refreshToken } of [one, two]) {
      expectProblem(await deals(accessToken), 401);
      expectProblem(await me(accessToken), 401);
      expectProblem(await refresh(refreshToken), 401);
    }
  });

  it.each([
    ['disabled', `update auth.users set status = 'disabled' where id = $1`],
    ['removed from the tenant', 'delete from app.memberships where user_id = $1'],
  ])('being %s while the password is being checked', async (_, change) => {
    const person = await newcomer(db, [a, 'viewer']);
    const app = await startInterrupted(db, () => db.look(change, [person.id]));
    const { email } = person;
    const answer = await app.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, tenant: 'alpha' } });
    expect(await db.look('select id, tenant_id from auth.sessions where user_id = $1', [person.id])).toEqual([]);
    expect([401, 403, 409]).toContain(answer.status);
  });

  it('removing the membership, there and nowhere else', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    const [there, elsewhere] = [
      await held.app.tokens(person.email, 'alpha'),
      await held.app.token(person.email, 'beta'),
    ];
    expect((await deals(there.accessToken)).status).toBe(200);
    await db.look('delete from app.memberships where user_id = $1 and tenant_id = $2', [person.id, a.id]);
    expectProblem(await deals(there.accessToken), 401);
    expectProblem(await me(there.accessToken), 401);
    expectProblem(await refresh(there.refreshToken), 401);
    expectProblem(await login(person.email, { tenant: 'alpha' }), 403, 'not_a_member');
    expect((await deals(elsewhere)).status).toBe(200);
  });

  it('changing the role, both ways, whatever the token lists', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await held.app.token(person.email);
    const become = (role: 'viewer' | 'member' | 'admin'): Promise<unknown> =>
      db.look('update app.memberships set role_id = $2 where user_id = $1', [person.id, a.roles[role]]);
    const call = (method: string, path: string, body?: object): Promise<Answer> =>
      held.app.call(method, path, { token, body, headers: { 'If-Match': '*' } });
    const create = (): Promise<Answer> =>
      call('POST', '/v1/deals', { title: 'Mine', amount: '1', currency: 'EUR', visibility: 'public' });
    const made = await create();
    expect(made.status).toBe(201);
    const path = `/v1/deals/${made.body.id}`;

    await become('viewer'); // the token still lists deal:create
    const refused = await create();
    expectProblem(refused, 403, 'permission_missing');
    expect(refused.body.missingPermission).toBe('deal:create');
    expectProblem(await call('PATCH', path, { stage: 'won' }), 403, 'permission_missing');
    expect((await me(token)).body).toMatchObject({ role: { slug: 'viewer' }, permissions: permissionsOf('viewer') });

    await become('member');
    expectProblem(await call('DELETE', path), 403, 'permission_missing');
    await become('admin'); // the token does not list deal:delete
    expect((await call('DELETE', path)).status).toBe(204);
  });
});
