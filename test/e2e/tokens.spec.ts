import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, exportSPKI, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from '../../src/database/tokens.js';
import { capabilityHash, capabilityOf } from '../../src/modules/identity/index.js';
import { SigningKeys } from '../../src/modules/identity/keys/signing-keys.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem, told } from '../support/problem.js';
import { send } from '../support/raw-http.js';

const { db } = useDatabase();
const held = useApp(db, { APP_POOL_SIZE: '1', AUTH_POOL_SIZE: '1', POOL_WAIT_MS: '500' });
const { a, b } = db.world;

type Claims = Record<string, unknown>;
/** The last character of an ES256 signature carries two bits that count and four that decoders drop. */
const SAME_BITS: Record<string, string> = { A: 'B', Q: 'R', g: 'h', w: 'x' };

type Forge = () => string | Promise<string>;

const ISSUER = 'http://127.0.0.1:3000';
const now = (): number => Math.floor(Date.now() / 1000);
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const part = (token: string, index: number): string => token.split('.')[index] ?? '';

let good = '';
let claims: Claims = {};

const signer = (): SigningKeys['signer'] => held.app.nest.get(SigningKeys, { strict: false }).signer;
const jwk = (): Record<string, string> =>
  held.app.nest.get(SigningKeys, { strict: false }).publicSet.keys[0] as Record<string, string>;

/** Signed with the real key: whatever is wrong is only what the test changed. A member of undefined is left out. */
async function sign(payload: Claims = {}, header: Claims = {}, key: Parameters<SignJWT['sign']>[0] = signer().key) {
  const protectedHeader = { alg: 'ES256', typ: 'at+jwt', kid: signer().kid, ...header };
  return new SignJWT({ ...claims, jti: randomUUID(), ...payload }).setProtectedHeader(protectedHeader).sign(key);
}

const unsigned = (alg: string): string => `${b64({ alg, typ: 'at+jwt', kid: signer().kid })}.${b64(claims)}.`;
const edited = (change: Claims): string => [part(good, 0), b64({ ...claims, ...change }), part(good, 2)].join('.');
const hmac = (secret: string | Buffer): Promise<string> => sign({}, { alg: 'HS256' }, Buffer.from(secret));
const spki = async (): Promise<string> => exportSPKI((await importJWK(jwk(), 'ES256', { extractable: true })) as never);

const FORGED: [what: string, forge: Forge][] = [
  ['alg none', () => unsigned('none')],
  ['alg None', () => unsigned('None')],
  ['no alg', () => `${b64({ typ: 'at+jwt', kid: signer().kid })}.${b64(claims)}.`],
  ['alg ES256 without a signature', () => unsigned('ES256')],
  ['HS256 with the public key as PEM', async () => hmac(await spki())],
  ['HS256 with the public key as DER', () => hmac(createPublicKey({ key: jwk(), format: 'jwk' }).export({ type: 'spki', format: 'der' }))], // prettier-ignore
  ['HS256 with the public JWK', () => hmac(JSON.stringify(jwk()))],
  ['HS256 with an empty-looking secret', () => hmac('\0'.repeat(32))],
  ['another key with our kid', async () => sign({}, {}, (await generateKeyPair('ES256')).privateKey)],
  ['another key that the header brings along', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    return sign({}, { jwk: createPublicKey(await exportSPKI(pair.publicKey)).export({ format: 'jwk' }) }, pair.privateKey); // prettier-ignore
  }],
  ['typ JWT', () => sign({}, { typ: 'JWT' })],
  ['no typ', () => sign({}, { typ: undefined })],
  ['another issuer', () => sign({ iss: 'https://elsewhere.example' })],
  ['no issuer', () => sign({ iss: undefined })],
  ['another audience', () => sign({ aud: 'https://elsewhere.example' })],
  ['no audience', () => sign({ aud: undefined })],
  ['exp in the past', () => sign({ exp: now() - 1 })],
  ['no exp', () => sign({ exp: undefined })],
  ['nbf in the future', () => sign({ nbf: now() + 60 })],
  ['an unknown kid', () => sign({}, { kid: 'unknown' })],
  ['a kid from the prototype', () => sign({}, { kid: '__proto__' })],
  ['no kid', () => sign({}, { kid: undefined })],
  ['a kid that is no text', () => sign({}, { kid: [signer().kid] })],
  ['another tenant', () => edited({ tenant_id: b.id })],
  ['more permissions', () => edited({ permissions: ['deal:read', 'deal:create', 'deal:delete'] })],
  ['aal2', () => edited({ aal: 'aal2' })],
  ['a later exp', () => edited({ exp: now() + 86_400 })],
  ['the last character cut off', () => good.slice(0, -1)],
  ['the signature cut off', () => good.slice(0, good.lastIndexOf('.'))],
  ['the payload only', () => part(good, 1)],
  ['five parts', () => `${good}.x.y`],
  ['padding', () => `${good}==`],
  ['an empty payload', () => [part(good, 0), '', part(good, 2)].join('.')],
  ['garbage', () => 'garbage'],
  ['three dots', () => '...'],
  ['2 kB of garbage', () => 'x'.repeat(2_000)],
]; // prettier-ignore

