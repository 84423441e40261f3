import { describe, expect, it, jest } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Clock } from '../../src/context/index.js';
import { RelyingParty } from '../../src/modules/mfa/webauthn/relying-party.js';
import { startApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { type Assertion, type Lie, ORIGIN, RP_ID, SoftAuthenticator, WEBAUTHN } from '../support/authenticator.js';
import { useDatabase } from '../support/database.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '10000' });
const { a, b } = db.world;
const { me, deals, refresh } = authCalls(held);
const { enrolled, stepUpAssertion, loginAssertion, stepUpOptions, stepUp, loginOptions, login, registrationOptions } =
  passkeyCalls(held);

const signIn = async (): Promise<Tokens & { person: Person }> => {
  const person = await newcomer(db, [a, 'member']);
  return { person, ...(await held.app.tokens(person.email)) };
};
const withPasskey = async () => {
  const tokens = await signIn();
  return { tokens, device: await enrolled(tokens) };
};
const counterOf = async (assertion: Assertion): Promise<number> => {
  const [row] = await db.look<{ n: string }>('select sign_count as n from auth.factors where credential_id = $1', [
    assertion.id,
  ]);
  return Number(row?.n);
};
const expire = (): Promise<unknown> => db.look(`update auth.one_time_tokens set expires_at = now()`);

/** Lies for which one and the same assertion, signed by the right key, is refused. */
const LIES: [what: string, lie: Lie][] = [
  ['another origin', { clientData: { origin: 'https://app.ringfence.example.evil.example' } }],
  ['our origin over http', { clientData: { origin: 'http://app.ringfence.example' } }],
  ['a page in somebody else’s page', { clientData: { crossOrigin: true } }],
  ['a page in a page that it names', { clientData: { crossOrigin: true, topOrigin: ORIGIN } }],
  ['another relying party', { rpId: `app.${RP_ID}` }],
  ['another ceremony', { clientData: { type: 'webauthn.create' } }],
  ['no user verification', { userVerified: false }],
  ['no user presence', { userPresent: false }],
  ['an unknown challenge', { clientData: { challenge: 'A'.repeat(43) } }],
  ['no challenge', { clientData: { challenge: null } }],
];

describe('a passkey as second factor', () => {
  it('raises its session to aal2 and keeps its counter', async () => {
    const { tokens, device } = await withPasskey();
    const { status, body: options, headers } = await stepUpOptions(tokens.accessToken);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: RP_ID,
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: [{ id: expect.any(String), type: 'public-key', transports: ['internal'] }],
    });
    const assertion = device.get(options);
    const raised = await stepUp(tokens.accessToken, assertion);
    expect([raised.status, raised.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(raised.body).toMatchObject({ aal: 'aal2', mfaRequired: false, tenant: { id: a.id }, tokenType: 'Bearer' });
    expect(decodeJwt(raised.body.accessToken)).toMatchObject({ aal: 'aal2', amr: ['mfa', 'pop', 'pwd', 'user'] });
    expect(sessionIdOf(raised.body)).toBe(sessionIdOf(tokens));
    expect(await counterOf(assertion)).toBe(1);
    expect((await me(raised.body.accessToken)).body).toMatchObject({ aal: 'aal2', mfaEnrolled: true });
    expect((await me(tokens.accessToken)).body.aal).toBe('aal1');
    expectProblem(await refresh(tokens.refreshToken), 409, 'refresh_token_superseded');
    expect((await refresh(raised.body.refreshToken)).body.aal).toBe('aal2');
  });

  it.each(['ES256', 'EdDSA', 'RS256'] as const)('works with %s, again and again', async (algorithm) => {
    const tokens = await signIn();
    const device = await enrolled(tokens, new SoftAuthenticator({ algorithm }));
    for (const counter of [1, 2, 3]) {
      const assertion = await stepUpAssertion(tokens, device);
      expect((await stepUp(tokens.accessToken, assertion)).status).toBe(200);
      expect(await counterOf(assertion)).toBe(counter);
    }
  });

  it('works on a device that does not count', async () => {
    const tokens = await signIn();
    const device = await enrolled(tokens, new SoftAuthenticator({ counts: false }));
    for (let n = 0; n < 3; n += 1) {
      expect((await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device))).status).toBe(200);
    }
  });

  it.each(LIES)('is refused with %s', async (_, lie) => {
    const { tokens, device } = await withPasskey();
    const refused = await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device, lie));
    expectProblem(refused, 401, 'passkey_invalid');
    expect(refused.body.detail).toBe('This passkey was not accepted. Ask for new options and try again.');
    expect((await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device))).status).toBe(200);
  });

  it('is refused with a signature of other bytes, or another key’s', async () => {
    const { tokens, device } = await withPasskey();
    const other = await withPasskey();
    const { body: options } = await stepUpOptions(tokens.accessToken);
    const theirs = other.device.get({ ...options, allowCredentials: undefined });
    const mine = device.get(options);
    const { signature } = theirs.response;
    expectProblem(
      await stepUp(tokens.accessToken, { ...mine, response: { ...mine.response, signature } }),
      401,
      'passkey_invalid',
    );
    const again = await stepUpAssertion(tokens, device);
    const { clientDataJSON: signed } = again.response;
    const clientDataJSON = Buffer.from(`${Buffer.from(signed, 'base64url').toString()} `).toString('base64url');
    expectProblem(
      await stepUp(tokens.accessToken, { ...again, response: { ...again.response, clientDataJSON } }),
      401,
      'passkey_invalid',
    );
  });

  it('is refused when it is somebody else’s, or nobody’s', async () => {
    const { tokens, device } = await withPasskey();
    const other = await withPasskey();
    const { body: options } = await stepUpOptions(tokens.accessToken);
    expectProblem(
      await stepUp(tokens.accessToken, other.device.get({ ...options, allowCredentials: undefined })),
      401,
      'passkey_invalid',
    );
    const assertion = await stepUpAssertion(tokens, device);
    const { userHandle } = (await stepUpAssertion(other.tokens, other.device)).response;
    expectProblem(
      await stepUp(tokens.accessToken, { ...assertion, response: { ...assertion.response, userHandle } }),
      401,
      'passkey_invalid',
    );
    const unknown = await stepUpAssertion(tokens, device);
    const id = Buffer.alloc(32, 7).toString('base64url');
    expectProblem(await stepUp(tokens.accessToken, { ...unknown, id, rawId: id }), 401, 'passkey_invalid');
  });

  it('is refused when its counter does not grow, so that a copy is noticed', async () => {
    const { tokens, device } = await withPasskey();
    const use = async (counter: number): Promise<number> =>
      (await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device, { counter }))).status;
    expect(await use(7)).toBe(200);
    expect([await use(7), await use(6), await use(0), await use(8), await use(2 ** 32 - 1)]).toEqual([
      401, 401, 401, 200, 200,
    ]);
  });

  it('has nothing to say for whoever has none', async () => {
    const tokens = await signIn();
    expectProblem(await stepUpOptions(tokens.accessToken), 409, 'no_factor');
  });
});

