import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Config } from '../../src/config/index.js';
import { AuthDb, type AuthTransaction } from '../../src/database/index.js';
import { RefusalLog } from '../../src/modules/audit/index.js';
import { GuessLimits, PasswordHasher } from '../../src/modules/identity/index.js';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { MemoHasher } from '../support/memo-hasher.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { type SmtpSink, startSmtp } from '../support/smtp.js';
import { PASSWORD, type Person } from '../support/world.js';

const { db } = useDatabase();
const { a } = db.world;
let pods: [TestApp, TestApp];
let smtp: SmtpSink;

beforeAll(async () => {
  smtp = await startSmtp(db);
  const env = { SMTP_URL: smtp.url, GUESSES_PER_ADDRESS: '100000' };
  pods = [await startApp(db, env), await startApp(db, env)];
});

let turn = 0;
const login = (email: string, password: string, pod = pods[(turn += 1) % 2]!): Promise<Answer> =>
  pod.call('POST', '/v1/auth/login', { body: { email, password } });
const member = (): Promise<Person> => newcomer(db, [a, 'member']);

async function lock(email: string): Promise<void> {
  for (let n = 0; n < 5; n += 1) expectProblem(await login(email, `wrong ${n}`), 401, 'credentials_invalid');
}

/** Lets a lock pass, without waiting: the database's clock decides, so it is the row that moves. */
const pass = (interval = '2 hours'): Promise<unknown> =>
  db.look(
    `update auth.guesses set locked_until = locked_until - $1::interval, last_at = last_at - $1::interval where kind = 'password'`,
    [interval],
  );

async function retryAfter(email: string): Promise<number> {
  const answer = await login(email, PASSWORD);
  expectProblem(answer, 429, 'too_many_attempts');
  return Number(answer.headers.get('retry-after'));
}

