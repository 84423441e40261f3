import { beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/index.js';
import { AuthDb } from '../../src/database/index.js';
import { GuessLimits, PasswordHasher } from '../../src/modules/identity/index.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/mail-pod.js';
import { MemoHasher } from '../support/memo-hasher.js';
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
const LINK_AGED = `update auth.one_time_tokens set created_at = created_at - interval '11 minutes',
  expires_at = expires_at - interval '11 minutes' where user_id = $1`;

beforeAll(async () => {
  smtp = await startSmtp(db);
  held.app = await startApp(db, { SMTP_URL: smtp.url, GUESSES_PER_ADDRESS: '100000' });
});

const post = (path: string, body: object, token?: string, app = held.app) =>
  app.call('POST', `/v1/auth/password/${path}`, { body, token });
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

/** Until nothing waits to be sent: what was not for anybody's inbox has then had its chance. */
const delivered = (): Promise<void> => until(async () => (await db.look('select from auth.mail_outbox')).length === 0);

const codeTarget = ({ id }: Person) => held.app.nest.get(GuessLimits, { strict: false }).target('code', id);
const lockCodes = async (person: Person): Promise<void> => {
  const limits = held.app.nest.get(GuessLimits, { strict: false });
  const auth = held.app.nest.get(AuthDb, { strict: false });
  for (let n = 0; n < 5; n += 1) await limits.settle(auth, codeTarget(person), false);
};
const codesOpen = (person: Person): Promise<void> =>
  held.app.nest.get(GuessLimits, { strict: false }).assertOpen(codeTarget(person));

const withFactor = (person: Person): Promise<unknown> =>
  db.look(
    `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at) values ($1, 'totp', 'Phone', 'x', now())`,
    [person.id],
  );

const hashOf = async ({ id }: Person): Promise<string> =>
  (await db.look<{ h: string }>('select password_hash as h from auth.users where id = $1', [id]))[0]?.h ?? '';

/** Time goes by for what is counted: the database's clock decides, so it is the rows that move. */
const pass = (interval: string): Promise<unknown> =>
  db.look('update auth.guesses set locked_until = locked_until - $1::interval, last_at = last_at - $1::interval', [
    interval,
  ]);

/** An application in which something happens right after a new password was hashed, before it is set. */
function startHashing(meanwhile: () => Promise<unknown>): Promise<TestApp> {
  class Interrupted extends MemoHasher {
    override async hash(password: string): Promise<string> {
      const hash = await super.hash(password);
      await meanwhile();
      return hash;
    }
  }
  const factory = (config: Config): PasswordHasher => new Interrupted(config);
  return startApp(db, {}, (builder) =>
    builder.overrideProvider(PasswordHasher).useFactory({ factory, inject: [Config] }),
  );
}

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
      ['Tenant-Alpha-2026!!', 'password_guessable'],
      ['passwordpassword', 'password_common'],
      ['x'.repeat(129), 'password_too_long'],
    ] as const) {
      const refused = await post('reset', { token, password });
      expectProblem(refused, 422, code);
      expect(refused.body.errors[0].field).toBe('password');
    }
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
  });

  it('voids whatever else was good once for that person, and nothing of others', async () => {
    const [person, other] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const token = await forgotten(person);
    for (const { id } of [person, other])
      await db.look(
        `insert into auth.one_time_tokens (hash, purpose, user_id, expires_at)
         select sha256((purpose || $1)::bytea), purpose, $1::uuid, now() + interval '5 minutes'
           from unnest('{magic_link,unlock,webauthn_registration,webauthn_authentication}'::text[]) purpose`,
        [id],
      );
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
    const left = 'select from auth.one_time_tokens where user_id = $1';
    expect(await db.look(left, [person.id])).toEqual([]);
    expect(await db.look(left, [other.id])).toHaveLength(4);
  });

  it('opens an account that is locked, for passwords alone', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await forgotten(person);
    for (let n = 0; n < 5; n += 1) await signIn(person.email, 'wrong');
    expectProblem(await signIn(person.email, PASSWORD), 429, 'too_many_attempts');
    await lockCodes(person);
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
    expect((await signIn(person.email, FRESH)).status).toBe(200);
    await expect(codesOpen(person)).rejects.toMatchObject({ code: 'too_many_attempts' });
  });

  it('is set by the newest link alone', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [first, second] = [await forgotten(person), await forgotten(person)];
    expectProblem(await post('reset', { token: first, password: FRESH }), 401, 'link_invalid');
    expect((await post('reset', { token: second, password: FRESH })).status).toBe(204);
  });

  it('may not be short when the second factor goes while it is being set; the link stays good', async () => {
    const person = await newcomer(db, [a, 'member']);
    await withFactor(person);
    const token = await forgotten(person);
    const before = await hashOf(person);
    const app = await startHashing(() => db.look('delete from auth.factors where user_id = $1', [person.id]));
    expectProblem(await post('reset', { token, password: 'w0rdy enough' }, undefined, app), 422, 'password_too_short');
    expect(await hashOf(person)).toBe(before);
    expect((await post('reset', { token, password: FRESH }, undefined, app)).status).toBe(204);
  });

  it('is not set when the account is disabled while it is being set', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await forgotten(person);
    const before = await hashOf(person);
    const app = await startHashing(() =>
      db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]),
    );
    expectProblem(await post('reset', { token, password: FRESH }, undefined, app), 401, 'link_invalid');
    expect(await hashOf(person)).toBe(before);
  });

  it.each([
    ['expired', LINK_AGED],
    ['meant for something else', `update auth.one_time_tokens set purpose = 'magic_link' where user_id = $1`],
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
    await delivered();
    expect(smtp.mails).toEqual([]);
  });

  it('sends five mails an hour to one person, and says so to nobody', async () => {
    const person = await newcomer(db, [a, 'member']);
    for (let n = 0; n < 8; n += 1) {
      const { status, text } = await post('forgot', { email: n % 2 ? person.email : person.email.toUpperCase() });
      expect([status, text]).toEqual([202, '']);
    }
    const issued = await db.look('select from auth.one_time_tokens where user_id = $1', [person.id]);
    expect(issued).toHaveLength(1); // each voids the one before
    await smtp.waitForAll(5, ({ to }) => to.includes(person.email));
    await pass('59 minutes');
    await post('forgot', { email: person.email });
    await delivered();
    expect(smtp.mails.filter(({ to }) => to.includes(person.email))).toHaveLength(5);
    await pass('1 minute 1 second');
    await post('forgot', { email: person.email });
    await smtp.waitForAll(6, ({ to }) => to.includes(person.email));
  });

  it('starts that count anew when a link was used: whose inbox it is wanted them', async () => {
    const person = await newcomer(db, [a, 'member']);
    for (let n = 0; n < 4; n += 1) await post('forgot', { email: person.email });
    await smtp.waitForAll(4, ({ to }) => to.includes(person.email));
    smtp.reset();
    const token = await forgotten(person); // the fifth
    await post('forgot', { email: person.email }); // one too many: it does nothing, so the fifth stays good
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
    await smtp.waitFor(({ to, subject }) => to.includes(person.email) && /changed/.test(subject));
    smtp.reset();
    await forgotten(person);
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
    const mail = await smtp.waitFor((one) => one.to.includes(person.email) && /changed/i.test(one.subject));
    expect(mail.text).toContain('forgot password');
    expect(mail.text).not.toContain(FRESH);
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
    const mail = await smtp.waitFor((one) => one.to.includes(person.email)); // the way out, as after wrong sign-ins
    expect(mail.links[0]).toContain('/account/unlock#token=');
  });

  it('is judged before the current one is looked at, so that a bad one tells nothing and counts as no guess', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    const answers: Answer[] = [];
    for (const currentPassword of [...Array.from({ length: 8 }, (_, n) => `wrong ${n}`), PASSWORD])
      answers.push(await post('change', { currentPassword, newPassword: 'too short' }, accessToken));
    expectProblem(answers[0] as Answer, 422, 'password_too_short');
    expect(new Set(answers.map((answer) => JSON.stringify(told(answer)))).size).toBe(1);
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
  });

  it('gets no more answers than five for fifty wrong current ones at once, and the right one hides among them', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    const pods = [held.app, await startApp(db, { GUESSES_PER_ADDRESS: '100000' })];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const currentPassword = n === 40 ? PASSWORD : `wrong ${n}`;
        return post('change', { currentPassword, newPassword: FRESH }, accessToken, pods[n % 2]);
      }),
    );
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect(count(204)).toBeLessThanOrEqual(1);
    expect(count(422)).toBeLessThanOrEqual(count(204) === 1 ? 9 : 5); // a right answer starts the count anew
    expect(count(204) + count(422) + count(429)).toBe(50);
  });

  it('is not set by a session that ended while it was being set', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    const token = await forgotten(person);
    const thief = await startHashing(() => post('reset', { token, password: FRESH }));
    const body = { currentPassword: PASSWORD, newPassword: 'whatever the thief would like' };
    expectProblem(await post('change', body, accessToken, thief), 401, 'session_ended');
    expect((await signIn(person.email, FRESH)).status).toBe(200);
  });

  it('is set by one of two at once from two sessions; the other one ends', async () => {
    const person = await newcomer(db, [a, 'member']);
    const sessions = [await held.app.tokens(person.email), await held.app.tokens(person.email)];
    const answers = await Promise.all(
      sessions.map(({ accessToken }, n) =>
        post('change', { currentPassword: PASSWORD, newPassword: `${FRESH} no. ${n}` }, accessToken),
      ),
    );
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(answers.map(({ status }) => status).sort((one, two) => one - two)).toEqual([204, expect.any(Number)]);
    expect([401, 422]).toContain(answers[1 - winner]?.status);
    expect((await signIn(person.email, `${FRESH} no. ${winner}`)).status).toBe(200);
    expect((await me(sessions[winner]?.accessToken ?? '')).status).toBe(200);
    expectProblem(await me(sessions[1 - winner]?.accessToken ?? ''), 401, 'session_ended');
  });

  it('needs a current one: who has none asks for a link', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { accessToken } = await held.app.tokens(person.email);
    await db.look('update auth.users set password_hash = null where id = $1', [person.id]);
    const body = { currentPassword: PASSWORD, newPassword: FRESH };
    expectProblem(await post('change', body, accessToken), 422, 'current_password_wrong');
    const token = await forgotten(person);
    expect((await post('reset', { token, password: FRESH })).status).toBe(204);
    expect((await signIn(person.email, FRESH)).status).toBe(200);
  });

  it('is for who is signed in', async () => {
    const body = { currentPassword: PASSWORD, newPassword: FRESH };
    expectProblem(await post('change', body), 401, 'not_authenticated');
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
    const read = (): Promise<string> => hashOf(person);
    expectProblem(await signIn(person.email, 'wrong'), 401);
    expect(await read()).toBe(weak);
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
    expect(await read()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const after = await read();
    expect((await signIn(person.email, PASSWORD)).status).toBe(200);
    expect(await read()).toBe(after);
  });
});
