import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, type Tokens } from '../support/app.js';
import { startInterrupted } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { activate, totp } from '../support/enrol.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { raised, sessionIdOf } from '../support/raise.js';
import { type SmtpSink, startSmtp } from '../support/smtp.js';
import { PASSWORD } from '../support/world.js';

/* Ways to rise, to stay or to lock out that were found by trying. Each was open once. */

const { db } = useDatabase();
const { a, b } = db.world;
let app: TestApp;
let smtp: SmtpSink;

beforeAll(async () => {
  smtp = await startSmtp(db);
  app = await startApp(db, { SMTP_URL: smtp.url, GUESSES_PER_ADDRESS: '100000', TRUST_PROXY: 'loopback' });
});

const switchTo = (token: string, tenant: string) =>
  app.call('POST', '/v1/auth/switch-tenant', { token, body: { tenant } });
const login = (email: string, password: string, address = '203.0.113.1') =>
  app.call('POST', '/v1/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': address } });

describe('a token from before the step-up', () => {
  it.each(['alpha', 'beta'])('is not exchanged for one from after it by a switch to %s', async (tenant) => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const old = await app.tokens(person.email, 'alpha');
    const high = await raised(app, db, old);
    expectProblem(await switchTo(old.accessToken, tenant), 403, 'aal2_required');
    expect((await app.call('GET', '/v1/auth/me', { token: high.accessToken })).body.aal).toBe('aal2');
    const { status, body } = await switchTo(high.accessToken, tenant);
    expect([status, body.aal, body.tenant.slug]).toEqual([200, 'aal2', tenant]);
  });

  it('is not made fresh again by a switch after a later step-up', async () => {
    const person = await newcomer(db, [a, 'member']);
    const stale = await grantTo(app, db, person.id, { aal: 2, ago: '6 hours' });
    await db.look('update auth.sessions set auth_time = now() where id = $1', [sessionIdOf(stale)]);
    expectProblem(await switchTo(stale.accessToken, 'alpha'), 403, 'aal2_required');
  });

  it('of a session that stayed at AAL1 switches as ever', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const tokens = await app.tokens(person.email, 'alpha');
    const { status, body } = await switchTo(tokens.accessToken, 'beta');
    expect([status, body.aal]).toEqual([200, 'aal1']);
  });
});

