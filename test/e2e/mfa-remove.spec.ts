import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { randomUUID } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import { Grants } from '../../src/modules/identity/index.js';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { startApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { expectProblem, told } from '../support/problem.js';
import { raised } from '../support/raise.js';
import { startSmtp } from '../support/smtp.js';
import { type Enrolled, MfaCalls, TestClock } from '../support/totp.js';

const { db } = useDatabase();
const clock = new TestClock();
const onClock = (builder: TestingModuleBuilder) => builder.overrideProvider(Clock).useValue(clock);
const held = useApp(db, {}, onClock);
const mfa = new MfaCalls(held, clock);
const { me, login, refresh } = authCalls(held);

beforeEach(() => clock.reset());

/** Somebody enrolled, with tokens at AAL2. */
async function sure(): Promise<Enrolled & { high: Tokens }> {
  const one = await mfa.enrolled(db);
  return { ...one, high: await mfa.raise(one.tokens.accessToken, one.secret) };
}

const standing = async ({ person }: Enrolled) => {
  const [row] = await db.look<{ factors: number; codes: number; sessions: number; mails: string[] | null }>(
    `select (select count(*)::int from auth.factors where user_id = $1 and activated_at is not null) as factors,
            (select count(*)::int from auth.recovery_codes where user_id = $1 and used_at is null) as codes,
            (select count(*)::int from auth.sessions where user_id = $1) as sessions,
            (select array_agg(template order by id) from auth.mail_outbox where recipient = $2) as mails`,
    [person.id, person.email],
  );
  return row;
};
const shortPassword = ({ person }: Enrolled) =>
  db.look('update auth.users set password_stands_alone = false where id = $1', [person.id]);

describe('removing a factor', () => {
  it('ends one’s other sessions, and with the last factor the recovery codes go', async () => {
    const one = await sure();
    const elsewhere = await held.app.tokens(one.person.email);
    const other = await sure();
    expect((await mfa.remove(one.high.accessToken, one.factorId)).status).toBe(204);
    expectProblem(await me(elsewhere.accessToken), 401, 'session_ended');
    expectProblem(await refresh(elsewhere.refreshToken), 401, 'refresh_token_invalid');
    expect((await me(one.high.accessToken)).body).toMatchObject({ mfaEnrolled: false });
    expect((await login(one.person.email)).body).toMatchObject({ aal: 'aal1', mfaRequired: false });
    expect(await standing(one)).toMatchObject({ factors: 0, codes: 0, mails: ['factor-added', 'factor-removed'] });
    expect(await standing(other)).toMatchObject({ factors: 1, codes: 10, sessions: 1 });
    expect((await mfa.list(one.high.accessToken)).body).toEqual({ items: [], nextCursor: null, recoveryCodesLeft: 0 });
    expectProblem(await mfa.verify(one.high.accessToken, { recoveryCode: one.recoveryCodes[0] }), 409, 'no_factor');
    expectProblem(await mfa.renew(one.high.accessToken), 409, 'no_factor');
  });

  it('keeps the recovery codes while there is another', async () => {
    const one = await sure();
    const second = await mfa.added(one.high.accessToken, 'Tablet');
    expect((await mfa.remove(one.high.accessToken, one.factorId)).status).toBe(204);
    expect(await standing(one)).toMatchObject({ factors: 1, codes: 10 });
    expectProblem(await mfa.verify(one.high.accessToken, { code: mfa.code(one.secret) }), 401, 'code_invalid');
    expect((await mfa.verify(one.high.accessToken, { code: mfa.code(second.secret) })).status).toBe(200);
  });

  it('is told by mail, and so are new recovery codes', async () => {
    const smtp = await startSmtp(db);
    const app = await startApp(db, { SMTP_URL: smtp.url }, onClock);
    try {
      const one = await sure();
      const calls = new MfaCalls({ app }, clock);
      expect((await calls.renew(one.high.accessToken)).status).toBe(200);
      expect((await calls.remove(one.high.accessToken, one.factorId)).status).toBe(204);
      for (const wanted of ['A second factor was removed from your account', 'You have new recovery codes']) {
        const mail = await smtp.waitFor(({ to, subject }) => to.includes(one.person.email) && subject === wanted);
        expect(mail.text).toContain(new Date(clock.now()).toUTCString());
        for (const code of one.recoveryCodes) expect(mail.raw).not.toContain(code);
      }
    } finally {
      await app.nest.close(); // it would send the mails that other tests look for
    }
  });

  it('of somebody else’s is answered as one that never existed', async () => {
    const [mine, theirs] = [await sure(), await sure()];
    const foreign = await mfa.remove(mine.high.accessToken, theirs.factorId);
    const unknown = await mfa.remove(mine.high.accessToken, randomUUID());
    expectProblem(foreign, 404, 'not_found');
    expect({ ...(told(foreign) as object), body: { ...foreign.body, instance: '', traceId: '' } }).toEqual({
      ...(told(unknown) as object),
      body: { ...unknown.body, instance: '', traceId: '' },
    });
    expect(await standing(theirs)).toMatchObject({ factors: 1, codes: 10, sessions: 1 });
    expectProblem(await mfa.remove(mine.high.accessToken, 'x'), 400);
  });

  it('that was only begun disturbs nobody', async () => {
    const one = await sure();
    const elsewhere = await held.app.tokens(one.person.email);
    const { body } = await mfa.enrol(one.high.accessToken, 'Begun');
    expect((await mfa.remove(one.high.accessToken, body.id)).status).toBe(204);
    expect((await me(elsewhere.accessToken)).status).toBe(200);
    expect(await standing(one)).toMatchObject({ factors: 1, codes: 10, sessions: 2, mails: ['factor-added'] });
  });

  it('is refused when the password is too short to be left alone', async () => {
    const one = await sure();
    await shortPassword(one);
    expectProblem(await mfa.remove(one.high.accessToken, one.factorId), 409, 'password_too_short_alone');
    expect(await standing(one)).toMatchObject({ factors: 1, codes: 10, mails: ['factor-added'] });
    const second = await mfa.added(one.high.accessToken, 'Tablet');
    expect((await mfa.remove(one.high.accessToken, one.factorId)).status).toBe(204);
    expectProblem(await mfa.remove(one.high.accessToken, second.factorId), 409, 'password_too_short_alone');
  });

  it('of both at once leaves one, where one must stay', async () => {
    for (let n = 0; n < 6; n += 1) {
      const one = await sure();
      const second = await mfa.added(one.high.accessToken, 'Tablet');
      await shortPassword(one);
      const answers = await Promise.all(
        [one, second].map(({ factorId }) => mfa.remove(one.high.accessToken, factorId)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
      expect(await standing(one)).toMatchObject({ factors: 1, codes: 10 });
    }
  });
});

describe('changes of factors', () => {
  it('raced by each other and by sign-in, step-up and refresh are answered, without a deadlock', async () => {
    const app = await startApp(db, { AUTH_POOL_SIZE: '12' }, onClock);
    const [calls, auth] = [new MfaCalls({ app }, clock), authCalls({ app })];
    for (let n = 0; n < 8; n += 1) {
      clock.reset();
      const one = await sure();
      const second = await mfa.added(one.high.accessToken, 'Tablet');
      const begun = (await mfa.enrol(one.high.accessToken, 'Begun')).body;
      const [there, elsewhere] = [
        await grantTo(held.app, db, one.person.id),
        await grantTo(held.app, db, one.person.id, { aal: 2 }),
      ];
      const answers = await Promise.all([
        calls.remove(one.high.accessToken, one.factorId),
        calls.verify(there.accessToken, { code: mfa.code(second.secret) }),
        calls.activate(one.high.accessToken, begun.id, mfa.code(begun.secret)),
        calls.verify(elsewhere.accessToken, { recoveryCode: one.recoveryCodes[0] }),
        calls.enrol(elsewhere.accessToken, 'One more'),
        calls.renew(one.high.accessToken),
        calls.rename(elsewhere.accessToken, second.factorId, 'Slate'),
        auth.refresh(there.refreshToken),
        auth.login(one.person.email),
        calls.remove(elsewhere.accessToken, second.factorId),
      ]);
      const odd = answers.filter(
        ({ status, body }) => status >= 500 || status === 429 || body?.code === 'concurrent_change',
      );
      expect(odd.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
      expect((await mfa.list((await held.app.tokens(one.person.email)).accessToken)).status).toBe(200);
    }
  });
});

describe('new recovery codes', () => {
  it('void those from before', async () => {
    const one = await sure();
    const { status, body, headers } = await mfa.renew(one.high.accessToken);
    expect([status, headers.get('cache-control'), body.recoveryCodes.length]).toEqual([200, 'no-store', 10]);
    expect(new Set([...body.recoveryCodes, ...one.recoveryCodes]).size).toBe(20);
    const verify = (recoveryCode: string) => mfa.verify(one.tokens.accessToken, { recoveryCode });
    expectProblem(await verify(one.recoveryCodes[0] ?? ''), 401, 'code_invalid');
    expect((await verify(body.recoveryCodes[0])).status).toBe(200);
    expect(await standing(one)).toMatchObject({
      codes: 9,
      mails: ['factor-added', 'recovery-codes-renewed', 'recovery-code-used'],
    });
  });
});

describe('what weakens an account', () => {
  const routes = [
    ['remove a factor', (calls: MfaCalls, token: string, id: string) => calls.remove(token, id)],
    ['renew recovery codes', (calls: MfaCalls, token: string) => calls.renew(token)],
    ['rename a factor', (calls: MfaCalls, token: string, id: string) => calls.rename(token, id, 'Changed')],
    ['begin another', (calls: MfaCalls, token: string) => calls.enrol(token)],
  ] as const;
  const untouched = { factors: 1, codes: 10, mails: ['factor-added'] };

  it.each(routes.filter(([what]) => what !== 'rename a factor'))(
    'needs a second factor of the last 15 minutes: %s',
    async (_, change) => {
      const one = await mfa.enrolled(db);
      const { id } = one.person;
      const stale = await grantTo(held.app, db, id, { aal: 2, ago: '16 minutes' });
      expectProblem(await change(mfa, stale.accessToken, one.factorId), 403, 'aal2_required');
      const lasting = await raised(held.app, db, stale, '16 minutes'); // a refresh does not make it younger
      expectProblem(await change(mfa, lasting.accessToken, one.factorId), 403, 'aal2_required');
      expect(await standing(one)).toMatchObject(untouched);
      const fresh = await grantTo(held.app, db, id, { aal: 2, ago: '14 minutes' });
      expect((await change(mfa, fresh.accessToken, one.factorId)).status).toBeLessThan(300);
    },
  );

  it.each(routes)(
    'is refused by the database alone, with the guard and the service taken out: %s',
    async (_, change) => {
      const always = { canActivate: () => true };
      const app = await startApp(db, {}, (builder) =>
        onClock(builder).overrideProvider(AssuranceGuard).useValue(always),
      );
      const grants = app.nest.get(Grants, { strict: false });
      const session = grants.session.bind(grants);
      grants.session = async (...args) => ({ ...(await session(...args)), has_factor: false });
      const one = await mfa.enrolled(db);
      await held.app.tokens(one.person.email);
      expectProblem(
        await change(new MfaCalls({ app }, clock), one.tokens.accessToken, one.factorId),
        403,
        'aal2_required',
      );
      expect(await standing(one)).toMatchObject({ ...untouched, sessions: 2 });
      await app.nest.close();
    },
  );

  it.each(routes)('is refused by the guard or the service alone, with the triggers off: %s', async (_, change) => {
    const one = await mfa.enrolled(db);
    const owner = await db.as('owner');
    const tables = ['auth.factors', 'auth.recovery_codes'];
    for (const table of tables) await owner.query(`alter table ${table} disable trigger a_guard`);
    try {
      expectProblem(await change(mfa, one.tokens.accessToken, one.factorId), 403, 'aal2_required');
      expect(await standing(one)).toMatchObject(untouched);
    } finally {
      for (const table of tables) await owner.query(`alter table ${table} enable always trigger a_guard`);
    }
  });
});
