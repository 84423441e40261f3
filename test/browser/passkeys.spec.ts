import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type Answer, startApp, type TestApp, type Tokens } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { PLATFORM, U2F_KEY, useBrowser, withAuthenticator } from './browser.js';
import { startTestPage, type TestPage } from './test-page.js';

/*
 * Passkeys where they live: a page that uses them as browsers have them, with the API behind it. What a device and a page
 * may get wrong is in test/e2e/webauthn*.spec.ts.
 */

const { db } = useDatabase();
const { a } = db.world;
const { open } = useBrowser();
let front: TestPage;
let app: TestApp;

beforeAll(async () => {
  front = await startTestPage(db);
  app = await startApp(db, { WEBAUTHN_RP_ID: 'localhost', WEBAUTHN_ORIGINS: front.origin });
  front.serveApi(app.url);
});

type Reached = Pick<Answer, 'status' | 'body'>;

/** The page's own functions, called in the page. */
async function visit(kind: typeof PLATFORM | typeof U2F_KEY = PLATFORM) {
  const { page, faults } = await open(front.origin);
  const device = await withAuthenticator(page, kind);
  const run = (name: string, ...args: unknown[]): Promise<Reached> =>
    page.evaluate(
      ([called, given]) => (globalThis as any).passkeys[called as string](...(given as unknown[])),
      [name, args],
    );
  return {
    device,
    faults,
    register: (token: string, changed?: object) => run('register', token, 'This browser', changed),
    stepUp: (token: string, changed?: object) => run('stepUp', token, changed),
    signIn: (changed?: object) => run('signIn', changed),
  };
}

const endSessionsOf = (userId: string, token: string): Promise<Answer> =>
  app.call('DELETE', `/v1/members/${userId}/sessions`, { token });

describe('a browser with a passkey', () => {
  it('registers it, steps up, does what needs aal2, signs out, and signs in again with nothing else', async () => {
    const admin = await newcomer(db, [a, 'admin']);
    const viewer = await newcomer(db, [a, 'viewer']);
    const { register, stepUp, signIn, faults } = await visit();
    const { accessToken } = await app.tokens(admin.email);

    const registered = await register(accessToken);
    expect([registered.status, registered.body.recoveryCodes?.length]).toEqual([201, 10]);
    expect((await endSessionsOf(viewer.id, accessToken)).body.code).toBe('aal2_required');

    const raised = await stepUp(accessToken);
    expect([raised.status, raised.body.aal]).toEqual([200, 'aal2']);
    expect((await endSessionsOf(viewer.id, raised.body.accessToken)).status).toBe(204);
    expect((await app.call('POST', '/v1/auth/logout', { token: raised.body.accessToken })).status).toBe(204);
    expect((await endSessionsOf(viewer.id, raised.body.accessToken)).status).toBe(401);

    const { status, body } = await signIn();
    expect([status, body.aal, body.mfaRequired]).toEqual([200, 'aal2', false]);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sub: admin.id, amr: ['mfa', 'pop', 'user'] });
    expect((await endSessionsOf(viewer.id, body.accessToken)).status).toBe(204);
    expect(faults).toEqual([]);
  });

  it('whose user is not verified is refused, be it by the browser or, past a careless page, by the API', async () => {
    const { accessToken } = await app.tokens((await newcomer(db, [a, 'member'])).email);
    const { register, stepUp, signIn, device } = await visit();
    const careless = { userVerification: 'discouraged' };

    await device.verifyUser(false);
    await expect(register(accessToken)).rejects.toThrow('NotAllowedError');
    await device.verifyUser(true);
    expect((await register(accessToken)).status).toBe(201);
    await device.verifyUser(false);
    await expect(stepUp(accessToken)).rejects.toThrow('NotAllowedError');
    await expect(signIn()).rejects.toThrow('NotAllowedError');
    for (const refused of [await stepUp(accessToken, careless), await signIn(careless)]) {
      expect([refused.status, refused.body.code]).toEqual([401, 'passkey_invalid']);
    }
    await device.verifyUser(true);
    expect((await stepUp(accessToken)).body.aal).toBe('aal2');
  });

  it('on a key that verifies nobody is refused, past a careless page, by the API', async () => {
    const { accessToken } = await app.tokens((await newcomer(db, [a, 'member'])).email);
    const { register } = await visit(U2F_KEY);
    const refused = await register(accessToken, {
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' },
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'credential_invalid']);
  });

  it('is not asked to register the same device twice', async () => {
    const tokens: Tokens = await app.tokens((await newcomer(db, [a, 'member'])).email);
    const { register, stepUp } = await visit();
    expect((await register(tokens.accessToken)).status).toBe(201);
    const { body } = await stepUp(tokens.accessToken);
    await expect(register(body.accessToken)).rejects.toThrow('InvalidStateError');
  });

  it('has none on a page of another origin', async () => {
    const { accessToken } = await app.tokens((await newcomer(db, [a, 'member'])).email);
    const stranger = await startTestPage(db);
    stranger.serveApi(app.url);
    const { page } = await open(stranger.origin);
    await withAuthenticator(page, PLATFORM);
    const refused = await page.evaluate(
      (token) => (globalThis as any).passkeys.register(token, 'Elsewhere') as Promise<Reached>,
      accessToken,
    );
    expect([refused.status, refused.body.code]).toEqual([422, 'credential_invalid']);
  });
});
