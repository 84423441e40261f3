import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/index.js';
import { PasswordHasher } from '../../src/modules/identity/index.js';
import { type Answer, TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';
import { type SmtpSink, startSmtp } from '../support/smtp.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const { a } = db.world;

/** Passwords that somebody has, or tried to have. */
const OLD = `canary-old-${randomUUID()}`;
const NEWER = `canary-newer-${randomUUID()}`;
const NEWEST = `canary-newest-${randomUUID()}`;
const WRONG = `canary-wrong-${randomUUID()}`;
const SHORT = `cnry-${randomBytes(4).toString('hex')}`;

let server: ServerProcess;
let smtp: SmtpSink;
let app: TestApp;
let person: Person;
/** name to what nobody may read, but in the mail that it was made for */
const secrets: [name: string, text: string][] = [];
const answers: Answer[] = [];
/** as they went over the wire */
const mails: string[] = [];

async function post(path: string, body: unknown, token?: string): Promise<Answer> {
  const answer = await app.call('POST', `/v1/auth/${path}`, { body, token });
  answers.push(answer);
  return answer;
}

async function signedIn(path: string, body: object): Promise<string> {
  const { status, body: tokens } = await app.call('POST', `/v1/auth/${path}`, { body });
  expect(status).toBe(200);
  secrets.push(['access token', tokens.accessToken], ['refresh token', tokens.refreshToken]);
  return tokens.accessToken;
}

/** The token of the link in the mail that comes next. */
async function mailed(name: string, page: string): Promise<string> {
  const mail = await smtp.waitFor(({ links }) => links.some((link) => link.includes(`/account/${page}#`)));
  mails.push(...smtp.mails.map(({ raw }) => raw));
  smtp.reset();
  const token = mail.links[0]?.split('#token=')[1] ?? '';
  expect(token).toMatch(/^[\w-]{43}$/);
  secrets.push([name, token]);
  return token;
}

/** Breaks the schema under the server, and mends it. */
async function broken(rename: string, work: () => Promise<unknown>): Promise<void> {
  const owner = await db.as('owner');
  await owner.query(rename);
  try {
    await work();
  } finally {
    await owner.query(rename.replace(/column (\w+) to (\w+)/, 'column $2 to $1'));
    await owner.end();
  }
}

async function reset(): Promise<void> {
  await post('password/forgot', { email: person.email });
  const token = await mailed('reset token', 'password-reset');
  await post('password/reset', { token, password: SHORT });
  await post('password/reset', { token, password: [NEWER] });
  await post('password/reset', { token: token.repeat(9), password: NEWER });
  await post('password/reset', `{"token":"${token}","password":"${NEWER}"`);
  await post(`password/reset?token=${token}`, { token, password: NEWER });
  await post('magic-link/verify', { token });
  await broken('alter table auth.users rename column password_stands_alone to gone', () =>
    post('password/reset', { token, password: NEWER }),
  );
  expect((await post('password/reset', { token, password: NEWER })).status).toBe(204);
  await post('password/reset', { token, password: NEWER });
}

async function change(): Promise<void> {
  const token = await signedIn('login', { email: person.email, password: NEWER });
  await post('password/change', { currentPassword: WRONG, newPassword: NEWEST }, token);
  await post('password/change', { currentPassword: NEWER, newPassword: NEWER }, token);
  await post('password/change', { currentPassword: NEWER, newPassword: SHORT }, token);
  await post('password/change', { currentPassword: { NEWER }, newPassword: NEWEST }, token);
  await broken('alter table auth.mail_outbox rename column values_encrypted to gone', () =>
    post('password/change', { currentPassword: NEWER, newPassword: NEWEST }, token),
  );
  expect((await post('password/change', { currentPassword: NEWER, newPassword: NEWEST }, token)).status).toBe(204);
}

async function magicLink(): Promise<void> {
  const codeVerifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
  secrets.push(['verifier', codeVerifier]);
  const { email } = person;
  await post('magic-link', { email, codeChallenge });
  const spent = await mailed('magic token', 'magic-link');
  await post('magic-link/verify', { token: spent, codeVerifier: [codeVerifier] });
  await post('magic-link/verify', { token: spent });
  await post('magic-link', { email, codeChallenge });
  const token = await mailed('magic token', 'magic-link');
  await broken('alter table auth.sessions rename column amr to gone', () =>
    post('magic-link/verify', { token, codeVerifier }),
  );
  await signedIn('magic-link/verify', { token, codeVerifier });
  await post('magic-link/verify', { token, codeVerifier });
}

async function unlock(): Promise<void> {
  for (let n = 0; n < 6; n += 1) await post('login', { email: person.email, password: WRONG });
  const token = await mailed('unlock token', 'unlock');
  await post('unlock', { token: `${token}${token}` });
  await broken('alter table auth.guesses rename column locked_until to gone', () => post('unlock', { token }));
  expect((await post('unlock', { token })).status).toBe(204);
  await post('unlock', { token });
}

beforeAll(async () => {
  smtp = await startSmtp(db);
  server = await ServerProcess.start(db, { LOG_LEVEL: 'debug', SMTP_URL: smtp.url });
  app = new TestApp(undefined as never, server.url);
  person = await newcomer(db, [a, 'member']);
  const hash = await new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 1 } } as Config).hash(OLD);
  await db.look('update auth.users set password_hash = $2 where id = $1', [person.id, hash]);
  secrets.push(['old password', OLD], ['newer password', NEWER], ['newest password', NEWEST], ['wrong password', WRONG], ['short password', SHORT]); // prettier-ignore
  await reset();
  await change();
  await magicLink();
  await unlock();
}, 60_000);
afterAll(() => server?.stop());

