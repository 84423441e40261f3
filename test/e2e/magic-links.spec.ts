import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { type SmtpSink, startSmtp } from '../support/smtp.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const { a, b } = db.world;
let app: TestApp;
let smtp: SmtpSink;

beforeAll(async () => {
  smtp = await startSmtp(db);
  app = await startApp(db, { SMTP_URL: smtp.url });
});

const ask = (email: string, more: object = {}) => app.call('POST', '/v1/auth/magic-link', { body: { email, ...more } });
const use = (token: string, more: object = {}) =>
  app.call('POST', '/v1/auth/magic-link/verify', { body: { token, ...more } });

async function linkFor(person: Person, more: object = {}): Promise<string> {
  const answer = await ask(person.email, more);
  expect([answer.status, answer.text]).toEqual([202, '']);
  const mail = await smtp.waitFor((one) => one.to.includes(person.email));
  smtp.reset();
  const [link = ''] = mail.links;
  expect(link).toMatch(/\/account\/magic-link#token=[\w-]{43}$/);
  return link.split('#token=')[1] ?? '';
}

describe('a magic link', () => {
  it('signs in once, at AAL1', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person);
    const { status, body, headers } = await use(token);
    expect([status, body.aal, body.tenant.slug]).toEqual([200, 'aal1', 'alpha']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.call('GET', '/v1/deals', { token: body.accessToken })).status).toBe(200);
    const me = await app.call('GET', '/v1/auth/me', { token: body.accessToken });
    expect(me.body.session.amr).toEqual(['email']);
    expectProblem(await use(token), 401, 'link_invalid');
  });

  it('leads to the tenant that was named when it was asked for', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    expect((await use(await linkFor(person, { tenant: 'beta' }))).body.tenant.slug).toBe('beta');
    expect((await use(await linkFor(person))).body.tenant).toBeNull();
    const elsewhere = await newcomer(db, [a, 'member']);
    expectProblem(await use(await linkFor(elsewhere, { tenant: 'beta' })), 403, 'not_a_member');
  });

  it('is void once a newer one was asked for', async () => {
    const person = await newcomer(db, [a, 'member']);
    const [first, second] = [await linkFor(person), await linkFor(person)];
    expectProblem(await use(first), 401, 'link_invalid');
    expect((await use(second)).status).toBe(200);
  });

  it('that was asked for with a challenge is for whoever has the verifier', async () => {
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const person = await newcomer(db, [a, 'member']);
    const right = await linkFor(person, { codeChallenge });
    expect((await use(right, { codeVerifier })).status).toBe(200);
    for (const more of [{}, { codeVerifier: randomBytes(32).toString('base64url') }, { codeVerifier: codeChallenge }]) {
      const token = await linkFor(person, { codeChallenge });
      expectProblem(await use(token, more), 401, 'link_invalid');
      expectProblem(await use(token, { codeVerifier }), 401, 'link_invalid'); // one attempt is all it has
    }
  });

  it.each([
    [
      'expired',
      `update auth.one_time_tokens set created_at = created_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes' where user_id = $1`,
    ],
    ['was meant for something else', `update auth.one_time_tokens set purpose = 'unlock' where user_id = $1`],
  ])('that %s is answered as one that never was', async (_, sql) => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person);
    await db.look(sql, [person.id]);
    expect(told(await use(token))).toEqual(told(await use('A'.repeat(43))));
  });

  it('does not sign in who was disabled meanwhile', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person);
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]);
    expect((await use(token)).status).toBe(401);
    expect(await db.look('select from auth.sessions where user_id = $1', [person.id])).toEqual([]);
  });

  it('lives ten minutes at most, whoever writes it', async () => {
    await expect(
      db.look(
        `insert into auth.one_time_tokens (hash, purpose, expires_at) values (sha256('x'), 'magic_link', now() + interval '11 minutes')`,
      ),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('is neither stored nor logged as it is', async () => {
    const person = await newcomer(db, [a, 'member']);
    const token = await linkFor(person);
    const rows = await db.look<{ t: string }>(
      `select t::text as t from auth.one_time_tokens t union all select m::text from auth.mail_outbox m
       union all select g::text from auth.guesses g`,
    );
    expect(rows.filter(({ t }) => t.includes(token) || t.includes(Buffer.from(token).toString('hex')))).toEqual([]);
  });

  it('tells nobody who has an account', async () => {
    const known = await ask((await newcomer(db, [a, 'member'])).email);
    const unknown = await ask('no-such-person@example.com');
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    expect([...unknown.headers.keys()]).toEqual([...known.headers.keys()]);
  });

  it('is asked for so often from one address, and not more', async () => {
    for (let n = 0; n < 60; n += 1) await ask(`flood-${n}@example.com`);
    const refused = await ask('flood@example.com');
    expectProblem(refused, 429, 'too_many_attempts');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
