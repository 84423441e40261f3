import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { invitationHash } from '../../src/modules/identity/index.js';
import { startApp, type TestApp, testRing } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { GOOD_PASSWORD, invitationCalls, newAccount, plantInvitation, somebodyNew, tokensFor } from '../support/invitations.js'; // prettier-ignore
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { raised, sessionIdOf } from '../support/raise.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const { a, b } = db.world;
const held = {} as { app: TestApp };
const { invite, resend, preview, accept, list } = invitationCalls(held);
const NEVER = 'A'.repeat(43);

beforeAll(async () => {
  held.app = await startApp(db);
});

const signedIn = async (person: Person, wish: Parameters<typeof grantTo>[3] = {}): Promise<string> =>
  (await grantTo(held.app, db, person.id, wish)).accessToken;
const login = (email: string, password = GOOD_PASSWORD) =>
  held.app.call('POST', '/v1/auth/login', { body: { email, password } });
const users = (email: string) => db.look('select id from auth.users where email = $1', [email]);
const pending = (email: string) => db.look('select id from app.invitations where email = $1', [email]);

/** An invitation that whoever sent it may still give: by an admin made for it, whom a test may do with what it likes. */
async function invited(
  email = somebodyNew(),
): Promise<{ email: string; token: string; inviter: Person; asInviter: string }> {
  const inviter = await newcomer(db, [a, 'admin']);
  const asInviter = await signedIn(inviter, { aal: 2 });
  const made = await invite(asInviter, email, a.roles.member);
  if (made.status !== 201) throw new Error(made.text);
  return { email, token: (await tokensFor(db, email)).at(-1) ?? '', inviter, asInviter };
}

/** Answers as one that never was, to whoever asks and whoever accepts; and nobody joined. */
async function expectDead(token: string, email: string): Promise<void> {
  expect(told(await preview(token))).toEqual(told(await preview(NEVER)));
  for (const more of [{}, newAccount]) {
    const refused = await accept(token, more);
    expectProblem(refused, 404, 'invitation_invalid');
    expect(told(refused)).toEqual(told(await accept(NEVER, more)));
  }
  const auth = await db.as('auth'); // and the database asks for itself
  const signsUp = `select auth.sign_up($1, 'X', 'x', true)`;
  await expect(auth.query(signsUp, [invitationHash(testRing, token)])).rejects.toMatchObject({ code: 'RF020' });
  expect(await users(email)).toEqual([]);
}