describe('passwords and links', () => {
  it('were shown to a server that refused, failed, and told its log about it', () => {
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([202, 204, 400, 401, 422, 429, 500]);
    for (const path of ['password/reset', 'password/change', 'magic-link/verify', 'unlock'])
      expect(server.written).toContain(`500 internal_error POST /v1/auth/${path}`);
    expect(secrets.map(([name]) => name)).toEqual(
      expect.arrayContaining(['reset token', 'unlock token', 'magic token']),
    );
  });

  it('are in no line of the log of the server', () => {
    for (const [name, text] of secrets) expect([name, server.written.includes(text)]).toEqual([name, false]);
  });

  it('are in no line of the log of PostgreSQL', () => {
    const log = readFileSync(join(dirname(process.env['RINGFENCE_TEST'] ?? ''), 'home', 'postgres.log'), 'utf8');
    expect(log).toContain('"password_stands_alone" of relation "users" does not exist');
    for (const [name, text] of secrets) {
      const hex = Buffer.from(text).toString('hex');
      expect([name, log.includes(text), log.includes(hex)]).toEqual([name, false, false]);
    }
  });

  it('are in no answer', () => {
    for (const [name, text] of secrets) {
      const shown = answers.filter((answer) => `${answer.text}${JSON.stringify([...answer.headers])}`.includes(text));
      expect([name, shown.map((answer) => `${answer.status} ${answer.text}`)]).toEqual([name, []]);
    }
  });

  it('are in no row', async () => {
    const [dump] = await db.look<{ all: string }>(
      `select concat((select string_agg(u::text, ' ') from auth.users u), (select string_agg(t::text, ' ') from auth.one_time_tokens t),
         (select string_agg(m::text, ' ') from auth.mail_outbox m), (select string_agg(g::text, ' ') from auth.guesses g),
         (select string_agg(s::text, ' ') from auth.sessions s)) as all`,
    );
    expect(dump?.all).toContain(person.email); // the look does find things
    for (const [name, text] of secrets) {
      const hex = Buffer.from(text).toString('hex');
      expect([name, dump?.all.includes(text), dump?.all.includes(hex)]).toEqual([name, false, false]);
    }
  });

  it('are in mails as links alone: no password is ever sent', () => {
    expect(mails.length).toBeGreaterThanOrEqual(6); // four links, and two about a new password
    for (const raw of mails) for (const word of [OLD, NEWER, NEWEST, WRONG, SHORT]) expect(raw).not.toContain(word);
  });
});
