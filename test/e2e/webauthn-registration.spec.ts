import { describe, expect, it } from '@jest/globals';
import { type Answer, startApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { type Attestation, attested, type Lie, RP_ID, SoftAuthenticator, WEBAUTHN } from '../support/authenticator.js';
import { useDatabase } from '../support/database.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { AuthDb } from '../../src/database/index.js';
import { FactorsRepository } from '../../src/modules/mfa/factors/factors.repository.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '10000' });
const { a } = db.world;
const { me, logout } = authCalls(held);
const { enrolled, register, registrationOptions, stepUp, stepUpAssertion, stepUpOptions } = passkeyCalls(held);

interface Enrolling extends Tokens {
  person: Person;
}

const signIn = async (): Promise<Enrolling> => {
  const person = await newcomer(db, [a, 'member']);
  return { person, ...(await held.app.tokens(person.email)) };
};
const attestation = async (
  { accessToken }: Tokens,
  lie?: Lie,
  device = new SoftAuthenticator(),
): Promise<Attestation> => device.create((await registrationOptions(accessToken)).body, lie);
const raised = async (tokens: Tokens, device: SoftAuthenticator): Promise<Tokens> =>
  (await stepUp(tokens.accessToken, await stepUpAssertion(tokens, device))).body as Tokens;
const factorsOf = ({ person }: Enrolling): Promise<Record<string, unknown>[]> =>
  db.look('select name, type, transports, activated_at is not null as active from auth.factors where user_id = $1', [
    person.id,
  ]);
const statusesOf = (answers: Answer[]): number[] => answers.map(({ status }) => status).sort();

const LIES: [what: string, lie: Lie][] = [
  ['another origin', { clientData: { origin: 'https://app.ringfence.example.evil.example' } }],
  ['our origin over http', { clientData: { origin: 'http://app.ringfence.example' } }],
  ['a page in somebody else’s page', { clientData: { crossOrigin: true } }],
  ['another relying party', { rpId: `app.${RP_ID}` }],
  ['another ceremony', { clientData: { type: 'webauthn.get' } }],
  ['no user verification', { userVerified: false }],
  ['no user presence', { userPresent: false }],
  ['an unknown challenge', { clientData: { challenge: 'A'.repeat(43) } }],
  ['no challenge', { clientData: { challenge: {} } }],
];

describe('options for a registration', () => {
  it('ask for a verified user, vouch for nobody, and say nothing about the person but to the person', async () => {
    const tokens = await signIn();
    const { status, body, headers } = await registrationOptions(tokens.accessToken);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      rp: { id: RP_ID, name: 'Ringfence' },
      user: {
        id: Buffer.from(tokens.person.id.replaceAll('-', ''), 'hex').toString('base64url'),
        name: tokens.person.email,
        displayName: tokens.person.email,
      },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'required' },
      extensions: { credProps: true },
      hints: [],
    });
  });

  it('leave out the devices that have one already', async () => {
    const tokens = await signIn();
    const device = await enrolled(tokens);
    const { accessToken } = await raised(tokens, device);
    const { body } = await registrationOptions(accessToken);
    expect(body.excludeCredentials).toEqual((await stepUpOptions(accessToken)).body.allowCredentials);
    expect(() => device.create(body)).toThrow();
  });
});

