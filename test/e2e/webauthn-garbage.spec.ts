import { beforeAll, describe, expect, it } from '@jest/globals';
import { RelyingParty } from '../../src/modules/mfa/webauthn/relying-party.js';
import type { AssertionCredential, RegistrationCredential } from '../../src/modules/mfa/webauthn/dto/credentials.js';
import { type Tokens, useApp } from '../support/app.js';
import { type Assertion, type Attestation, bytesOf, SoftAuthenticator, WEBAUTHN } from '../support/authenticator.js';
import { useDatabase } from '../support/database.js';
import { passkeyCalls } from '../support/passkey-calls.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';

/*
 * What a device says is bytes from outside: CBOR, JSON, DER and COSE, each with a parser behind it. Whatever stands there,
 * the answer is a refusal and never a fault of ours.
 */

const { db } = useDatabase();
const held = useApp(db, { ...WEBAUTHN, GUESSES_PER_ADDRESS: '100000' });
const { a } = db.world;
const { enrolled, register, registrationOptions, stepUp, stepUpAssertion, login, loginAssertion } = passkeyCalls(held);

const FLIPS = 400;
const device = new SoftAuthenticator();
let tokens: Tokens;
let parser: RelyingParty;

beforeAll(async () => {
  tokens = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
  parser = held.app.nest.get(RelyingParty, { strict: false });
});

/** Shorter, longer, and with single bits turned, spread over the whole. */
function* damaged(base64url: string): Generator<string> {
  const bytes = bytesOf(base64url);
  for (let length = 1; length < bytes.length; length += Math.ceil(bytes.length / 60)) {
    yield bytes.subarray(0, length).toString('base64url');
  }
  yield Buffer.concat([bytes, Buffer.from([0])]).toString('base64url');
  yield Buffer.concat([bytes, bytes]).toString('base64url');
  for (let n = 0; n < FLIPS; n += 1) {
    const bit = Math.floor((n * bytes.length * 8) / FLIPS);
    const turned = Buffer.from(bytes);
    turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield turned.toString('base64url');
  }
}

/** What an ECDSA signature says: DER wraps two numbers in an envelope that some parsers do not look at. */
function numbersOf({ response }: Assertion): Buffer[] {
  const der = bytesOf(response.signature);
  const second = 4 + der.readUInt8(3);
  return [der.subarray(4, second), der.subarray(second + 2)].map((number) => number.subarray(number[0] === 0 ? 1 : 0));
}

const repeated = (byte: number, times: number, end = ''): string =>
  Buffer.concat([Buffer.alloc(times, byte), Buffer.from(end, 'hex')]).toString('base64url');

/** CBOR (RFC 8949) that parsers stumble over. */
const CBOR = [
  repeated(0x81, 6_000), // an array in an array in ...
  repeated(0xa1, 6_000), // a map as key of a map ...
  repeated(0xc1, 6_000), // a tag of a tag ...
  ...['9bffffffffffffffff', 'bbffffffffffffffff', '5bffffffffffffffff', '7bffffffffffffffff', '9a7fffffff00'].map(
    (hex) => Buffer.from(hex, 'hex').toString('base64url'), // longer than the world
  ),
  ...['9f', 'bf', '5f', 'ff', 'f6', 'f7', 'fb7ff8000000000000', 'a0', '80', '00', '60', '40', '1c', 'a10101'].map(
    (hex) => Buffer.from(hex, 'hex').toString('base64url'),
  ),
  Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461f6', 'hex').toString('base64url'), // authData null
  Buffer.from('a363666d74646e6f6e656761747453746d74f668617574684461746140', 'hex').toString('base64url'), // attStmt null
  Buffer.from('a363666d74667061636b65646761747453746d74f668617574684461746140', 'hex').toString('base64url'),
  Buffer.from('a263666d74f66761747453746d74a0', 'hex').toString('base64url'),
];

