import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { type SmtpSink, startSmtp } from '../support/smtp.js';
import { PASSWORD, type Person } from '../support/world.js';

const { db } = useDatabase();
const { a } = db.world;
const held = {} as { app: TestApp };
const { me, refresh } = authCalls(held);
let smtp: SmtpSink;

const FRESH = 'an honest passphrase of mine';

beforeAll(async () => {
  smtp = await startSmtp(db);
  held.app = await startApp(db, { SMTP_URL: smtp.url, GUESSES_PER_ADDRESS: '100000' });
});

const post = (path: string, body: object, token?: string) =>
  held.app.call('POST', `/v1/auth/password/${path}`, { body, token });
const signIn = (email: string, password: string) =>
  held.app.call('POST', '/v1/auth/login', { body: { email, password } });

/** The token of the link in the newest mail of that kind to somebody. */
async function linkTo({ email }: Person, path: string): Promise<string> {
  const mail = await smtp.waitFor((one) => one.to.includes(email) && one.links.some((link) => link.includes(path)));
  const link = mail.links.find((one) => one.includes(path)) ?? '';
  expect(link).toMatch(new RegExp(`/account/${path}#token=[\\w-]{43}$`));
  smtp.reset();
  return link.split('#token=')[1] ?? '';
}

async function forgotten(person: Person): Promise<string> {
  expect((await post('forgot', { email: person.email })).status).toBe(202);
  return linkTo(person, 'password-reset');
}

const withFactor = (person: Person): Promise<unknown> =>
  db.look(
    `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at) values ($1, 'totp', 'Phone', 'x', now())`,
    [person.id],
  );

describe('a forgotten password', () => {
  it('is set anew by the link of a mail, once; every session ends and a mail tells of it', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens = await held.app.tokens(person.email);
    const token = await forgotten(person);
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
    expectProblem(await me(tokens.accessToken), 401, 'session_ended');
    expectProblem(await refresh(tokens.refreshToken), 401, 'refresh_token_invalid');
    expectProblem(await signIn(person.email, PASSWORD), 401, 'credentials_invalid');
    expect((await signIn(person.email, FRESH)).status).toBe(200);
    const mail = await smtp.waitFor((one) => one.to.includes(person.email));
    expect(mail.text).toContain('password');
    expect(mail.text).not.toContain(FRESH);
    expectProblem(await post('reset', { token, password: `${FRESH} again` }), 401, 'link_invalid');
  });

  it('leaves second factors alone: whoever has one is at AAL1 afterwards', async () => {
    const person = await newcomer(db, [a, 'member']);
    await withFactor(person);
    const token = await forgotten(person);
    expect((await post('reset', { token, password: 'w0rdy enough' })).status).toBe(204);
    const { body } = await signIn(person.email, 'w0rdy enough');
    expect([body.aal, body.mfaRequired]).toEqual(['aal1', true]);
    expect(await db.look('select from auth.factors where user_id = $1', [person.id])).toHaveLength(1);
    expect(await db.look('select password_stands_alone as alone from auth.users where id = $1', [person.id])).toEqual([
      { alone: false },
    ]);
  });

  it('keeps its link when the new password is refused', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await forgotten(person);
    for (const [password, code] of [
      ['too short', 'password_too_short'],
      ['alpha alpha alpha alpha', 'password_guessable'],
      ['passwordpassword', 'password_common'],
      ['x'.repeat(129), 'password_too_long'],
    ] as const) {
      const refused = await post('reset', { token, password });
      expectProblem(refused, 422, code);
      expect(refused.body.errors[0].field).toBe('password');
    }
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
  });

  it('voids what else lies in the inbox, and opens a locked account', async () => {
    const person = await newcomer(db, [a, 'member']);
    const first = await forgotten(person);
    const second = await forgotten(person);
    for (let n = 0; n < 5; n += 1) await signIn(person.email, 'wrong');
    expectProblem(await signIn(person.email, PASSWORD), 429, 'too_many_attempts');
    expect((await post('reset', { token: second, password: FRESH })).status).toBe(204);
    expectProblem(await post('reset', { token: first, password: FRESH }), 401, 'link_invalid');
    expect((await signIn(person.email, FRESH)).status).toBe(200);
  });

  it.each([
    [
      'expired',
      `update auth.one_time_tokens set created_at = created_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes' where user_id = $1`,
    ],
    ['of an account that is disabled', `update auth.users set status = 'disabled' where id = $1`],
  ])('is not set by a link that is %s', async (_, sql) => {
    const person = await newcomer(db, [a, 'member']);
    const token = await forgotten(person);
    await db.look(sql, [person.id]);
    const unknown = await post('reset', { token: 'A'.repeat(43), password: FRESH });
    expectProblem(unknown, 401, 'link_invalid');
    expect(told(await post('reset', { token, password: FRESH }))).toEqual(told(unknown));
  });

  it('tells nobody who has an account', async () => {
    const known = await newcomer(db, [a, 'member']);
    const disabled = await newcomer(db, [a, 'member']);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    const [one, two, three] = [
      await post('forgot', { email: known.email }),
      await post('forgot', { email: 'nobody-at-all@example.com' }),
      await post('forgot', { email: disabled.email }),
    ];
    expect([one.status, one.text]).toEqual([202, '']);
    expect([two.status, two.text, three.status, three.text]).toEqual([202, '', 202, '']);
    expect([...two.headers.keys()]).toEqual([...one.headers.keys()]);
    await linkTo(known, 'password-reset');
    expect(await db.look('select from auth.mail_outbox')).toEqual([]);
    expect(smtp.mails).toEqual([]);
  });

  it('sends five mails an hour to one person, and says so to nobody', async () => {
    const person = await newcomer(db, [a, 'member']);
    for (let n = 0; n < 8; n += 1) {
      const { status, text } = await post('forgot', { email: n % 2 ? person.email : person.email.toUpperCase() });
      expect([status, text]).toEqual([202, '']);
    }
    const issued = await db.look('select from auth.one_time_tokens where user_id = $1', [person.id]);
    expect(issued).toHaveLength(5);
  });
});

