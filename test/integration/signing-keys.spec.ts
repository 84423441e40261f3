import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Client, Pool } from 'pg';
import { KeyRing, loadConfig } from '../../src/config/index.js';
import { AuthDb } from '../../src/database/index.js';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from '../../src/database/tokens.js';
import { type KeyInfo, listKeys, rotateKeys, rotateKeysNow } from '../../src/modules/identity/keys/key-rotation.js';
import { LEAD_SECONDS, LONGEST_TOKEN_SECONDS, OVERLAP_SECONDS, RELOAD_SECONDS } from '../../src/modules/identity/keys/key-times.js'; // prettier-ignore
import { SigningKeys } from '../../src/modules/identity/keys/signing-keys.js';
import { type Answer, startApp, type TestApp, testRing } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const { email } = db.world.a.users.member;

let one: TestApp;
let two: TestApp;
let admin: Client;

const keysOf = (app: TestApp): SigningKeys => app.nest.get(SigningKeys, { strict: false });
const reload = (...apps: TestApp[]): Promise<unknown> => Promise.all(apps.map((app) => keysOf(app).reload()));
const authDb = (): AuthDb => one.nest.get(AuthDb, { strict: false });
const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;
const jwks = (app: TestApp, headers = {}): Promise<Answer> =>
  app.call('GET', '/.well-known/jwks.json', { headers }); // prettier-ignore
const kidsOf = async (app: TestApp): Promise<string[]> => (await jwks(app)).body.keys.map(({ kid }: KeyInfo) => kid);
const deals = (app: TestApp, token: string): Promise<Answer> => app.call('GET', '/v1/deals', { token });
const states = async (): Promise<string[]> => (await listKeys(authDb())).map(({ state }) => state);

/** As if so many seconds had gone by for the keys, and for nothing else. */
const pass = (seconds: number): Promise<unknown> =>
  admin.query(
    `update auth.signing_keys set created_at = created_at - d, not_before = not_before - d, retired_at = retired_at - d
       from make_interval(secs => $1) d`,
    [seconds],
  );

const start = (): Promise<TestApp> => startApp(db, { AUTH_POOL_SIZE: '2', POOL_WAIT_MS: '500' });

beforeAll(async () => {
  admin = await db.as('admin');
  [one, two] = await Promise.all([start(), start()]);
});
beforeEach(async () => {
  await admin.query('delete from auth.signing_keys'); // each test begins with one key, made by whoever is first
  await reload(one, two);
});

describe('the first key', () => {
  it('is one, whichever of many servers looks first', async () => {
    const ring = new KeyRing('k', new Map([['k', Buffer.alloc(32)]]));
    await admin.query('delete from auth.signing_keys');
    await Promise.all(Array.from({ length: 8 }, () => new SigningKeys(authDb(), ring).reload().catch(() => undefined)));
    expect(await states()).toEqual(['signing']);
    await admin.query('delete from auth.signing_keys');
    await reload(one, two);
    expect(keysOf(one).signer.kid).toBe(keysOf(two).signer.kid);
    expect((await deals(two, await one.token(email))).status).toBe(200);
  });
});

describe('a rotation', () => {
  it('publishes the new key before it signs, and keeps the old one until its last token has expired', async () => {
    const old = await one.token(email);
    const { next, made, replaced } = await rotateKeys(authDb(), testRing);
    expect([made, replaced.map(({ kid }) => kid)]).toEqual([true, [kidOf(old)]]);
    expect(await states()).toEqual(['next', 'signing']);

    await reload(one, two);
    for (const app of [one, two]) expect((await kidsOf(app)).sort()).toEqual([next.kid, kidOf(old)].sort());
    expect(kidOf(await one.token(email))).toBe(kidOf(old)); // published, not signing

    await pass(LEAD_SECONDS);
    expect(await states()).toEqual(['signing', 'verifying']);
    await reload(one); // the other has not looked yet
    const [fresh, late] = [await one.token(email), await two.token(email)];
    expect([kidOf(fresh), kidOf(late)]).toEqual([next.kid, kidOf(old)]);
    for (const token of [old, fresh, late]) {
      for (const app of [one, two]) expect((await deals(app, token)).status).toBe(200);
      const { body } = await jwks(two);
      await expect(jwtVerify(token, createLocalJWKSet(body))).resolves.toBeTruthy();
    }

    await pass(OVERLAP_SECONDS - 60);
    await reload(one, two);
    expect((await deals(two, late)).status).toBe(200);
    await pass(60);
    expect(await states()).toEqual(['signing', 'retired']);
    await reload(one, two);
    for (const app of [one, two]) {
      expect(await kidsOf(app)).toEqual([next.kid]);
      for (const token of [old, late]) expectProblem(await deals(app, token), 401, 'not_authenticated');
      expect((await deals(app, fresh)).status).toBe(200);
    }
  });

  it('leaves time for every token to expire, and for a server that missed a look', () => {
    const longest = { ACCESS_TOKEN_TTL: String(LONGEST_TOKEN_SECONDS) };
    expect(loadConfig(longest).env.ACCESS_TOKEN_TTL).toBe(LONGEST_TOKEN_SECONDS);
    expect(() => loadConfig({ ACCESS_TOKEN_TTL: String(LONGEST_TOKEN_SECONDS + 1) })).toThrow();
    expect(OVERLAP_SECONDS).toBeGreaterThan(LONGEST_TOKEN_SECONDS + 2 * RELOAD_SECONDS);
    expect(LEAD_SECONDS).toBeGreaterThan(2 * RELOAD_SECONDS);
  });

  it('that two ask for at once, or again too soon, is one', async () => {
    const both = await Promise.all([rotateKeys(authDb(), testRing), rotateKeys(authDb(), testRing)]);
    both.push(await rotateKeys(authDb(), testRing));
    expect(both.map(({ made }) => made).sort()).toEqual([false, false, true]);
    expect(new Set(both.map(({ next }) => next.kid)).size).toBe(1);
    expect(await states()).toEqual(['next', 'signing']);
  });

  it('after another has keys of both verify, and one sign', async () => {
    const kids = [keysOf(one).signer.kid];
    for (const round of [1, 2]) {
      kids.unshift((await rotateKeys(authDb(), testRing)).next.kid);
      await pass(LEAD_SECONDS);
      await reload(one, two);
      expect([keysOf(one).signer.kid, keysOf(two).signer.kid]).toEqual([kids[0], kids[0]]);
      expect(await states()).toEqual(['signing', ...Array.from({ length: round }, () => 'verifying')]);
    }
    expect(await kidsOf(one)).toEqual(kids);
  });
});

