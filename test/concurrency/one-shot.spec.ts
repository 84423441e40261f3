import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'otplib';
import type { Answer, Tokens } from '../support/app.js';
import { call } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { ServerProcess } from '../support/server-process.js';
import { PASSWORD, type Person } from '../support/world.js';

/*
 * The race harness: whatever works once is used by fifty requests at once, over two server processes on one database.
 * Exactly one wins, and what the others get says so.
 */

const { db } = useDatabase();
const { a } = db.world;
let home: string;
let pods: ServerProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ringfence-race-'));
  const ring = join(home, 'keyring.json');
  await writeFile(ring, JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }));
  const env = {
    NODE_ENV: 'test',
    PUBLIC_URL: 'http://ringfence.test', // pods of one installation take each other's tokens
    KEY_RING_FILE: ring,
    LOG_LEVEL: 'silent',
    GUESSES_PER_ADDRESS: '100000',
  };
  pods = await Promise.all([ServerProcess.start(db, env), ServerProcess.start(db, env)]);
});

afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.stop()));
  await rm(home, { recursive: true, force: true });
});

const AT_ONCE = 50;

/** Fifty at once, in turn over the pods. @returns how many answers came with each status and code */
async function race(
  path: string,
  wish: (n: number) => { token?: string; body: unknown },
): Promise<Map<string, number>> {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) => call(pods[n % pods.length]!.url, 'POST', path, wish(n))),
  );
  return tally(answers);
}