describe('a second factor given hours ago', () => {
  it.each([
    ['a TOTP factor', '/v1/auth/mfa/totp', { name: 'Mine' }],
    ['a passkey', '/v1/auth/mfa/webauthn/registration-options', undefined],
  ])('does not add %s, which would make it look fresh', async (_, path, body) => {
    const person = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at) values ($1, 'totp', 'Phone', 'x', now())`,
      [person.id],
    );
    const stale = await grantTo(app, db, person.id, { aal: 2, ago: '16 minutes' });
    expectProblem(await app.call('POST', path, { token: stale.accessToken, body }), 403, 'aal2_required');
    const fresh = await grantTo(app, db, person.id, { aal: 2, ago: '14 minutes' });
    expect((await app.call('POST', path, { token: fresh.accessToken, body })).status).toBeLessThan(300);
  });
});

describe('a password that was reset while the old one was being checked', () => {
  it('signs in nobody with the old one', async () => {
    const person = await newcomer(db, [a, 'member']);
    const racing = await startInterrupted(db, () =>
      db.look(`update auth.users set password_hash = password_hash || 'x' where id = $1`, [person.id]),
    );
    const answer = await racing.call('POST', '/v1/auth/login', { body: { email: person.email, password: PASSWORD } });
    expectProblem(answer, 401, 'credentials_invalid');
    expect(await db.look('select from auth.sessions where user_id = $1', [person.id])).toEqual([]);
  });
});

describe('a stranger who asks for mails in somebody’s name', () => {
  const ask = (email: string, address: string, more = {}) =>
    app.call('POST', '/v1/auth/magic-link', { body: { email, ...more }, headers: { 'x-forwarded-for': address } });
  const links = (id: string) =>
    db.look<{ challenge: string | null }>(
      `select details ->> 'codeChallenge' as challenge from auth.one_time_tokens where user_id = $1 order by created_at`,
      [id],
    );

  it('leaves them their own mails, and voids none of their links', async () => {
    const person = await newcomer(db, [a, 'member']);
    const codeChallenge = 'A'.repeat(43);
    expect((await ask(person.email, '203.0.113.9')).status).toBe(202);
    for (let n = 0; n < 8; n += 1) await ask(person.email, '198.51.100.66', { codeChallenge });
    expect(await links(person.id)).toEqual([{ challenge: null }, { challenge: codeChallenge }]);
    for (let n = 0; n < 5; n += 1) await login(person.email, 'wrong', '198.51.100.66');
    expectProblem(await login(person.email, PASSWORD), 429);
    smtp.reset();
    expect((await ask(person.email, '203.0.113.9')).status).toBe(202);
    const mail = await smtp.waitFor((one) => one.to.includes(person.email) && !!one.links[0]?.includes('magic-link'));
    const token = mail.links[0]?.split('#token=')[1];
    expect((await app.call('POST', '/v1/auth/magic-link/verify', { body: { token } })).status).toBe(200);
  });

  it('cannot flood the inbox from many addresses', async () => {
    const person = await newcomer(db, [a, 'member']);
    for (let n = 0; n < 60; n += 1)
      await ask(person.email, `198.51.100.${n + 1}`, { codeChallenge: `${n}`.padStart(43, 'B') });
    expect((await links(person.id)).length).toBe(30);
  });
});

describe('an address', () => {
  it('gets no more answers in parallel than in a row, and no right one once it is locked', async () => {
    const strict = await startApp(db, { GUESSES_PER_ADDRESS: '5', TRUST_PROXY: 'loopback' });
    const person = await newcomer(db, [a, 'member']);
    const headers = { 'x-forwarded-for': '192.0.2.77' };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        strict.call('POST', '/v1/auth/login', {
          body: { email: `spray-${n}@example.com`, password: 'wrong' },
          headers,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
    const right = { email: person.email, password: PASSWORD };
    expectProblem(await strict.call('POST', '/v1/auth/login', { body: right, headers }), 429);
  });

  it('that asks for challenges without end is stopped', async () => {
    await db.look(`update auth.guesses set failures = 0`);
    const ask = () => app.call('POST', '/v1/auth/passkeys/options', { headers: { 'x-forwarded-for': '192.0.2.99' } });
    expect((await ask()).status).toBe(200);
    await db.look(`update auth.guesses set failures = 998 where kind = 'address' and failures = 1`);
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
  });
});

describe('what is kept', () => {
  it('of guesses goes when it counts for nothing any more', async () => {
    await db.look('delete from auth.guesses');
    await login('long-ago@example.com', 'wrong');
    await db.look(`update auth.guesses set last_at = now() - interval '3 days'`);
    await login('now@example.com', 'wrong', '203.0.113.50');
    expect(await db.look(`select from auth.guesses where last_at < now() - interval '2 days'`)).toEqual([]);
  });
});

describe('a password typed in another normal form', () => {
  it('is the same password, however long that form is', async () => {
    const person = await newcomer(db, [a, 'member']);
    const typed = 'ö ü ä é ñ '.normalize('NFD').repeat(12);
    expect(typed.length).toBeGreaterThan(128);
    const { accessToken } = await app.tokens(person.email);
    const body = { currentPassword: PASSWORD, newPassword: `kauri ${typed.slice(0, 150)} weta` };
    const changed = await app.call('POST', '/v1/auth/password/change', { token: accessToken, body });
    expect([changed.status, changed.text]).toEqual([204, '']);
    expect((await login(person.email, body.newPassword)).status).toBe(200);
    expect((await login(person.email, body.newPassword.normalize('NFC'))).status).toBe(200);
  });
});

describe('the name of a factor', () => {
  it('is no link in the mail that tells of it', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens: Tokens = await app.tokens(person.email);
    const body = { name: 'Not you? Undo: https://evil.example/undo' };
    smtp.reset();
    await activate(app, tokens, await totp(app, tokens, body.name));
    const mail = await smtp.waitFor((one) => one.to.includes(person.email) && /factor/i.test(one.text ?? ''));
    expect([mail.text, mail.html].join()).not.toMatch(/evil\.example|https?:\/\/evil/);
  });
});