describe('a registration', () => {
  it('makes an active factor at once, with recovery codes for the first', async () => {
    const tokens = await signIn();
    const first = await register(tokens.accessToken, await attestation(tokens), 'Key on the ring');
    expect([first.status, first.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(first.body).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), recoveryCodes: expect.any(Array) });
    expect(new Set(first.body.recoveryCodes).size).toBe(10);
    expect(await factorsOf(tokens)).toEqual([
      { name: 'Key on the ring', type: 'webauthn', transports: ['internal'], active: true },
    ]);
    expect((await me(tokens.accessToken)).body).toMatchObject({ aal: 'aal1', mfaEnrolled: true });
    expect((await held.app.tokens(tokens.person.email)) as object).toMatchObject({ mfaRequired: true });
  });

  it('of a second one is made at aal2, and makes no new codes', async () => {
    const tokens = await signIn();
    const device = await enrolled(tokens);
    const high = await raised(tokens, device);
    const second = await register(high.accessToken, await attestation(high), 'Phone');
    expect([second.status, second.body.recoveryCodes]).toEqual([201, []]);
    expect((await stepUpOptions(high.accessToken)).body.allowCredentials).toHaveLength(2);
  });

  it('takes what a browser sends beside it, and no more', async () => {
    const tokens = await signIn();
    const { response, ...rest } = await attestation(tokens);
    const named = { ...rest, authenticatorAttachment: 'platform', clientExtensionResults: { credProps: { rk: true } } };
    expectProblem(await register(tokens.accessToken, { ...named, response, aal: 2 }), 400, 'validation_failed');
    expectProblem(
      await register(tokens.accessToken, { ...named, response: { ...response, userVerified: true } }),
      400,
      'validation_failed',
    );
    expect((await register(tokens.accessToken, { ...named, response })).status).toBe(201);
  });

  it.each(LIES)('is refused with %s', async (_, lie) => {
    const tokens = await signIn();
    const refused = await register(tokens.accessToken, await attestation(tokens, lie));
    expectProblem(refused, 422, 'credential_invalid');
    expect(refused.body.detail).toBe('This passkey cannot be registered. Ask for new options and try again.');
    expect(await factorsOf(tokens)).toEqual([]);
  });

  it('is refused when its id is not the one that the device attested', async () => {
    const tokens = await signIn();
    const id = Buffer.alloc(32, 7).toString('base64url');
    const credential = { ...(await attestation(tokens)), id, rawId: id };
    expectProblem(await register(tokens.accessToken, credential), 422, 'credential_invalid');
  });

  it('takes an attestation by the credential’s own key, and no other: certificates name addresses to fetch', async () => {
    const device = new SoftAuthenticator();
    const tokens = await signIn();
    const selfAttested = device.selfAttested(await attestation(tokens, {}, device));
    expect((await register(tokens.accessToken, selfAttested)).status).toBe(201);

    const other = await signIn();
    const made = new SoftAuthenticator();
    const refused: ((credential: Attestation) => Attestation)[] = [
      (credential) => made.makerAttested(credential),
      (credential) => device.selfAttested(credential), // another credential's key
      ...['packed', 'fido-u2f', 'tpm', 'android-key', 'android-safetynet', 'apple', 'compound', 'none'].map(
        (format) => (credential: Attestation) =>
          attested(credential, format, () => new Map([['x5c', [new Uint8Array(64)]]])),
      ),
    ];
    for (const change of refused) {
      const credential = change(await attestation(other, {}, made));
      expectProblem(await register(other.accessToken, credential), 422, 'credential_invalid');
    }
    expect(await factorsOf(other)).toEqual([]);
  });

  it('is refused for a passkey that is registered, whoever it belongs to', async () => {
    const [one, two] = [await signIn(), await signIn()];
    const device = new SoftAuthenticator();
    const first = await attestation(one, {}, device);
    expect((await register(one.accessToken, first)).status).toBe(201);
    const { challenge } = (await registrationOptions(two.accessToken)).body;
    const clientData = { type: 'webauthn.create', challenge, origin: 'https://app.ringfence.example' };
    const clientDataJSON = Buffer.from(JSON.stringify(clientData)).toString('base64url');
    const again = { ...first, response: { ...first.response, clientDataJSON } };
    expectProblem(await register(two.accessToken, again), 409, 'credential_registered');
    expect([await factorsOf(one), await factorsOf(two)].map(({ length }) => length)).toEqual([1, 0]);
    expect((await me(two.accessToken)).body.mfaEnrolled).toBe(false);
  });

  it('is refused to whoever has twenty factors', async () => {
    const tokens = await signIn();
    const device = await enrolled(tokens);
    const { accessToken } = await raised(tokens, device);
    const last = await attestation({ ...tokens, accessToken });
    await db.look(
      `insert into auth.factors (user_id, type, name, credential_id, public_key, sign_count, activated_at)
       select $1, 'webauthn', 'n', 'planted-' || n, '\\x00', 0, now() from generate_series(1, 19) n`,
      [tokens.person.id],
    );
    expectProblem(await registrationOptions(accessToken), 409, 'too_many_factors');
    expectProblem(await register(accessToken, last), 409, 'too_many_factors');
  });

  it.each(['', '   ', 'x'.repeat(101), null, 7])('needs a name: %j is none', async (name) => {
    const tokens = await signIn();
    const credential = await attestation(tokens);
    expectProblem(await register(tokens.accessToken, credential, name), 400, 'validation_failed');
    expect((await register(tokens.accessToken, credential)).status).toBe(201); // the challenge was not used
  });
});

