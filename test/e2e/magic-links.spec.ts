import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/mail-pod.js';
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

const PATH = '/v1/auth/magic-link';
const ask = (email: string, more: object = {}, pod = app) => pod.call('POST', PATH, { body: { email, ...more } });
const use = (token: string, more: object = {}) => app.call('POST', `${PATH}/verify`, { body: { token, ...more } });

/** Until nothing waits to be sent: what was not for anybody's inbox has then had its chance. */
const delivered = (): Promise<void> => until(async () => (await db.look('select from auth.mail_outbox')).length === 0);

/** S256 of RFC 7636. */
function pkce(): { codeVerifier: string; codeChallenge: string } {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}

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

  it('is AAL1 beside a second factor, too, and says that one is wanted', async () => {
    const person = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at) values ($1, 'totp', 'Phone', 'x', now())`,
      [person.id],
    );
    const { body } = await use(await linkFor(person));
    expect([body.aal, body.mfaRequired]).toEqual(['aal1', true]);
  });

  it('is used by POST alone: whoever opens or scans it uses nothing up', async () => {
    const token = await linkFor(await newcomer(db, [a, 'member']));
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) {
      for (const path of [`${PATH}/verify`, `${PATH}/verify/${token}`]) {
        expect([404, 405]).toContain((await fetch(app.url + path, { method })).status);
      }
    }
    expect((await app.call('GET', '/account/magic-link')).status).toBe(200);
    expect((await use(token)).status).toBe(200);
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
    const { codeVerifier, codeChallenge } = pkce();
    const person = await newcomer(db, [a, 'member']);
    const right = await linkFor(person, { codeChallenge });
    expect((await use(right, { codeVerifier })).status).toBe(200);
    for (const more of [{}, { codeVerifier: pkce().codeVerifier }, { codeVerifier: codeChallenge }]) {
      const token = await linkFor(person, { codeChallenge });
      expectProblem(await use(token, more), 401, 'link_invalid');
      expectProblem(await use(token, { codeVerifier }), 401, 'link_invalid'); // one attempt is all it has
    }
  });

  it('that was asked for without a challenge is for nobody who kept a verifier: they asked for another one', async () => {
    const token = await linkFor(await newcomer(db, [a, 'member']));
    expectProblem(await use(token, { codeVerifier: pkce().codeVerifier }), 401, 'link_invalid');
    expectProblem(await use(token), 401, 'link_invalid');
  });

  it.each([
    ['codeChallenge', 'A'.repeat(42)],
    ['codeChallenge', 'A'.repeat(44)],
    ['codeChallenge', `${'A'.repeat(42)}=`],
    ['codeChallenge', null],
    ['codeVerifier', 'A'.repeat(42)],
    ['codeVerifier', 'A'.repeat(129)],
    ['codeVerifier', `${'A'.repeat(43)} `],
    ['codeVerifier', ['A'.repeat(43)]],
  ])('takes no %s like %j', async (field, value) => {
    const answer = field === 'codeVerifier' ? await use('A'.repeat(43), { [field]: value }) : await ask('x@example.com', { [field]: value }); // prettier-ignore
    expectProblem(answer, 400, 'validation_failed');
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
    const refused = await use(token);
    expectProblem(refused, 401, 'link_invalid');
    expect(told(refused)).toEqual(told(await use('A'.repeat(43))));
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
    const [known, disabled] = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [disabled.id]);
    const answers = [await ask(known.email), await ask('no-such-person@example.com'), await ask(disabled.email)];
    for (const { status, text, headers } of answers) {
      expect([status, text, [...headers.keys()]]).toEqual([202, '', [...answers[0]!.headers.keys()]]);
    }
    await delivered();
    expect(smtp.mails.map(({ to }) => to)).toEqual([[known.email]]);
    smtp.reset();
  });

  it('does not sign in with capitals as somebody else: an address has one spelling', async () => {
    const person = await newcomer(db, [a, 'member']);
    expect((await ask(person.email.toUpperCase())).status).toBe(202);
    await smtp.waitFor(({ to }) => to.includes(person.email));
    expectProblem(await ask(` ${person.email}`), 400, 'validation_failed');
    smtp.reset();
  });

  it('is sent five times an hour, and told to nobody; using one starts the count anew', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens: string[] = [];
    for (let n = 0; n < 5; n += 1) tokens.push(await linkFor(person));
    expect((await ask(person.email)).status).toBe(202);
    expect((await use(tokens[4]!, { codeVerifier: pkce().codeVerifier })).status).toBe(401); // a stolen one starts nothing
    expect((await ask(person.email)).status).toBe(202);
    await delivered();
    expect(smtp.mails).toEqual([]);
    await db.look(`delete from auth.guesses where kind = 'mail'`);
    for (let n = 0; n < 4; n += 1) await linkFor(person);
    expect((await use(await linkFor(person))).status).toBe(200);
    await linkFor(person);
  });

  it('is asked for fifty times from one address, at once and over two pods, and not more', async () => {
    const pods = [await startApp(db, { TRUST_PROXY: 'loopback' }), await startApp(db, { TRUST_PROXY: 'loopback' })];
    const from = (address: string, n: number) =>
      pods[n % 2]!.call('POST', PATH, { body: { email: `flood-${n}@example.com` }, headers: { 'x-forwarded-for': address } }); // prettier-ignore
    const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => from('203.0.113.9', n)));
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect([count(202), count(429)]).toEqual([50, 10]);
    const refused = await from('203.0.113.9', 61);
    expectProblem(refused, 429, 'too_many_attempts');
    expect(refused.body.detail).toContain('mails');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('203.0.113.10', 61)).status).toBe(202);
  });
});