describe('a changed password', () => {
  it('ends the other sessions and keeps this one, and a mail tells of it', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [here, there] = [await held.app.tokens(person.email), await held.app.tokens(person.email)];
    const token = await forgotten(person);
    const body = { currentPassword: PASSWORD, newPassword: FRESH };
    expect((await post('change', body, here.accessToken)).status).toBe(204);
    expect((await me(here.accessToken)).status).toBe(200);
    expect((await refresh(here.refreshToken)).status).toBe(200);
    expectProblem(await me(there.accessToken), 401, 'session_ended');
    expect((await signIn(person.email, FRESH)).status).toBe(200);
    expectProblem(await post('reset', { token, password: `${FRESH}!` }), 401, 'link_invalid');
    await smtp.waitFor((one) => one.to.includes(person.email) && /changed/i.test(one.subject));
  });

  it('asks for the current one, and counts what is wrong as a guess at the account', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    for (let n = 0; n < 5; n += 1) {
      const wrong = await post('change', { currentPassword: `wrong ${n}`, newPassword: FRESH }, accessToken);
      expectProblem(wrong, 422, 'current_password_wrong');
    }
    const locked = await post('change', { currentPassword: PASSWORD, newPassword: FRESH }, accessToken);
    expectProblem(locked, 429, 'too_many_attempts');
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    expectProblem(await signIn(person.email, PASSWORD), 429);
    expect((await me(accessToken)).status).toBe(200);
  });

  it.each([
    ['too short', 'password_too_short'],
    [PASSWORD, 'password_unchanged'],
    ['1234567890123456', 'password_guessable'],
  ])('is not "%s"', async (newPassword, code) => {
    const { accessToken } = await held.app.tokens((await newcomer(db, [a, 'member'])).email);
    expectProblem(await post('change', { currentPassword: PASSWORD, newPassword }, accessToken), 422, code);
  });

  it('may have eight characters beside a second factor', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    const body = { currentPassword: PASSWORD, newPassword: 'k9 hut ö' };
    expectProblem(await post('change', body, accessToken), 422, 'password_too_short');
    await withFactor(person);
    expect((await post('change', body, accessToken)).status).toBe(204);
  });
});

describe('a hash of yesterday', () => {
  it('is made anew at the next sign-in', async () => {
    const { Algorithm, hash } = await import('@node-rs/argon2');
    const person = await newcomer(db, [a, 'member']);
    const weak = await hash(PASSWORD, { memoryCost: 4096, timeCost: 1, parallelism: 1, algorithm: Algorithm.Argon2id });
    await db.look('update auth.users set password_hash = $2 where id = $1', [person.id, weak]);
    const read = async (): Promise<string> =>
      (await db.look<{ h: string }>('select password_hash as h from auth.users where id = $1', [person.id]))[0]?.h ??
      '';
    expectProblem(await signIn(person.email, 'wrong'), 401);
    expect(await read()).toBe(weak);
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
    expect(await read()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const after = await read();
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
    expect(await read()).toBe(after);
  });
});