/** Client data that is no client data. */
const CLIENT_DATA = ['', 'null', '[]', '0', '"x"', '{', '{}', '{"challenge":{}}', '{"challenge":""}', '\u0000', '[['.repeat(1_000)].map(
  (json) => Buffer.from(json || ' ').toString('base64url'),
); // prettier-ignore

describe('the parser', () => {
  it('takes no damaged assertion', async () => {
    await enrolled(tokens, device);
    const assertion = await stepUpAssertion(tokens, device);
    const challenge = JSON.parse(bytesOf(assertion.response.clientDataJSON).toString()).challenge as string;
    const [row] = await db.look<{ key: Buffer }>(
      'select public_key as key from auth.factors where credential_id = $1',
      [assertion.id],
    );
    const key = row?.key ?? Buffer.alloc(0);
    const verdict = (response: object, publicKey = key): Promise<number | undefined> => {
      const credential = { ...assertion, response: { ...assertion.response, ...response } };
      return parser.asserted(credential as AssertionCredential, challenge, publicKey);
    };
    expect(await verdict({})).toBe(1);
    const taken: string[] = [];
    let tried = 0;
    for (const part of ['authenticatorData', 'signature', 'clientDataJSON'] as const) {
      for (const bytes of [...damaged(assertion.response[part]), ...CBOR, ...CLIENT_DATA]) {
        tried += 1;
        const counter = await verdict({ [part]: bytes });
        const same = part === 'signature' && numbersOf(assertion).every((number) => bytesOf(bytes).includes(number));
        if (counter !== undefined && !same) taken.push(`${part} ${bytes}`);
      }
    }
    for (const bytes of CBOR) expect(await verdict({}, bytesOf(bytes))).toBeUndefined();
    expect(taken).toEqual([]);
    expect(tried).toBeGreaterThan(3 * FLIPS);
  });

  it('does not fall over a damaged registration, and takes none under another id', async () => {
    const other = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
    const { body: options } = await registrationOptions(other.accessToken);
    const registration = new SoftAuthenticator().create(options);
    const verdict = (response: object) => {
      const credential = { ...registration, response: { ...registration.response, ...response } };
      return parser.registered(credential as unknown as RegistrationCredential, options.challenge as string);
    };
    expect(await verdict({})).toMatchObject({ id: registration.id, signCount: 0 });
    // nobody vouches for these bytes, so that some changed ones are a registration like any other
    for (const part of ['attestationObject', 'clientDataJSON'] as const) {
      for (const bytes of damaged(registration.response[part])) {
        expect((await verdict({ [part]: bytes }))?.id ?? registration.id).toBe(registration.id);
      }
    }
    for (const attestationObject of CBOR) expect(await verdict({ attestationObject })).toBeUndefined();
    for (const clientDataJSON of CLIENT_DATA) expect(await verdict({ clientDataJSON })).toBeUndefined();
  });
});

