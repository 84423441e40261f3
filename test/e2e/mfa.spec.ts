import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import { startApp, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { startSmtp } from '../support/smtp.js';
import { MfaCalls, TestClock } from '../support/totp.js';

const { db } = useDatabase();
const clock = new TestClock();
const held = useApp(db, {}, (builder) => builder.overrideProvider(Clock).useValue(clock));
const { a } = db.world;
const mfa = new MfaCalls(held, clock);
const { me, login, refresh } = authCalls(held);

beforeEach(() => clock.reset());

const signedIn = async (): Promise<{ id: string; email: string; token: string }> => {
  const person = await newcomer(db, [a, 'member']);
  return { ...person, token: await held.app.token(person.email) };
};
const rowsOf = (userId: string) =>
  db.look<{ id: string; active: boolean; sealed: string }>(
    `select id, activated_at is not null as active, totp_secret_encrypted as sealed from auth.factors
      where user_id = $1 order by id`,
    [userId],
  );
const codesOf = (userId: string) => db.look('select from auth.recovery_codes where user_id = $1', [userId]);
const mailsTo = (email: string) =>
  db.look<{ template: string }>('select template from auth.mail_outbox where recipient = $1 order by id', [email]);

describe('enrolment of an authenticator app', () => {
  it('shows a secret of 160 bits once, in three forms', async () => {
    const { email, token } = await signedIn();
    const { status, body, headers } = await mfa.enrol(token, 'My phone');
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(Object.keys(body).sort()).toEqual(['id', 'otpauthUri', 'qrCode', 'secret']);
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(body.otpauthUri);
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/Ringfence:${email}`,
    ]);
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: body.secret, issuer: 'Ringfence' });
    const [type, svg = ''] = (body.qrCode as string).split(',');
    expect(type).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(svg, 'base64').toString()).toMatch(/^<svg .*<\/svg>$/s);
    const { text } = await mfa.list(token);
    expect(text).not.toContain(body.secret);
  });

  it('counts for nothing until it is activated', async () => {
    const { email, token } = await signedIn();
    const { body } = await mfa.enrol(token, 'Phone');
    expect((await mfa.list(token)).body).toEqual({
      items: [
        {
          id: body.id,
          type: 'totp',
          name: 'Phone',
          active: false,
          createdAt: expect.any(String),
          activatedAt: null,
          lastUsedAt: null,
        },
      ],
      nextCursor: null,
      recoveryCodesLeft: 0,
    });
    expect((await me(token)).body.mfaEnrolled).toBe(false);
    expect((await login(email)).body.mfaRequired).toBe(false);
    expectProblem(await mfa.verify(token, { code: mfa.code(body.secret) }), 409, 'no_factor');
    expect(await mailsTo(email)).toEqual([]);
  });

  it('keeps at most three that were begun, and none for longer than ten minutes of the database', async () => {
    const { id, token } = await signedIn();
    const begun: { id: string; secret: string }[] = [];
    for (let n = 0; n < 5; n += 1) begun.push((await mfa.enrol(token, `Phone ${n}`)).body);
    const [, second, third, fourth] = begun as [never, ...{ id: string; secret: string }[]];
    expect((await rowsOf(id)).map((row) => row.id)).toEqual(begun.slice(2).map((one) => one.id));
    expectProblem(await mfa.activate(token, second!.id, mfa.code(second!.secret)), 404, 'not_found');
    await db.look(`update auth.factors set created_at = now() - interval '601 seconds' where id = $1`, [third!.id]);
    expectProblem(await mfa.activate(token, third!.id, mfa.code(third!.secret)), 404, 'not_found');
    expect((await mfa.list(token)).body.items).toHaveLength(2);
    await db.look(`update auth.factors set created_at = now() - interval '599 seconds' where id = $1`, [fourth!.id]);
    expect((await mfa.activate(token, fourth!.id, mfa.code(fourth!.secret))).status).toBe(200);
  });

  it('is open to whoever has no tenant', async () => {
    const token = await held.app.token((await newcomer(db)).email);
    expect((await mfa.added(token)).recoveryCodes).toHaveLength(10);
  });

  it('takes a name of 1 to 100 characters, and nothing else', async () => {
    const { token } = await signedIn();
    const enrol = (body: unknown) => held.app.call('POST', '/v1/auth/mfa/totp', { token, body });
    for (const body of [{}, { name: '' }, { name: '  ' }, { name: 'x'.repeat(101) }, { name: 'a\0b' }, { name: 1 }]) {
      expectProblem(await enrol(body), 400);
    }
    expectProblem(await enrol({ name: 'Phone', secret: 'A'.repeat(32) }), 400, 'validation_failed');
    expect((await enrol({ name: 'x'.repeat(100) })).status).toBe(201);
  });
});

describe('activation', () => {
  it('gives ten recovery codes, ends one’s other sessions and no others', async () => {
    const { email, token } = await signedIn();
    const elsewhere = await held.app.tokens(email);
    const other = await signedIn();
    const { body } = await mfa.enrol(token);
    const { status, body: activated, headers } = await mfa.activate(token, body.id, mfa.code(body.secret));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(new Set(activated.recoveryCodes).size).toBe(10);
    for (const code of activated.recoveryCodes)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}$/);
    expectProblem(await me(elsewhere.accessToken), 401, 'session_ended');
    expectProblem(await refresh(elsewhere.refreshToken), 401, 'refresh_token_invalid');
    expect((await me(other.token)).status).toBe(200);
    expect((await me(token)).body).toMatchObject({ aal: 'aal1', mfaEnrolled: true });
    expect((await login(email)).body).toMatchObject({ aal: 'aal1', mfaRequired: true });
    expect((await mfa.list(token)).body).toMatchObject({
      items: [{ id: body.id, active: true, activatedAt: expect.any(String) }],
      recoveryCodesLeft: 10,
    });
  });

  it('is told by mail', async () => {
    const smtp = await startSmtp(db);
    const app = await startApp(db, { SMTP_URL: smtp.url }, (builder) =>
      builder.overrideProvider(Clock).useValue(clock),
    );
    try {
      const calls = new MfaCalls({ app }, clock);
      const person = await newcomer(db, [a, 'member']);
      const { secret } = await calls.added(await app.token(person.email), 'A phone');
      const mail = await smtp.waitFor(({ to }) => to.includes(person.email));
      expect(mail.subject).toBe('A second factor was added to your account');
      expect(mail.text).toContain('"A phone"');
      expect(mail.text).toContain(new Date(clock.now() - 30_000).toUTCString());
      expect(mail.raw).not.toContain(secret);
    } finally {
      await app.nest.close(); // it would send the mails that other tests look for
    }
  });

  it('wants the code that is shown: a wrong one is refused, and is a guess', async () => {
    const { id, token } = await signedIn();
    const { body } = await mfa.enrol(token);
    for (const code of [mfa.wrongCode(body.secret), mfa.code(body.secret, 60), 'abcdef', '1', '0'.repeat(7)]) {
      expectProblem(await mfa.activate(token, body.id, code), 422, 'code_invalid');
    }
    const locked = await mfa.activate(token, body.id, mfa.code(body.secret));
    expectProblem(locked, 429, 'too_many_attempts');
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(await rowsOf(id)).toMatchObject([{ active: false }]);
    expect(await codesOf(id)).toEqual([]);
    await db.look('update auth.guesses set locked_until = now()');
    expect((await mfa.activate(token, body.id, mfa.code(body.secret))).status).toBe(200);
  });

  it('happens once', async () => {
    const { token } = await signedIn();
    const { body } = await mfa.enrol(token);
    expect((await mfa.activate(token, body.id, mfa.code(body.secret))).status).toBe(200);
    expectProblem(await mfa.activate(token, body.id, mfa.code(body.secret, 30)), 403, 'aal2_required');
    expectProblem(await mfa.verify(token, { code: mfa.code(body.secret) }), 401, 'code_used');
    clock.nextStep();
    const raised = await mfa.raise(token, body.secret);
    expectProblem(await mfa.activate(raised.accessToken, body.id, mfa.code(body.secret)), 409, 'factor_already_active');
  });

  it('that comes while another one finishes is too late, and changes nothing', async () => {
    const { person, tokens, secret } = await mfa.enrolled(db);
    const { accessToken } = await mfa.raise(tokens.accessToken, secret);
    const { body } = await mfa.enrol(accessToken, 'Tablet');
    const first = await db.as('service');
    const at = async () =>
      (
        await db.look('select activated_at, totp_last_step, last_used_at from auth.factors where id = $1', [body.id])
      )[0];
    await first.query('begin');
    await first.query('select from auth.users where id = $1 for no key update', [person.id]); // as an activation does
    const late = mfa.activate(accessToken, body.id, mfa.code(body.secret, 30)); // saw a factor that was only begun
    await lockAwaited(db, 'ringfence_auth');
    await first.query(
      `update auth.factors set activated_at = now() - interval '1 second', totp_last_step = 1, last_used_at = now()
        where id = $1`,
      [body.id],
    );
    await first.query('commit');
    const before = await at();
    expectProblem(await late, 404, 'not_found');
    expect(await at()).toEqual(before);
    expect(await mailsTo(person.email)).toEqual([{ template: 'factor-added' }]); // the one about the first factor
  });

  it('of somebody else’s is answered as one that never existed', async () => {
    const [mine, theirs] = [await signedIn(), await signedIn()];
    const { body } = await mfa.enrol(theirs.token);
    const foreign = await mfa.activate(mine.token, body.id, mfa.code(body.secret));
    const unknown = await mfa.activate(mine.token, randomUUID(), mfa.code(body.secret));
    expectProblem(foreign, 404, 'not_found');
    expect({ ...(told(foreign) as { body: object }), body: { ...foreign.body, instance: '', traceId: '' } }).toEqual({
      ...(told(unknown) as { body: object }),
      body: { ...unknown.body, instance: '', traceId: '' },
    });
    expect(await rowsOf(theirs.id)).toMatchObject([{ active: false }]);
  });

  it('of two at once at AAL1 ends in one first factor and one set of codes', async () => {
    for (let n = 0; n < 6; n += 1) {
      const { id, token } = await signedIn();
      const begun = [(await mfa.enrol(token, 'One')).body, (await mfa.enrol(token, 'Two')).body];
      const answers = await Promise.all(begun.map((one) => mfa.activate(token, one.id, mfa.code(one.secret))));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
      const refused = answers.find(({ status }) => status === 403)!;
      expectProblem(refused, 403, 'aal2_required');
      expect((await rowsOf(id)).filter(({ active }) => active)).toHaveLength(1);
      expect(await codesOf(id)).toHaveLength(10);
    }
  });
});

describe('a second factor beside the first', () => {
  it('is neither begun nor activated at AAL1', async () => {
    const { token } = await signedIn();
    const early = (await mfa.enrol(token, 'Begun before')).body;
    await mfa.added(token, 'First');
    const refused = await mfa.enrol(token, 'Second');
    expectProblem(refused, 403, 'aal2_required');
    expect(refused.body.requiredAal).toBe('aal2');
    expectProblem(await mfa.activate(token, early.id, mfa.code(early.secret)), 403, 'aal2_required');
  });

  it('is added at AAL2, with no new recovery codes', async () => {
    const { person, tokens, secret } = await mfa.enrolled(db);
    const { accessToken } = await mfa.raise(tokens.accessToken, secret);
    const second = await mfa.added(accessToken, 'Tablet');
    expect(second.recoveryCodes).toEqual([]);
    expect(await codesOf(person.id)).toHaveLength(10);
    expect((await mfa.list(accessToken)).body.items).toMatchObject([{ name: 'Phone' }, { name: 'Tablet' }]);
    expect(await mailsTo(person.email)).toEqual([{ template: 'factor-added' }, { template: 'factor-added' }]);
  });

  it('is one of twenty at most', async () => {
    const person = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into auth.factors (user_id, type, name, totp_secret_encrypted, activated_at)
       select $1, 'totp', 'Phone ' || n, 'k1.x', now() from generate_series(1, 20) n`,
      [person.id],
    );
    const { accessToken } = await grantTo(held.app, db, person.id, { aal: 2 });
    expectProblem(await mfa.enrol(accessToken), 409, 'too_many_factors');
  });
});