/** As they would stand in the Authorization header. */
const HEADERS: [what: string, header: () => string][] = [
  ['the scheme twice', () => `Bearer Bearer ${good}`],
  ['the token twice', () => `Bearer ${good} ${good}`],
  ['a token and something else', () => `Bearer ${good} x`],
  ['two credentials', () => `Bearer ${good}, Bearer ${good}`],
  ['another scheme', () => `Basic ${good}`],
  ['no scheme', () => good],
  ['nothing behind the scheme', () => 'Bearer'],
];

const PLACES: [what: string, path: string, headers: () => Record<string, string>][] = [
  ['the query', '?access_token=TOKEN&token=TOKEN&jwt=TOKEN', () => ({})],
  ['a cookie', '', () => ({ cookie: `access_token=${good}; jwt=${good}; Authorization=Bearer ${good}` })],
  ['headers of other names', '', () => ({ 'x-access-token': good, 'proxy-authorization': `Bearer ${good}` })],
];

async function holdAll(): Promise<() => void> {
  const clients: PoolClient[] = [];
  for (const token of [APP_DATA_SOURCE, AUTH_DATA_SOURCE]) {
    const source = held.app.nest.get<{ driver: { master: Pool } }>(token, { strict: false });
    clients.push(await source.driver.master.connect());
  }
  return () => clients.forEach((client) => client.release());
}

const get = (path: string, headers: Record<string, string>): Promise<Answer> =>
  send(held.app.url, 'GET', path, headers);

describe('a token that is not ours', () => {
  let release: () => void;
  beforeAll(async () => {
    good = await held.app.token(a.users.member.email);
    claims = decodeJwt(good);
    expect(claims['iss']).toBe(ISSUER);
  });
  beforeEach(async () => {
    expect((await get('/v1/deals', { authorization: `Bearer ${good}` })).status).toBe(200);
    release = await holdAll();
  });
  afterEach(() => release());

  const refusals = async (headers: Record<string, string>, query = ''): Promise<void> => {
    for (const path of ['/v1/deals', '/v1/auth/me']) {
      const nothing = await get(path, {});
      const answer = await get(path + query.replaceAll('TOKEN', good), headers);
      expectProblem(answer, 401, 'not_authenticated');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
      expect(told(answer)).toEqual(told(nothing));
    }
  };

  it('would be answered 503 if it asked the database: every connection is held', async () => {
    for (const token of [good, await sign()]) {
      for (const path of ['/v1/deals', '/v1/auth/me']) {
        expectProblem(await get(path, { authorization: `Bearer ${token}` }), 503);
      }
    }
  });

  it.each(FORGED)('is refused without asking anybody: %s', async (_, forge) => {
    await refusals({ authorization: `Bearer ${await forge()}` });
  });

  it.each(HEADERS)('is refused in a header that is not one: %s', (_, header) => refusals({ authorization: header() }));

  it.each(PLACES)('is not looked for in %s', (_, query, headers) => refusals(headers(), query));
});