describe('a challenge', () => {
  it('is good for one attempt, be it a wrong one', async () => {
    const { tokens, device } = await withPasskey();
    const used = await stepUpAssertion(tokens, device);
    expect((await stepUp(tokens.accessToken, used)).status).toBe(200);
    expectProblem(await stepUp(tokens.accessToken, used), 401, 'passkey_invalid');
    const { body: options } = await stepUpOptions(tokens.accessToken);
    expectProblem(await stepUp(tokens.accessToken, device.get(options, { userVerified: false })), 401);
    expectProblem(await stepUp(tokens.accessToken, device.get(options)), 401, 'passkey_invalid');
  });

  it('lasts five minutes', async () => {
    const { tokens, device } = await withPasskey();
    const [late, lateLogin] = [await stepUpAssertion(tokens, device), await loginAssertion(device)];
    const lives = await db.look<{ seconds: number }>(
      'select extract(epoch from expires_at - created_at)::float8 as seconds from auth.one_time_tokens',
    );
    expect(new Set(lives.map(({ seconds }) => seconds))).toEqual(new Set([300]));
    await expire();
    expectProblem(await stepUp(tokens.accessToken, late), 401, 'passkey_invalid');
    expectProblem(await login(lateLogin), 401, 'passkey_invalid');
  });

  it('belongs to the session that asked for it', async () => {
    const { tokens, device } = await withPasskey();
    const elsewhere = await held.app.tokens(tokens.person.email);
    const assertion = await stepUpAssertion(elsewhere, device);
    expectProblem(await stepUp(tokens.accessToken, assertion), 401, 'passkey_invalid');
    expectProblem(await stepUp(elsewhere.accessToken, assertion), 401, 'passkey_invalid'); // used up all the same
    const other = await withPasskey();
    const { body: options } = await stepUpOptions(other.tokens.accessToken);
    const theirChallenge = device.get({ ...options, allowCredentials: undefined });
    expectProblem(await stepUp(tokens.accessToken, theirChallenge), 401, 'passkey_invalid');
  });

  it('belongs to the ceremony that it was made for', async () => {
    const { tokens, device } = await withPasskey();
    const raised = (await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device))).body as Tokens;
    const { body: forRegistration } = await registrationOptions(raised.accessToken);
    const wrong = device.get({ challenge: forRegistration.challenge, rpId: RP_ID });
    expectProblem(await stepUp(raised.accessToken, wrong), 401, 'passkey_invalid');
    expectProblem(await login(await stepUpAssertion(tokens, device)), 401, 'passkey_invalid');
    expectProblem(await stepUp(tokens.accessToken, await loginAssertion(device)), 401, 'passkey_invalid');
  });

  it('is kept as a hash', async () => {
    const { tokens } = await withPasskey();
    const { body } = await stepUpOptions(tokens.accessToken);
    const rows = await db.look<{ row: string }>(`select t::text as row from auth.one_time_tokens t`);
    expect(rows.length).toBeGreaterThan(0);
    const bytes = Buffer.from(body.challenge, 'base64url').toString('hex');
    expect(rows.filter(({ row }) => row.includes(body.challenge) || row.includes(bytes))).toEqual([]);
  });

  it('that nobody answers is cleared away by whoever asks for the next, once it has expired', async () => {
    class Moved extends Clock {
      ahead = 0;
      override now(): number {
        return super.now() + this.ahead;
      }
    }
    const clock = new Moved();
    const app = await startApp(db, WEBAUTHN, (builder) => builder.overrideProvider(Clock).useValue(clock));
    const ask = passkeyCalls({ app }).loginOptions;
    const tokens = await signIn();
    await enrolled(tokens);
    await stepUpOptions(tokens.accessToken);
    await ask();
    await expire();
    const count = async (): Promise<(number | undefined)[]> => {
      const [row] = await db.look<{ nobodys: number; somebodys: number }>(
        `select count(*) filter (where user_id is null)::int as nobodys, count(user_id)::int as somebodys
           from auth.one_time_tokens`,
      );
      return [row?.nobodys, row?.somebodys];
    };
    const [before = 0, somebodys] = await count();
    expect([before, somebodys].every((n) => Number(n) > 0)).toBe(true);
    await ask();
    expect(await count()).toEqual([before + 1, somebodys]); // not at every request
    clock.ahead = 5_000;
    await ask();
    expect(await count()).toEqual([2, somebodys]); // the live ones; a person's own go with their sessions
  });

  it('answered fifty times at once, over two pods, is answered once', async () => {
    const { tokens, device } = await withPasskey();
    const { stepUp: elsewhere } = passkeyCalls({ app: await startApp(db, WEBAUTHN) });
    for (const { counts, signedBy } of [
      { counts: true, signedBy: device },
      { counts: false, signedBy: undefined },
    ]) {
      const who = signedBy ? tokens : await signIn();
      const assertion = await stepUpAssertion(
        who,
        signedBy ?? (await enrolled(who, new SoftAuthenticator({ counts }))),
      );
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => (n % 2 ? stepUp : elsewhere)(who.accessToken, assertion)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(49).fill(401)]);
    }
  });
});