describe('a factor', () => {
  it('is renamed at AAL2, by its owner', async () => {
    const { tokens, secret, factorId } = await mfa.enrolled(db);
    expectProblem(await mfa.rename(tokens.accessToken, factorId, 'Other'), 403, 'aal2_required');
    const { accessToken } = await mfa.raise(tokens.accessToken, secret);
    const { status, body } = await mfa.rename(accessToken, factorId, 'Old phone');
    expect([status, body.name, body.id]).toEqual([200, 'Old phone', factorId]);
    expectProblem(await mfa.rename(accessToken, factorId, ''), 400);
    expectProblem(await mfa.rename(accessToken, 'x', 'Name'), 400);
    const other = await mfa.enrolled(db);
    const theirs = await mfa.raise(other.tokens.accessToken, other.secret);
    for (const id of [factorId, randomUUID()])
      expectProblem(await mfa.rename(theirs.accessToken, id, 'Taken'), 404, 'not_found');
    expect((await mfa.list(accessToken)).body.items[0].name).toBe('Old phone');
    expect((await mfa.list(theirs.accessToken)).body.items.map((item: { id: string }) => item.id)).toEqual([
      other.factorId,
    ]);
  });

  it('is listed to nobody without a live session', async () => {
    expectProblem(await held.app.call('GET', '/v1/auth/mfa/factors'), 401, 'not_authenticated');
    const { id, token } = await signedIn();
    await db.look('delete from auth.sessions where user_id = $1', [id]);
    for (const answer of [
      await mfa.list(token),
      await mfa.enrol(token),
      await mfa.activate(token, randomUUID(), '123456'),
      await mfa.verify(token, { code: '123456' }),
    ]) {
      expectProblem(answer, 401, 'session_ended');
    }
  });

  it('has a secret that nobody reads in the table, or uses in another row', async () => {
    const [mine, theirs] = [await mfa.enrolled(db), await mfa.enrolled(db)];
    const [row] = await rowsOf(mine.person.id);
    expect(row?.sealed).toMatch(/^k1\.[\w-]{60,}$/);
    const [dump] = await db.look<{ all: string }>(`select string_agg(f::text, ' ') as all from auth.factors f`);
    expect(dump?.all).not.toContain(mine.secret);
    await db.look('update auth.factors set totp_secret_encrypted = $2 where id = $1', [theirs.factorId, row?.sealed]);
    for (const secret of [mine.secret, theirs.secret]) {
      const refused = await mfa.verify(theirs.tokens.accessToken, { code: mfa.code(secret) });
      expectProblem(refused, 503, 'factor_unavailable');
    }
  });

  it('whose key is not in the ring says so, is no guess, and leaves the recovery codes good', async () => {
    const { factorId, tokens, secret, recoveryCodes } = await mfa.enrolled(db);
    await db.look(
      `update auth.factors set totp_secret_encrypted = 'k9' || substr(totp_secret_encrypted, 3) where id = $1`,
      [factorId],
    );
    for (let n = 0; n < 6; n += 1) {
      const refused = await mfa.verify(tokens.accessToken, { code: mfa.code(secret) });
      expectProblem(refused, 503, 'factor_unavailable');
      expect(refused.text).not.toContain('k9');
    }
    const { status, body } = await mfa.verify(tokens.accessToken, { recoveryCode: recoveryCodes[0] });
    expect([status, body.aal]).toEqual([200, 'aal2']);
  });
});