function tally(answers: Answer[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status, body } of answers) {
    const key = status < 300 ? 'won' : `${status} ${body?.code}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** One won; the rest were refused in one of these ways. */
function expectOneWinner(counts: Map<string, number>, ...losses: string[]): void {
  expect(counts.get('won')).toBe(1);
  expect([...counts.keys()].filter((key) => key !== 'won' && !losses.includes(key))).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count)).toBe(AT_ONCE);
}

const post = async (path: string, body: unknown, token?: string): Promise<any> => {
  const answer = await call(pods[0]!.url, 'POST', path, { body, token });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};

const signIn = (person: Person): Promise<Tokens> =>
  post('/v1/auth/login', { email: person.email, password: PASSWORD, tenant: 'alpha' });

/** A link's token as a mail would carry it. */
async function linkFor(person: Person, purpose: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.look(
    `insert into auth.one_time_tokens (hash, purpose, user_id, expires_at) values ($1, $2, $3, now() + interval '10 minutes')`,
    [createHash('sha256').update(token).digest(), purpose, person.id],
  );
  return token;
}

interface Enrolled {
  person: Person;
  tokens: Tokens;
  id: string;
  secret: string;
}

async function enrolling(): Promise<Enrolled> {
  const person = await newcomer(db, [a, 'member']);
  const tokens = await signIn(person);
  const { id, secret } = await post('/v1/auth/mfa/totp', { name: 'Phone' }, tokens.accessToken);
  return { person, tokens, id, secret };
}

async function enrolled(): Promise<Enrolled & { recoveryCodes: string[] }> {
  const one = await enrolling();
  const code = await generate({ secret: one.secret });
  const { recoveryCodes } = await post(`/v1/auth/mfa/totp/${one.id}/activate`, { code }, one.tokens.accessToken);
  // as if the factor had been activated long ago, so that the current step is unused
  await db.look('update auth.factors set totp_last_step = 0 where id = $1', [one.id]);
  return { ...one, recoveryCodes };
}

const sessionsOf = (person: Person): Promise<object[]> =>
  db.look('select from auth.sessions where user_id = $1', [person.id]);

describe('used by fifty at once over two processes', () => {
  it('a magic link signs in once', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person, 'magic_link');
    expectOneWinner(await race('/v1/auth/magic-link/verify', () => ({ body: { token } })), '401 link_invalid');
    expect(await sessionsOf(person)).toHaveLength(1);
  });

  it('a reset link sets one password', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person, 'password_reset');
    const passwordOf = (n: number): string => `an honest passphrase no. ${n}`;
    expectOneWinner(
      await race('/v1/auth/password/reset', (n) => ({ body: { token, password: passwordOf(n) } })),
      '401 link_invalid',
      '503 sign_in_busy',
    );
    expect(await db.look('select from auth.one_time_tokens where user_id = $1', [person.id])).toEqual([]);
  });

  it('an unlocking link unlocks once', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person, 'unlock');
    expectOneWinner(await race('/v1/auth/unlock', () => ({ body: { token } })), '401 link_invalid');
  });

  it('a link for one thing does nothing else', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person, 'unlock');
    for (const [path, body] of [
      ['/v1/auth/magic-link/verify', { token }],
      ['/v1/auth/password/reset', { token, password: 'an honest passphrase' }],
    ] as const) {
      expect([...(await race(path, () => ({ body }))).keys()]).toEqual(['401 link_invalid']);
    }
    expect(await db.look('select from auth.one_time_tokens where user_id = $1', [person.id])).toHaveLength(1);
  });

  it('a refresh token has one successor', async () => {
    const { refreshToken } = await signIn(await newcomer(db, [a, 'member']));
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        call(pods[n % 2]!.url, 'POST', '/v1/auth/refresh', { body: { refreshToken } }),
      ),
    );
    const successors = answers.filter(({ status }) => status === 200).map(({ body }) => body.refreshToken);
    expect(new Set(successors).size).toBe(1);
    expect([...tally(answers).keys()].filter((key) => !/^(won|409 )/.test(key))).toEqual([]);
  });

  it('a step of a TOTP factor raises one session once', async () => {
    const { tokens, secret, person } = await enrolled();
    const code = await generate({ secret });
    const counts = await race('/v1/auth/mfa/verify', () => ({ token: tokens.accessToken, body: { code } }));
    expectOneWinner(counts, '401 code_used');
    expect(await db.look('select from auth.guesses g where g.kind = $1 and g.failures > 0', ['code'])).toEqual([]);
    expect(await db.look('select aal from auth.sessions where user_id = $1', [person.id])).toEqual([{ aal: 2 }]);
  });

  it('a TOTP factor is activated once, with one set of recovery codes', async () => {
    const { tokens, secret, id, person } = await enrolling();
    const code = await generate({ secret });
    const counts = await race(`/v1/auth/mfa/totp/${id}/activate`, () => ({
      token: tokens.accessToken,
      body: { code },
    }));
    expect(counts.get('won')).toBe(1);
    expect([...counts.keys()].filter((key) => !/^(won|4\d\d )/.test(key))).toEqual([]);
    expect(await db.look('select from auth.recovery_codes where user_id = $1', [person.id])).toHaveLength(10);
  });

  it('a recovery code raises one session once', async () => {
    const { tokens, recoveryCodes, person } = await enrolled();
    const counts = await race('/v1/auth/mfa/verify', () => ({
      token: tokens.accessToken,
      body: { recoveryCode: recoveryCodes[3] },
    }));
    expectOneWinner(counts, '401 code_used');
    const left = 'select from auth.recovery_codes where user_id = $1 and used_at is null';
    expect(await db.look(left, [person.id])).toHaveLength(9);
  });

  it('fifty wrong codes get no more answers than five', async () => {
    const { tokens, person } = await enrolled();
    const counts = await race('/v1/auth/mfa/verify', (n) => ({
      token: tokens.accessToken,
      body: { recoveryCode: `AAAAAA-AAAAAA-AAAAAA-AAAA${String(n + 10)}` },
    }));
    expect(counts.get('401 code_invalid')).toBe(5);
    expect(counts.get('429 too_many_attempts')).toBe(45);
    const mails = `select from auth.mail_outbox where recipient = $1 and template = 'account-locked'`;
    expect(await db.look(mails, [person.email])).toHaveLength(1);
  });

  it('fifty wrong passwords get no more answers than five, and the right one among them none after that', async () => {
    const person = await newcomer(db, [a, 'member']);
    const counts = await race('/v1/auth/login', (n) => ({ body: { email: person.email, password: `wrong ${n}` } }));
    expect(counts.get('401 credentials_invalid')).toBe(5);
    expect(counts.get('429 too_many_attempts')).toBe(45);
    const right = await race('/v1/auth/login', () => ({ body: { email: person.email, password: PASSWORD } }));
    expect([...right]).toEqual([['429 too_many_attempts', 50]]);
  });
});