describe('wrong passwords', () => {
  it('lock the account after five, over two pods, for the right password too', async () => {
    const { email } = await member();
    await lock(email);
    const seconds = await retryAfter(email);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    await pass('61 seconds');
    expect((await login(email, PASSWORD)).status).toBe(200);
  });

  it('lock it twice as long each time, up to an hour', async () => {
    const { email } = await member();
    const minutes: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      await lock(email);
      minutes.push(Math.round((await retryAfter(email)) / 60));
      await pass();
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('are forgotten with a right one, and after a day', async () => {
    const { email } = await member();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 4; n += 1) expectProblem(await login(email, 'wrong'), 401);
      expect((await login(email, PASSWORD)).status).toBe(200);
    }
    for (let n = 0; n < 4; n += 1) expectProblem(await login(email, 'wrong'), 401);
    await pass('25 hours');
    for (let n = 0; n < 4; n += 1) expectProblem(await login(email, 'wrong'), 401);
    expect((await login(email, PASSWORD)).status).toBe(200);
  });

  it('lock for a minute again after a quiet day, and not sooner', async () => {
    const { email } = await member();
    const minutes: number[] = [];
    for (const quiet of ['2 hours', '23 hours', '25 hours', '2 hours']) {
      await lock(email);
      minutes.push(Math.round((await retryAfter(email)) / 60));
      await pass(quiet);
    }
    await lock(email);
    minutes.push(Math.round((await retryAfter(email)) / 60));
    expect(minutes).toEqual([1, 2, 4, 1, 2]);
  });

  it('count for one account however it is spelt', async () => {
    const { email } = await member();
    for (const spelt of [email, email.toUpperCase(), email, email.replace('example', 'EXAMPLE'), email]) {
      expectProblem(await login(spelt, 'wrong'), 401);
    }
    expectProblem(await login(email, PASSWORD), 429);
  });

  it('lock an account that nobody has in the same words', async () => {
    const { email } = await member();
    const nobody = 'nobody-has-this@example.com';
    for (let n = 0; n < 5; n += 1) {
      const [known, unknown] = [await login(email, 'wrong'), await login(nobody, 'wrong')];
      expect(told(unknown)).toEqual(told(known));
    }
    const [known, unknown] = [await login(email, 'wrong'), await login(nobody, 'wrong')];
    const words = (answer: Answer) => JSON.stringify(told(answer)).replace(/"retry-after","\d+"/, '');
    expect(words(unknown)).toEqual(words(known));
    expect(unknown.status).toBe(429);
  });

  it('get no more answers when fifty come at once over two pods', async () => {
    const { email } = await member();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => login(email, `wrong ${n}`)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(401), count(429)]).toEqual([5, 45]);
  });

  it('do not hide a right one among fifty, unless they came first', async () => {
    const { email } = await member();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => login(email, n === 25 ? PASSWORD : `wrong ${n}`)),
    );
    const wrong = answers.filter((answer) => answer.status === 401).length;
    const right = answers.filter((answer) => answer.status === 200).length;
    expect(right).toBeLessThanOrEqual(1);
    expect(wrong).toBeLessThanOrEqual(right === 1 ? 9 : 5); // a right answer starts the count anew
  });

  it('leave fifty right ones alone', async () => {
    const { email } = await member();
    const answers = await Promise.all(Array.from({ length: 50 }, () => login(email, PASSWORD)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('end no session and close no other way in', async () => {
    const { email } = await member();
    const { accessToken: token } = await pods[0].tokens(email);
    await lock(email);
    expect((await pods[1].call('GET', '/v1/deals', { token })).status).toBe(200);
    await smtp.waitFor((mail) => mail.to.includes(email)); // the one about the lock
    smtp.reset();
    expect((await pods[0].call('POST', '/v1/auth/magic-link', { body: { email } })).status).toBe(202);
    const mail = await smtp.waitFor((one) => one.to.includes(email) && (one.links[0] ?? '').includes('magic-link'));
    const body = { token: mail.links[0]?.split('#token=')[1] };
    expect((await pods[1].call('POST', '/v1/auth/magic-link/verify', { body })).status).toBe(200);
  });
});

describe('the mail about a lock', () => {
  it('goes to the account’s owner once, and its link unlocks', async () => {
    const { email } = await member();
    smtp.reset();
    await lock(email);
    for (let n = 0; n < 5; n += 1) expectProblem(await login(email, 'wrong'), 429);
    const mail = await smtp.waitFor((one) => one.to.includes(email));
    const token = mail.links[0]?.split('/account/unlock#token=')[1];
    expect((await pods[0].call('POST', '/v1/auth/unlock', { body: { token } })).status).toBe(204);
    expect((await login(email, PASSWORD)).status).toBe(200);
    expectProblem(await pods[0].call('POST', '/v1/auth/unlock', { body: { token } }), 401, 'link_invalid');
    expect(smtp.mails.filter((one) => one.to.includes(email))).toHaveLength(1);
  });

  it('goes to nobody for an account that nobody has, or that is disabled', async () => {
    const disabled = await member();
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    for (const email of [disabled.email, 'still-nobody@example.com']) {
      await lock(email);
      expectProblem(await login(email, 'wrong'), 429);
      expect(await db.look('select from auth.mail_outbox where recipient = $1', [email])).toEqual([]);
    }
    expect(await db.look('select from auth.one_time_tokens where user_id = $1', [disabled.id])).toEqual([]);
  });
});

describe('a link that unlocks', () => {
  const unlock = (token: string) => pods[0].call('POST', '/v1/auth/unlock', { body: { token } });
  const limits = () => pods[0].nest.get(GuessLimits, { strict: false });

  async function linkTo(email: string): Promise<string> {
    smtp.reset();
    await lock(email);
    const mail = await smtp.waitFor((one) => one.to.includes(email));
    return mail.links[0]?.split('/account/unlock#token=')[1] ?? '';
  }

  async function lockCodes({ id }: Person): Promise<void> {
    const auth = pods[0].nest.get(AuthDb, { strict: false });
    for (let n = 0; n < 5; n += 1) await limits().settle(auth, limits().target('code', id), false);
    await expect(codesOpen({ id } as Person)).rejects.toMatchObject({ status: 429, code: 'too_many_attempts' });
  }

  const codesOpen = ({ id }: Person): Promise<void> => limits().assertOpen(limits().target('code', id));

  it('opens the codes too, once a day: whoever reads the mail must not guess at the second factor without end', async () => {
    const person = await member();
    await lockCodes(person);
    expect((await unlock(await linkTo(person.email))).status).toBe(204);
    await codesOpen(person);
    await lockCodes(person);
    const another = await linkTo(person.email);
    expect((await unlock(another)).status).toBe(204);
    expect((await login(person.email, PASSWORD)).status).toBe(200);
    await expect(codesOpen(person)).rejects.toMatchObject({ code: 'too_many_attempts' });
    await db.look(
      `update auth.guesses set locked_until = locked_until - interval '25 hours', last_at = last_at - interval '25 hours'
        where kind = 'code' and locked_until > now() + interval '2 hours'`,
    );
    expect((await unlock(await linkTo(person.email))).status).toBe(204);
    await codesOpen(person);
  });

  it.each([
    [
      'expired',
      `update auth.one_time_tokens set created_at = created_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes' where user_id = $1`,
    ],
    ['was meant for something else', `update auth.one_time_tokens set purpose = 'magic_link' where user_id = $1`],
    ['is of an account that is disabled', `update auth.users set status = 'disabled' where id = $1`],
  ])('and %s opens nothing', async (_, sql) => {
    const person = await member();
    const token = await linkTo(person.email);
    await db.look(sql, [person.id]);
    const unknown = await unlock('A'.repeat(43));
    expectProblem(unknown, 401, 'link_invalid');
    expect(told(await unlock(token))).toEqual(told(unknown));
    expectProblem(await login(person.email, PASSWORD), 429);
  });
});

/** An application that tells which statements and which hashing it did, in order. Without SMTP no worker runs beside it. */
async function startWatched(): Promise<{ app: TestApp; work: string[] }> {
  const work: string[] = [];
  class Watched extends MemoHasher {
    override matches(password: string, stored: string | null | undefined): Promise<boolean> {
      work.push('argon2id: compare');
      return super.matches(password, stored);
    }
    override hash(password: string): Promise<string> {
      work.push('argon2id: hash');
      return super.hash(password);
    }
  }
  const factory = (config: Config): PasswordHasher => new Watched(config);
  const app = await startApp(db, { GUESSES_PER_ADDRESS: '100000' }, (builder) =>
    builder.overrideProvider(PasswordHasher).useFactory({ factory, inject: [Config] }),
  );
  const auth = app.nest.get(AuthDb, { strict: false });
  // it writes a moment later, whoever is being answered then
  app.nest.get(RefusalLog, { strict: false }).note = () => void work.push('refusal: note');
  const told =
    (query: AuthTransaction['query']): AuthTransaction['query'] =>
    (text, values) => {
      work.push(text);
      return query(text, values);
    };
  const transaction = auth.transaction.bind(auth);
  auth.query = told(auth.query.bind(auth));
  auth.transaction = (run, cap) => transaction((tx) => run({ query: told(tx.query) }), cap);
  return { app, work };
}

describe('an account that nobody has', () => {
  const people = async (): Promise<Record<string, string>> => {
    const [known, disabled, passwordless] = [await member(), await member(), await member()];
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    await db.look('update auth.users set password_hash = null where id = $1', [passwordless.id]);
    return { known: known.email, disabled: disabled.email, passwordless: passwordless.email, unknown: `${randomUUID()}@example.com` }; // prettier-ignore
  };

  it.each([
    ['a wrong password, six times', 'login', 6, { password: 'wrong' }],
    ['a magic link, six times', 'magic-link', 6, {}],
    ['a link for a new password, six times', 'password/forgot', 6, {}],
  ])('costs what one costs that somebody has: %s', async (_, path, times, more) => {
    const { app, work } = await startWatched();
    const done: [who: string, work: string[][]][] = [];
    for (const [who, email] of Object.entries(await people())) {
      const each: string[][] = [];
      for (let n = 0; n < times; n += 1) {
        await app.call('POST', `/v1/auth/${path}`, { body: { email, ...more } });
        each.push(work.splice(0));
      }
      done.push([who, each]);
    }
    const known = done[0]![1];
    expect(known[0]!.length).toBeGreaterThan(3);
    for (const [who, each] of done) expect([who, each]).toEqual([who, known]);
  });
});

describe('an address', () => {
  it('is locked after so many wrong guesses at whatever accounts, and a right one does not open it', async () => {
    const app = await startApp(db, { GUESSES_PER_ADDRESS: '10', TRUST_PROXY: 'loopback' });
    const from = (address: string, email: string, password: string) =>
      app.call('POST', '/v1/auth/login', { body: { email, password }, headers: { 'x-forwarded-for': address } });
    const { email } = await member();
    for (let n = 0; n < 9; n += 1) expectProblem(await from('203.0.113.7', `spray-${n}@example.com`, 'wrong'), 401);
    expect((await from('203.0.113.7', email, PASSWORD)).status).toBe(200);
    expectProblem(await from('203.0.113.7', 'spray-9@example.com', 'wrong'), 401);
    const locked = await from('203.0.113.7', email, PASSWORD);
    expectProblem(locked, 429, 'too_many_attempts');
    expect((await from('203.0.113.8', email, PASSWORD)).status).toBe(200);
  });

  it('of IPv6 is its /64, and of IPv4 in IPv6 the IPv4', async () => {
    const app = await startApp(db, { GUESSES_PER_ADDRESS: '3', TRUST_PROXY: 'loopback' });
    const from = (address: string, n: number) =>
      app.call('POST', '/v1/auth/login', {
        body: { email: `six-${n}@example.com`, password: 'wrong' },
        headers: { 'x-forwarded-for': address },
      });
    for (const [n, address] of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:db8:1:2:0:0:0:3'].entries()) {
      expectProblem(await from(address, n), 401);
    }
    expectProblem(await from('2001:db8:1:2::4', 4), 429);
    expectProblem(await from('2001:db8:1:3::1', 5), 401);
    for (const [n, address] of ['198.51.100.1', '::ffff:198.51.100.1', '198.51.100.1'].entries()) {
      expectProblem(await from(address, 10 + n), 401);
    }
    expectProblem(await from('::ffff:198.51.100.1', 14), 429);
  });
});

describe('what is kept of guesses', () => {
  it('names nobody', async () => {
    const { email } = await member();
    await login(email, 'wrong');
    const rows = await db.look<{ t: string }>('select g::text as t from auth.guesses g');
    expect(rows.length).toBeGreaterThan(0);
    const hex = Buffer.from(email).toString('hex');
    expect(rows.filter(({ t }) => t.includes(email) || t.includes(hex) || t.includes('127.0.0.1'))).toEqual([]);
  });
});