describe('a passkey alone', () => {
  it('signs in at aal2, to a session of its own', async () => {
    const { tokens, device } = await withPasskey();
    const { status, body: options, headers } = await loginOptions();
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rpId: RP_ID,
      timeout: 300_000,
      userVerification: 'required',
    });
    const { status: signedIn, body, headers: sent } = await login(device.get(options));
    expect([signedIn, sent.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ aal: 'aal2', mfaRequired: false, tenant: { id: a.id }, tokenType: 'Bearer' });
    expect(decodeJwt(body.accessToken)).toMatchObject({
      aal: 'aal2',
      amr: ['mfa', 'pop', 'user'],
      sub: tokens.person.id,
    });
    expect(sessionIdOf(body)).not.toBe(sessionIdOf(tokens));
    expect((await deals(body.accessToken)).status).toBe(200);
    expect((await refresh(body.refreshToken)).body.aal).toBe('aal2');
  });

  it('goes to the tenant that is named, and to no tenant that one is not in', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    const device = await enrolled(await held.app.tokens(person.email, 'alpha'));
    expect((await login(await loginAssertion(device))).body).toMatchObject({ aal: 'aal2', tenant: null });
    const { body } = await login(await loginAssertion(device), { tenant: 'beta' });
    expect(body.tenant).toMatchObject({ id: b.id, role: 'viewer' });
    expectProblem(await login(await loginAssertion(device), { tenant: 'gamma' }), 403, 'not_a_member');
  });

  it.each(LIES)('is refused with %s', async (_, lie) => {
    const { device } = await withPasskey();
    expectProblem(await login(await loginAssertion(device, lie)), 401, 'passkey_invalid');
  });

  it('is answered alike when it is unknown, forged, used before, or its owner is disabled or another', async () => {
    const { tokens, device } = await withPasskey();
    const assertion = await loginAssertion(device);
    const id = Buffer.alloc(32, 7).toString('base64url');
    const unknown = await login({ ...assertion, id, rawId: id });
    expectProblem(unknown, 401, 'passkey_invalid');

    const { response, ...rest } = await loginAssertion(device);
    const last = response.signature.at(-3) === 'A' ? 'B' : 'A';
    const signature = `${response.signature.slice(0, -3)}${last}${response.signature.slice(-2)}`;
    const used = await loginAssertion(device);
    expect((await login(used)).status).toBe(200);
    const someone = (await loginAssertion((await withPasskey()).device)).response.userHandle;
    const third = await loginAssertion(device);
    const fourth = await loginAssertion(device);
    for (const wrong of [
      { ...rest, response: { ...response, signature } },
      used,
      { ...third, response: { ...third.response, userHandle: someone } },
      { ...fourth, response: { ...fourth.response, userHandle: undefined } },
    ]) {
      expect(told(await login(wrong))).toEqual(told(unknown));
    }
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [tokens.person.id]);
    expect(told(await login(await loginAssertion(device)))).toEqual(told(unknown));
    await db.look(`update auth.users set status = 'active' where id = $1`, [tokens.person.id]);
    expect((await login(await loginAssertion(device))).status).toBe(200);
  });

  it('that is unknown costs the work of a known one', async () => {
    const { device } = await withPasskey();
    const verification = jest.spyOn(held.app.nest.get(RelyingParty, { strict: false }), 'asserted');
    const id = Buffer.alloc(32, 7).toString('base64url');
    const known = await loginAssertion(device, { userVerified: false });
    const unknown = await loginAssertion(device);
    expectProblem(await login(known), 401, 'passkey_invalid');
    expectProblem(await login({ ...unknown, id, rawId: id }), 401, 'passkey_invalid');
    expect(verification.mock.calls.map(([, , key]) => key.length)).toEqual([77, 77]); // an ES256 key each
  });

  it('is refused when its counter goes backwards', async () => {
    const { device } = await withPasskey();
    const use = async (counter: number): Promise<number> =>
      (await login(await loginAssertion(device, { counter }))).status;
    expect([await use(5), await use(5), await use(4), await use(6)]).toEqual([200, 401, 401, 200]);
  });

  it('used on two devices that share a counter is refused on one, at once as one after the other', async () => {
    const { device } = await withPasskey();
    const elsewhere = passkeyCalls({ app: await startApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '10000' }) });
    const assertions = await Promise.all(Array.from({ length: 20 }, () => loginAssertion(device, { counter: 5 })));
    const answers = await Promise.all(assertions.map((one, n) => (n % 2 ? login(one) : elsewhere.login(one))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(401)]);
  });

  it('is one session of fifty attempts at once, over two pods', async () => {
    const { tokens, device } = await withPasskey();
    const { login: elsewhere } = passkeyCalls({
      app: await startApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '10000' }),
    });
    const assertion = await loginAssertion(device);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? login(assertion) : elsewhere(assertion))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(49).fill(401)]);
    const sessions = await db.look('select from auth.sessions where user_id = $1 and aal = 2', [tokens.person.id]);
    expect(sessions).toHaveLength(1);
  });

  it('locks an address that was wrong too often, be the next one right', async () => {
    const { device } = await withPasskey();
    const strict = passkeyCalls({ app: await startApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '3' }) });
    await db.look(`delete from auth.guesses where kind = 'address'`);
    for (let n = 0; n < 3; n += 1) {
      expectProblem(await strict.login(await loginAssertion(device, { userVerified: false })), 401, 'passkey_invalid');
    }
    const right = await loginAssertion(device);
    const refused = await strict.login(right);
    expectProblem(refused, 429, 'too_many_attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await db.look(`delete from auth.guesses where kind = 'address'`);
    expect((await strict.login(right)).status).toBe(200); // the locked attempt did not use the challenge
  });
});