describe('looking at an invitation', () => {
  it('says tenant, role and how long, and nothing else', async () => {
    const { token } = await invited();
    const { status, body, headers } = await preview(token);
    expect(status).toBe(200);
    expect(body).toEqual({ tenantName: 'Tenant alpha', roleName: 'Member', expiresAt: expect.any(String) });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('says the same whether or not the address has an account', async () => {
    const known = await invited((await newcomer(db, [b, 'member'])).email);
    const unknown = await invited();
    const [one, two] = [await preview(known.token), await preview(unknown.token)];
    one.body.expiresAt = two.body.expiresAt;
    expect(told(one)).toEqual(told(two));
  });
});

describe('somebody new', () => {
  it('gets an account, its address proved, and a session in the tenant at AAL1', async () => {
    const { email, token } = await invited();
    const { status, body, headers } = await accept(token, newAccount);
    expect([status, body.aal, body.tenant.slug, body.tenant.role]).toEqual([200, 'aal1', 'alpha', 'member']);
    expect([headers.get('cache-control'), body.tenants.length, body.mfaRequired]).toEqual(['no-store', 1, false]);
    const me = await held.app.call('GET', '/v1/auth/me', { token: body.accessToken });
    expect(me.body.user).toMatchObject({ email, fullName: 'Ada Lovelace' });
    expect(me.body.session.amr).toEqual(['email']);
    expect((await held.app.call('GET', '/v1/deals', { token: body.accessToken })).status).toBe(200);
    expect(await db.look('select email, full_name from app.profiles where user_id = $1', [me.body.user.id])).toEqual([
      { email, full_name: 'Ada Lovelace' },
    ]);
    expect((await login(email.toUpperCase())).status).toBe(200);
    expect(await pending(email)).toEqual([]);
    expectProblem(await accept(token, newAccount), 404, 'invitation_invalid');
  });

  it('gives a name and a password that is good enough; until then the invitation stays good', async () => {
    const { email, token } = await invited();
    for (const [more, fields] of [
      [{}, ['fullName', 'password']],
      [{ fullName: 'Ada' }, ['password']],
      [{ password: GOOD_PASSWORD }, ['fullName']],
    ] as const) {
      const refused = await accept(token, more);
      expectProblem(refused, 400, 'validation_failed');
      expect(refused.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    }
    for (const [password, code] of [
      ['too short', 'password_too_short'],
      ['passwordpassword', 'password_common'],
      ['tenant alpha tenant alpha', 'password_guessable'],
      ['ada lovelace 2024', 'password_guessable'],
    ] as const)
      expectProblem(await accept(token, { ...newAccount, password }), 422, code);
    expect(await users(email)).toEqual([]);
    expect((await accept(token, newAccount)).status).toBe(200);
  });

  it('does not need to be signed out: whose session comes along does not matter', async () => {
    const { email, token } = await invited();
    const { status, body } = await accept(token, newAccount, await signedIn(a.users.viewer));
    expect([status, decodeJwt(body.accessToken).sub]).toEqual([200, ((await users(email)) as { id: string }[])[0]?.id]);
  });

  it('joins a tenant that demands AAL2, and is told to enrol', async () => {
    const { token } = await invited();
    await db.look('update app.tenants set min_aal = 2 where id = $1', [a.id]);
    const { status, body } = await accept(token, newAccount);
    await db.look('update app.tenants set min_aal = 1 where id = $1', [a.id]);
    expect([status, body.aal, body.mfaRequired]).toEqual([200, 'aal1', true]);
  });

  it('becomes the first owner by an invitation of the platform', async () => {
    const email = somebodyNew();
    const token = await plantInvitation(db, b, email, { role: b.roles.owner, by: null });
    expect((await preview(token)).body.roleName).toBe('Owner');
    expect((await accept(token, newAccount)).body.tenant.role).toBe('owner');
  });

  it('has the account of the first of two invitations, and signs in for the second', async () => {
    const { email, token } = await invited();
    const second = await plantInvitation(db, b, email);
    const first = await accept(token, newAccount);
    expectProblem(await accept(second, newAccount), 401, 'sign_in_to_accept');
    const { body } = await accept(second, {}, first.body.accessToken);
    expect(body.tenants.map(({ slug }: { slug: string }) => slug)).toEqual(['alpha', 'beta']);
  });
});

describe('somebody with an account', () => {
  it('is told to sign in, by whoever holds the token and by nobody else', async () => {
    const person = await newcomer(db, [b, 'member']);
    const { token } = await invited(person.email);
    const other = await signedIn(a.users.viewer);
    expectProblem(await accept(token), 401, 'sign_in_to_accept');
    expectProblem(await accept(token, newAccount), 401, 'sign_in_to_accept');
    expectProblem(await accept(token, {}, 'no.such.token'), 401, 'sign_in_to_accept');
    expectProblem(await accept(token, {}, other), 403, 'sign_in_to_accept');
    expectProblem(await accept(NEVER, {}, await signedIn(person)), 404, 'invitation_invalid');
    expect(await db.look('select from app.memberships where user_id = $1', [person.id])).toHaveLength(1);
    expect((await login(person.email)).status).toBe(401); // and the password that came along was not set
  });

  it.each(['of another tenant', 'without a tenant'])('accepts with a session %s', async (which) => {
    const person = which === 'without a tenant' ? await newcomer(db) : await newcomer(db, [b, 'member']);
    const { token } = await invited(person.email);
    const { status, body } = await accept(token, {}, await signedIn(person));
    expect([status, body.tenant.slug, body.tenant.role, body.aal]).toEqual([200, 'alpha', 'member', 'aal1']);
    const profile = await db.look('select email, full_name from app.profiles where user_id = $1 and tenant_id = $2', [person.id, a.id]); // prettier-ignore
    expect(profile).toEqual([{ email: person.email, full_name: person.email }]);
    expect((await held.app.call('GET', '/v1/deals', { token: body.accessToken })).status).toBe(200);
  });

  it('is no surer of themselves afterwards: the new session stands at AAL1, the old one where it stood', async () => {
    const person = await newcomer(db, [b, 'member']);
    const tokens = await raised(held.app, db, await grantTo(held.app, db, person.id, { tenant: 'beta' }));
    const { token } = await invited(person.email);
    const { body } = await accept(token, {}, tokens.accessToken);
    expect([body.aal, decodeJwt(body.accessToken)['aal']]).toEqual(['aal1', 'aal1']);
    expect(sessionIdOf(body)).not.toBe(sessionIdOf(tokens));
    const me = await held.app.call('GET', '/v1/auth/me', { token: tokens.accessToken });
    expect([me.body.aal, me.body.tenant.slug]).toEqual(['aal2', 'beta']);
  });

  it.each(['session has ended', 'account was disabled'])('does not accept once the %s', async (what) => {
    const person = await newcomer(db, [b, 'member']);
    const { token } = await invited(person.email);
    const accessToken = await signedIn(person);
    await held.app.call('GET', '/v1/auth/me', { token: accessToken }); // so that its signature is known
    if (what.startsWith('session')) await held.app.call('POST', '/v1/auth/logout', { token: accessToken });
    else await db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]);
    expectProblem(await accept(token, {}, accessToken), 401, 'sign_in_to_accept');
    expect(await pending(person.email)).toHaveLength(1);
  });

  it('who became a member meanwhile is told so', async () => {
    const person = await newcomer(db, [b, 'member']);
    const { token } = await invited(person.email);
    const joins = 'insert into app.memberships (tenant_id, user_id, role_id) values ($1, $2, $3)';
    await db.look(joins, [a.id, person.id, a.roles.viewer]);
    expectProblem(await accept(token, {}, await signedIn(person, { tenant: 'beta' })), 409, 'already_member');
  });

  it('reaches it with any spelling of the address', async () => {
    const person = await newcomer(db, [b, 'member']);
    const email = person.email.replace('example.com', 'ＥＸＡＭＰＬＥ。com').toUpperCase();
    const inviter = await newcomer(db, [a, 'admin']);
    expect((await invite(await signedIn(inviter, { aal: 2 }), email, a.roles.viewer)).body.email).toBe(person.email);
    const [token = ''] = await tokensFor(db, person.email);
    expect((await accept(token, {}, await signedIn(person))).status).toBe(200);
  });
});

describe('an invitation dies', () => {
  it.each<[string, (one: Awaited<ReturnType<typeof invited>>) => Promise<unknown>]>([
    ['expired', ({ email }) => db.look('update app.invitations set expires_at = now() where email = $1', [email])],
    ['was revoked', ({ email }) => db.look('delete from app.invitations where email = $1', [email])],
    ['was sent again', async ({ email, asInviter }) => resend(asInviter, ((await pending(email)) as { id: string }[])[0]?.id ?? '')], // prettier-ignore
    [
      'has an inviter who was removed',
      ({ inviter }) => db.look('delete from app.memberships where user_id = $1', [inviter.id]),
    ],
    [
      'has an inviter who was suspended',
      ({ inviter }) => db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [inviter.id]),
    ],
    [
      'has an inviter whose account was disabled',
      ({ inviter }) => db.look(`update auth.users set status = 'disabled' where id = $1`, [inviter.id]),
    ],
    [
      'has an inviter who lost the permission',
      ({ inviter }) =>
        db.look('update app.memberships set role_id = $2 where user_id = $1', [inviter.id, a.roles.viewer]),
    ],
    [
      'has an inviter who does not stand above the role any more',
      async ({ inviter }) => {
        await db.look(`insert into app.role_permissions values ($1, $2, 'invitation:create') on conflict do nothing`, [
          a.id,
          a.roles.member,
        ]);
        await db.look('update app.memberships set role_id = $2 where user_id = $1', [inviter.id, a.roles.member]);
      },
    ],
  ])('when it %s', async (_, happens) => {
    const one = await invited();
    await happens(one);
    await expectDead(one.token, one.email);
  });

  it('while its tenant is suspended', async () => {
    const { email, token } = await invited();
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    await expectDead(token, email);
    await db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]);
    expect((await accept(token, newAccount)).status).toBe(200);
  });

  it('and the next one is possible at once, although the dead one was not revoked', async () => {
    const { email, token, inviter } = await invited();
    await db.look('update app.memberships set role_id = $2 where user_id = $1', [inviter.id, a.roles.viewer]);
    const other = await signedIn(a.users.owner, { aal: 2 });
    expect((await invite(other, email, a.roles.viewer)).status).toBe(201);
    await expectDead(token, email);
    expect((await accept((await tokensFor(db, email)).at(-1) ?? '', newAccount)).body.tenant.role).toBe('viewer');
  });

  it('and somebody who was removed is invited anew', async () => {
    const { email, token } = await invited();
    const { body } = await accept(token, newAccount);
    const id = decodeJwt(body.accessToken).sub as string;
    await db.look('delete from app.memberships where user_id = $1', [id]);
    expectProblem(await list(body.accessToken), 401, 'session_ended');
    const again = await invited(email);
    expectProblem(await accept(again.token, newAccount), 401, 'sign_in_to_accept');
    const { accessToken } = (await login(email)).body;
    expect((await accept(again.token, {}, accessToken)).body.tenant.slug).toBe('alpha');
  });
});