describe('over HTTP', () => {
  it('broken bytes are refused, whatever they are', async () => {
    const other = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
    const registering = async (): Promise<Attestation> =>
      new SoftAuthenticator().create((await registrationOptions(other.accessToken)).body);
    for (const attestationObject of CBOR) {
      const { response, ...rest } = await registering();
      const broken = { ...rest, response: { ...response, attestationObject } };
      expectProblem(await register(other.accessToken, broken), 422, 'credential_invalid');
    }
    for (const authenticatorData of CBOR.filter((bytes) => bytes.length <= 4_096)) {
      const { response, ...rest } = await stepUpAssertion(tokens, device);
      const broken = {
        ...rest,
        response: { ...response, authenticatorData, signature: authenticatorData.slice(0, 2_048) },
      };
      expectProblem(await stepUp(tokens.accessToken, broken), 401, 'passkey_invalid');
    }
    for (const clientDataJSON of CLIENT_DATA) {
      const { response, ...rest } = await loginAssertion(device);
      expectProblem(await login({ ...rest, response: { ...response, clientDataJSON } }), 401, 'passkey_invalid');
    }
  });

  it.each<[string, (credential: Assertion) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['text', () => 'x'],
    ['a number', () => 1],
    ['a list of credentials', (credential) => [credential]],
    ['no response', ({ response: _, ...rest }) => rest],
    ['a response that is text', (credential) => ({ ...credential, response: 'x' })],
    ['a response that is null', (credential) => ({ ...credential, response: null })],
    ['a list of responses', (credential) => ({ ...credential, response: [credential.response] })],
    ['an unknown member', (credential) => ({ ...credential, userId: 'x' })],
    ['an unknown member within', (credential) => ({ ...credential, response: { ...credential.response, aal: 2 } })],
    ['padding', (credential) => ({ ...credential, id: `${credential.id}=` })],
    ['plain base64', (credential) => ({ ...credential, rawId: '+/+/' })],
    ['an empty id', (credential) => ({ ...credential, id: '' })],
    ['an id beyond 1023 bytes', (credential) => ({ ...credential, id: 'A'.repeat(1_365) })],
    ['another type', (credential) => ({ ...credential, type: 'password' })],
    ['a signature that is a list', (c) => ({ ...c, response: { ...c.response, signature: [c.response.signature] } })],
    ['a user handle that is null', (c) => ({ ...c, response: { ...c.response, userHandle: null } })],
    ['a user handle beyond 64 bytes', (c) => ({ ...c, response: { ...c.response, userHandle: 'A'.repeat(89) } })],
    ['no extension results', ({ clientExtensionResults: _, ...rest }) => rest],
    ['extension results in a list', (credential) => ({ ...credential, clientExtensionResults: [] })],
    ['very many extension results', (c) => ({ ...c, clientExtensionResults: { a: 'x'.repeat(4_100) } })],
  ])('a credential with %s is malformed, and uses no challenge', async (_, change) => {
    const assertion = await stepUpAssertion(tokens, device);
    expectProblem(await stepUp(tokens.accessToken, change(assertion)), 400, 'validation_failed');
    expectProblem(await login(change(assertion)), 400, 'validation_failed');
    expect((await stepUp(tokens.accessToken, assertion)).status).toBe(200);
  });

  it('names the field that is wrong, never its value', async () => {
    const assertion = await stepUpAssertion(tokens, device);
    const response = { ...assertion.response, signature: 'not base64url!' };
    const { body, text } = await stepUp(tokens.accessToken, { ...assertion, response });
    expect(body.errors).toEqual([
      { field: 'credential.response.signature', message: 'signature must be base64url without padding' },
    ]);
    expect(text).not.toContain('not base64url!');
  });

  it.each([
    ['words that are none', ['usb hub']],
    ['too many', Array<string>(9).fill('usb')],
    ['no list', 'usb'],
    ['numbers', [1]],
  ])('transports that are %s are malformed', async (_, transports) => {
    const other = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
    const { response, ...rest } = new SoftAuthenticator().create((await registrationOptions(other.accessToken)).body);
    expectProblem(
      await register(other.accessToken, { ...rest, response: { ...response, transports } }),
      400,
      'validation_failed',
    );
  });

  it('is in the document, member by member', async () => {
    const { body: document } = await held.app.call('GET', '/openapi.json');
    const { schemas } = document.components;
    expect(schemas.AssertionCredential.properties.response.$ref).toBe('#/components/schemas/AssertionResponse');
    expect(schemas.AssertionResponse.required).toEqual(['clientDataJSON', 'authenticatorData', 'signature']);
    expect(schemas.AttestationResponse.required).toEqual(['clientDataJSON', 'attestationObject']);
    expect(schemas.RegistrationCredential.properties.id).toMatchObject({ pattern: '^[\\w-]+$', maxLength: 1_364 });
  });
});