describe('a token that is signed by us', () => {
  beforeAll(async () => {
    good = await held.app.token(a.users.member.email);
    claims = decodeJwt(good);
  });
  const call = (method: string, path: string, token: string, body?: object): Promise<Answer> =>
    held.app.call(method, path, { token, body });
  const deal = { title: 'Forged', amount: '1', currency: 'EUR' };

  it.each<[what: string, forge: Forge]>([
    ['a copy', () => sign()],
    ['a copy for another tenant', () => sign({ tenant_id: b.id, role_id: b.roles.owner, role: 'owner' })],
    ['a copy at aal2', () => sign({ aal: 'aal2', amr: ['pwd', 'otp'] })],
    ["a copy of another person's", () => sign({ sub: b.users.owner.id, sid: randomUUID(), tenant_id: b.id })],
    ['the same signature, spelt otherwise', () => good.slice(0, -1) + SAME_BITS[good.at(-1) ?? '']],
  ])('is nothing to the database when it was never issued: %s', async (_, forge) => {
    const token = await forge();
    expect(token).not.toBe(good);
    expectProblem(await call('GET', '/v1/deals', token), 401);
    expectProblem(await call('POST', '/v1/deals', token, deal), 401);
    expectProblem(await call('GET', '/v1/auth/me', token), 401);
    expectProblem(await call('POST', '/v1/auth/switch-tenant', token, { tenant: 'alpha' }), 401);
    expectProblem(await call('POST', '/v1/auth/logout', token), 401);
    expect(await db.look(`select id from app.deals where title = 'Forged'`)).toEqual([]);
    expect((await call('GET', '/v1/deals', good)).status).toBe(200);
  });

  it('has the rights of its row, not the ones that it lists', async () => {
    const token = await sign({ aal: 'aal2', permissions: ['deal:read', 'deal:create', 'deal:delete'], role: 'owner' });
    const viewer = await held.app.token(a.users.viewer.email);
    await db.look(
      `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
       select $1, session_id, user_id, tenant_id, role_id, aal, expires_at from auth.capabilities where hash = $2`,
      [capabilityHash(capabilityOf(token)), capabilityHash(capabilityOf(viewer))],
    );
    expectProblem(await call('POST', '/v1/deals', token, deal), 403, 'permission_missing');
    const seen = async (one: string): Promise<unknown> => (await call('GET', '/v1/deals?limit=100', one)).body.items;
    expect(await seen(token)).toEqual(await seen(viewer));
  });

  it('is void when it names another tenant than its row', async () => {
    const token = await sign({ tenant_id: b.id });
    await db.look(
      `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
       select $1, session_id, user_id, tenant_id, role_id, aal, expires_at from auth.capabilities where hash = $2`,
      [capabilityHash(capabilityOf(token)), capabilityHash(capabilityOf(good))],
    );
    expectProblem(await call('GET', '/v1/deals', token), 401);
  });

  it('verifies with what the JWKS endpoint publishes, which holds nothing private', async () => {
    const { status, body } = await held.app.call('GET', '/.well-known/jwks.json');
    expect(status).toBe(200);
    const options = { issuer: ISSUER, audience: ISSUER, typ: 'at+jwt', algorithms: ['ES256'] };
    const { payload, protectedHeader } = await jwtVerify(good, createLocalJWKSet(body), options);
    expect(Object.keys(protectedHeader).sort()).toEqual(['alg', 'kid', 'typ']);
    expect(Object.keys(payload).sort()).toEqual(
      ['aal', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'jti', 'permissions', 'role', 'role_id', 'sid', 'sub', 'subordinate_role_ids', 'tenant_id'], // prettier-ignore
    );
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(600);
    expect(body.keys.length).toBeGreaterThan(0);
    for (const key of body.keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const [row] = await db.look<{ n: number }>('select count(*)::int as n from auth.capabilities where hash = $1', [
      createHash('sha256').update(createHash('sha256').update(good).digest('base64url')).digest(),
    ]);
    expect(row?.n).toBe(1);
  });
});