describe('a rotation at once', () => {
  it('voids every token of the old keys at each server’s next look, and no refresh token', async () => {
    const tokens = await one.tokens(email);
    await rotateKeys(authDb(), testRing); // one that is to come is void as well
    const { next, replaced } = await rotateKeysNow(authDb(), testRing);
    expect(replaced).toHaveLength(2);
    expect(await states()).toEqual(expect.arrayContaining(['signing', 'retired', 'retired']));
    expect((await deals(two, tokens.accessToken)).status).toBe(200); // it has not looked yet
    await reload(one, two);
    for (const app of [one, two]) {
      expectProblem(await deals(app, tokens.accessToken), 401, 'not_authenticated');
      expect(await kidsOf(app)).toEqual([next.kid]);
    }
    const refreshed = await two.call('POST', '/v1/auth/refresh', { body: { refreshToken: tokens.refreshToken } });
    expect([refreshed.status, kidOf(refreshed.body.accessToken)]).toEqual([200, next.kid]);
    expect((await deals(one, refreshed.body.accessToken)).status).toBe(200);
  });

  it('that two ask for at once leaves one key', async () => {
    await Promise.all([rotateKeysNow(authDb(), testRing), rotateKeysNow(authDb(), testRing)]);
    expect((await states()).sort()).toEqual(['retired', 'retired', 'signing']);
    await reload(one, two);
    expect(await kidsOf(one)).toHaveLength(1);
    expect((await deals(two, await one.token(email))).status).toBe(200);
  });
});

describe('a server', () => {
  it('asks nobody about a kid that it does not know: a retired one, or one that never was', async () => {
    const { accessToken } = await one.tokens(email);
    await rotateKeysNow(authDb(), testRing);
    await reload(one, two); // both: Passport's strategies are the process's, so either app may verify for the other
    const [head = '', ...rest] = accessToken.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
    const never = [Buffer.from(JSON.stringify({ ...header, kid: 'never' })).toString('base64url'), ...rest].join('.');
    const fresh = await one.token(email);
    const release = await holdAll(one);
    try {
      for (const token of [accessToken, never]) expectProblem(await deals(one, token), 401, 'not_authenticated');
      expectProblem(await deals(one, fresh), 503); // whoever asks the database is answered this
    } finally {
      release();
    }
  });

  it('that lacks a new key of the ring goes on with the key it has, and verifies what others sign', async () => {
    const other = new KeyRing('k2', new Map([['k2', Buffer.alloc(32, 7)]]));
    const { next } = await rotateKeysNow(authDb(), other);
    const { kid } = keysOf(one).signer;
    await expect(keysOf(one).reload()).rejects.toThrow(`signing-key:${next.kid} cannot be decrypted`);
    expect(keysOf(one).signer.kid).toBe(kid);
    expect(keysOf(one).publicKey(next.kid)).toBeDefined();
    expect(keysOf(one).publicKey(kid)).toBeUndefined();
  });

  it('reads its signer’s private key once, so that a ring key that went meanwhile does no harm', async () => {
    await admin.query(`update auth.signing_keys set private_key_encrypted = 'gone.x'`);
    await reload(one);
    expect((await deals(one, await one.token(email))).status).toBe(200);
  });
});

describe('the JWK Set', () => {
  it('may be kept for a minute, and is confirmed without being sent again', async () => {
    const first = await jwks(one);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const tag of [etag, `"x", W/${etag}`, '*']) {
      const again = await jwks(two, { 'If-None-Match': tag }); // the same on every pod
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      expect(again.headers.get('cache-control')).toBe('public, max-age=60');
    }
    await rotateKeys(authDb(), testRing);
    await reload(two);
    const changed = await jwks(two, { 'If-None-Match': etag });
    expect([changed.status, changed.body.keys.length]).toEqual([200, 2]);
  });

  it('holds nothing private, whatever the row holds', async () => {
    await admin.query(`update auth.signing_keys set public_jwk = public_jwk || '{"d": "canary", "k": "canary"}'`);
    await reload(one);
    const { body, text } = await jwks(one);
    expect(text).not.toContain('canary');
    for (const key of body.keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });
});

/** Takes every connection of both pools, so that nothing can be asked. */
async function holdAll(app: TestApp): Promise<() => void> {
  const pools = [APP_DATA_SOURCE, AUTH_DATA_SOURCE].map(
    (token) => app.nest.get<{ driver: { master: Pool } }>(token, { strict: false }).driver.master,
  );
  const clients = await Promise.all(
    pools.flatMap((pool) => Array.from({ length: pool.options.max }, () => pool.connect())),
  );
  return () => clients.forEach((client) => client.release());
}