describe('sign-up without an invitation', () => {
  it('does not exist: no public operation makes an account, whatever it is sent', async () => {
    const { body: document } = await held.app.call('GET', '/openapi.json');
    const count = () => db.look('select count(*)::int as n from auth.users');
    const before = await count();
    const email = somebodyNew();
    let called = 0;
    for (const [path, methods] of Object.entries<Record<string, any>>(document.paths)) {
      for (const [method, { security, requestBody }] of Object.entries(methods)) {
        if (!Array.isArray(security) || security.length > 0 || !requestBody) continue;
        const { $ref } = requestBody.content['application/json'].schema;
        const names = Object.keys(document.components.schemas[$ref.split('/').at(-1)].properties ?? {});
        const given: Record<string, unknown> = { ...newAccount, email, token: NEVER, tenant: 'alpha' };
        const sent = Object.fromEntries(names.map((name) => [name, given[name] ?? NEVER]));
        expect((await held.app.call(method.toUpperCase(), path, { body: sent })).status).not.toBe(500);
        called += 1;
      }
    }
    expect(called).toBeGreaterThan(8);
    expect(await count()).toEqual(before);
  });

  it('is nothing that the database lets requests or sign-in do: accepting is the one way', async () => {
    const admin = await db.as('admin');
    const { rows: writers } = await admin.query(
      `select r.rolname from pg_roles r where r.rolname ~ '^ringfence_(app|auth|owner_|context)$'
         and (has_table_privilege(r.oid, 'auth.users', 'insert') or has_any_column_privilege(r.oid, 'auth.users', 'insert'))`,
    );
    expect(writers).toEqual([]);
    const { rows: functions } = await admin.query(
      `select p.proname from pg_proc p where p.prosrc ~* 'insert\\s+into\\s+(auth\\.)?users' and exists (
         select from pg_roles r where r.rolname in ('ringfence_app', 'ringfence_auth') and has_function_privilege(r.oid, p.oid, 'execute'))`,
    );
    expect(functions).toEqual([{ proname: 'sign_up' }]);
    const auth = await db.as('auth');
    const { email, token } = await invited();
    const accepts = `select auth.accept_invitation($1, $2, 'X')`;
    const somebodyElse = await newcomer(db, [b, 'member']);
    await expect(auth.query(accepts, [invitationHash(testRing, token), somebodyElse.id])).rejects.toMatchObject({
      code: 'RF020',
    });
    expect(await pending(email)).toHaveLength(1);
    const refused = `select auth.sign_up(sha256('no such token'), 'X', 'x', true)`;
    await expect(auth.query(refused)).rejects.toMatchObject({ code: 'RF020' });
  });
});