describe('the challenge of a registration', () => {
  it('is good for one attempt, be it a wrong one', async () => {
    const tokens = await signIn();
    const device = new SoftAuthenticator();
    const { body: options } = await registrationOptions(tokens.accessToken);
    expectProblem(await register(tokens.accessToken, device.create(options, { userVerified: false })), 422);
    expectProblem(await register(tokens.accessToken, device.create(options)), 422, 'credential_invalid');
    expect(await factorsOf(tokens)).toEqual([]);
  });

  it('belongs to its session and its ceremony, and lasts five minutes', async () => {
    const tokens = await signIn();
    const elsewhere = await held.app.tokens(tokens.person.email);
    expectProblem(await register(tokens.accessToken, await attestation(elsewhere)), 422, 'credential_invalid');
    expectProblem(await register(tokens.accessToken, await attestation(await signIn())), 422, 'credential_invalid');
    const late = await attestation(tokens);
    await db.look('update auth.one_time_tokens set expires_at = now()');
    expectProblem(await register(tokens.accessToken, late), 422, 'credential_invalid');

    const device = await enrolled(tokens);
    const high = await raised(tokens, device);
    const { challenge } = (await stepUpOptions(high.accessToken)).body;
    const { body: options } = await registrationOptions(high.accessToken);
    const wrong = new SoftAuthenticator().create({ ...options, challenge });
    expectProblem(await register(high.accessToken, wrong), 422, 'credential_invalid');
  });

  it('ends with its session', async () => {
    const tokens = await signIn();
    const credential = await attestation(tokens);
    await logout(tokens.accessToken);
    expectProblem(await registrationOptions(tokens.accessToken), 401);
    expectProblem(await register(tokens.accessToken, credential), 401);
    const again = await held.app.tokens(tokens.person.email);
    expectProblem(await register(again.accessToken, credential), 422, 'credential_invalid');
  });

  it('answered fifty times at once, over two pods, is answered once', async () => {
    const tokens = await signIn();
    const elsewhere = passkeyCalls({ app: await startApp(db, WEBAUTHN) });
    const credential = await attestation(tokens);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? register : elsewhere.register)(tokens.accessToken, credential)),
    );
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(49).fill(422)]);
    expect(await factorsOf(tokens)).toHaveLength(1);
  });
});

describe('whoever has a factor', () => {
  /** A session at aal1 with a good registration in its hands, and a factor that came in between. */
  const late = async (): Promise<{ tokens: Enrolling; credential: Attestation; device: SoftAuthenticator }> => {
    const tokens = await signIn();
    const credential = await attestation(tokens);
    return { tokens, credential, device: await enrolled(tokens) };
  };

  it('adds another at aal2 only: the service says so', async () => {
    const { tokens, credential } = await late();
    for (const refused of [
      await registrationOptions(tokens.accessToken),
      await register(tokens.accessToken, credential),
    ]) {
      expectProblem(refused, 403, 'aal2_required');
      expect(refused.body.requiredAal).toBe('aal2');
    }
    expect(await factorsOf(tokens)).toHaveLength(1);
  });

  it('adds another at aal2 only: the database says so, when the service does not', async () => {
    class Blind extends FactorsRepository {
      override of(): Promise<never[]> {
        return Promise.resolve([]);
      }
    }
    const factory = (auth: AuthDb): FactorsRepository => new Blind(auth);
    const app = await startApp(db, WEBAUTHN, (builder) =>
      builder.overrideProvider(FactorsRepository).useFactory({ factory, inject: [AuthDb] }),
    );
    const blind = passkeyCalls({ app });
    const { tokens, credential, device } = await late();
    expect((await blind.registrationOptions(tokens.accessToken)).status).toBe(200);
    const refused = await blind.register(tokens.accessToken, credential);
    expectProblem(refused, 403, 'aal2_required');
    expect(refused.body.detail).toMatch(/POST \/v1\/auth\/mfa\/verify/);
    expect(await factorsOf(tokens)).toHaveLength(1);
    const high = await raised(tokens, device);
    expect((await blind.register(high.accessToken, await attestation(high))).status).toBe(201);
  });

  it('was one of fifty first ones at once: the others came too late', async () => {
    const tokens = await signIn();
    const elsewhere = passkeyCalls({ app: await startApp(db, WEBAUTHN) });
    const credentials = await Promise.all(Array.from({ length: 50 }, () => attestation(tokens)));
    const answers = await Promise.all(
      credentials.map((credential, n) => (n % 2 ? register : elsewhere.register)(tokens.accessToken, credential)),
    );
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(49).fill(403)]);
    expect(await factorsOf(tokens)).toHaveLength(1);
    const codes = await db.look('select from auth.recovery_codes where user_id = $1', [tokens.person.id]);
    expect(codes).toHaveLength(10);
  });
});
