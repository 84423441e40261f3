import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { createHash } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import { Letters } from '../../src/modules/mail/letters.js';
import { Outbox } from '../../src/modules/mail/index.js';
import { startApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { mailRing } from '../support/mail-pod.js';
import { expectProblem } from '../support/problem.js';
import { startSmtp } from '../support/smtp.js';
import { type Enrolled, MfaCalls, TestClock } from '../support/totp.js';

const { db } = useDatabase();
const clock = new TestClock();
const onClock = (builder: TestingModuleBuilder) => builder.overrideProvider(Clock).useValue(clock);
const held = useApp(db, {}, onClock);
const mfa = new MfaCalls(held, clock);

beforeEach(async () => {
  clock.reset();
  await db.look('delete from auth.guesses');
});

const hashOf = (code = ''): string => createHash('sha256').update(code.replaceAll('-', '')).digest('hex');
const usedBy = async ({ person }: Enrolled): Promise<string[]> =>
  (
    await db.look<{ hash: string }>(
      `select encode(hash, 'hex') as hash from auth.recovery_codes where user_id = $1 and used_at is not null order by used_at`,
      [person.id],
    )
  ).map(({ hash }) => hash);
const failures = async (): Promise<number> =>
  (await db.look<{ failures: number }>(`select failures from auth.guesses where kind = 'code'`))[0]?.failures ?? 0;
const levels = async ({ person }: Enrolled): Promise<number[]> =>
  (await db.look<{ aal: number }>('select aal from auth.sessions where user_id = $1', [person.id])).map((s) => s.aal);
const mailsTo = async ({ person }: Enrolled): Promise<string[]> =>
  (
    await db.look<{ template: string }>(
      `select template from auth.mail_outbox where recipient = $1 and template <> 'factor-added'`,
      [person.email],
    )
  ).map(({ template }) => template);

describe('a recovery code at AAL1', () => {
  const verify = ({ tokens }: Enrolled, recoveryCode?: string) => mfa.verify(tokens.accessToken, { recoveryCode });

  it('that is right is marked, it alone, now, and for good', async () => {
    const one = await mfa.enrolled(db);
    const other = await mfa.enrolled(db);
    const [first, second] = one.recoveryCodes;
    expect((await verify(one, second)).status).toBe(200);
    expect(await usedBy(one)).toEqual([hashOf(second)]);
    const [{ ago } = { ago: -1 }] = await db.look<{ ago: number }>(
      `select extract(epoch from now() - used_at)::float8 as ago from auth.recovery_codes where encode(hash, 'hex') = $1`,
      [hashOf(second)],
    );
    expect([ago >= 0, ago < 30]).toEqual([true, true]);
    expect((await verify(one, first)).status).toBe(200);
    for (const code of [first, second]) expectProblem(await verify(one, code), 401, 'code_used');
    expect(await usedBy(one)).toEqual([second, first].map(hashOf));
    expect(await usedBy(other)).toEqual([]);
  });

  it('that is wrong counts as a guess, each time, and marks and raises nothing', async () => {
    const one = await mfa.enrolled(db);
    for (const count of [1, 2, 3]) {
      expectProblem(await verify(one, '0'.repeat(24)), 401, 'code_invalid');
      expect(await failures()).toBe(count);
    }
    expect([await usedBy(one), await levels(one), await mailsTo(one)]).toEqual([[], [1], []]);
  });

  it('locks after five wrong ones, and a right one is then not used up', async () => {
    const one = await mfa.enrolled(db);
    for (let n = 0; n < 5; n += 1) expectProblem(await verify(one, '0'.repeat(24)), 401, 'code_invalid');
    expectProblem(await verify(one, one.recoveryCodes[0]), 429, 'too_many_attempts');
    expect([await usedBy(one), await levels(one)]).toEqual([[], [1]]);
    await db.look(`update auth.guesses set locked_until = now()`);
    expect((await verify(one, one.recoveryCodes[0])).status).toBe(200);
  });

  it('that is right makes the wrong ones forgotten, and one used before does not', async () => {
    const one = await mfa.enrolled(db);
    const [first, second] = one.recoveryCodes;
    expect((await verify(one, first)).status).toBe(200);
    for (let n = 0; n < 3; n += 1) await verify(one, '0'.repeat(24));
    expectProblem(await verify(one, first), 401, 'code_used');
    expect(await failures()).toBe(3);
    expect((await verify(one, second)).status).toBe(200);
    expect(await failures()).toBe(0);
  });

  it('of somebody else is a wrong one, and stays good for them', async () => {
    const [one, other] = [await mfa.enrolled(db), await mfa.enrolled(db)];
    expectProblem(await verify(one, other.recoveryCodes[0]), 401, 'code_invalid');
    expect([await failures(), await usedBy(other), await levels(one)]).toEqual([1, [], [1]]);
    expect((await verify(other, other.recoveryCodes[0])).status).toBe(200);
  });
});

describe('the mail about a recovery code', () => {
  const SUBJECT = 'A recovery code of your account was used';

  it('says whose, when, how many are left and what to do, and goes by SMTP', async () => {
    const smtp = await startSmtp(db);
    const app = await startApp(db, { SMTP_URL: smtp.url }, onClock);
    try {
      const one = await mfa.enrolled(db);
      const [first, second] = one.recoveryCodes;
      const calls = new MfaCalls({ app }, clock);
      for (const [recoveryCode, left] of [
        [first, 9],
        [second, 8],
      ] as const) {
        // prettier-ignore
        smtp.reset();
        clock.nextStep();
        expect((await calls.verify(one.tokens.accessToken, { recoveryCode })).status).toBe(200);
        const mail = await smtp.waitFor(({ to, subject }) => to.includes(one.person.email) && subject === SUBJECT);
        expect(mail.envelopeTo).toEqual([one.person.email]);
        for (const body of [mail.text, mail.html]) {
          for (const words of [one.person.email, new Date(clock.now()).toUTCString(), `codes left: ${left}.`])
            expect(body).toContain(words);
          expect(body).toMatch(/It was not you\?.* Set a new\s+password\s+now, make new codes/s);
        }
        expect(mail.links).toEqual([]);
        for (const code of one.recoveryCodes) expect(mail.raw).not.toContain(code);
      }
    } finally {
      await app.nest.close(); // it would send the mails that other tests look for
    }
  });

  it('goes for no other code: not of an app, nor wrong, nor used before', async () => {
    const one = await mfa.enrolled(db);
    const [recoveryCode] = one.recoveryCodes;
    const { accessToken } = await mfa.raise(one.tokens.accessToken, one.secret);
    await mfa.verify(accessToken, { code: mfa.wrongCode(one.secret) });
    await mfa.verify(accessToken, { recoveryCode: '0'.repeat(24) });
    expect(await mailsTo(one)).toEqual([]);
    expect((await mfa.verify(accessToken, { recoveryCode })).status).toBe(200);
    expectProblem(await mfa.verify(accessToken, { recoveryCode }), 401, 'code_used');
    expect(await mailsTo(one)).toEqual(['recovery-code-used']);
  });

  it('belongs to the use: where one fails, the other did not happen', async () => {
    const one = await mfa.enrolled(db);
    const verify = (app = held.app) =>
      new MfaCalls({ app }, clock).verify(one.tokens.accessToken, { recoveryCode: one.recoveryCodes[0] });
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [db.world.a.id]);
    try {
      expectProblem(await verify(), 403, 'tenant_suspended');
    } finally {
      await db.look(`update app.tenants set status = 'active' where id = $1`, [db.world.a.id]);
    }
    expect([await usedBy(one), await mailsTo(one)]).toEqual([[], []]);
    const mute = await startApp(db, {}, onClock);
    mute.nest.get(Outbox, { strict: false }).enqueue = () => Promise.reject(new Error('no mail today'));
    expectProblem(await verify(mute), 500);
    expect([await usedBy(one), await levels(one)]).toEqual([[], [1]]);
    expect((await verify()).status).toBe(200);
  });

  it('counts those before it when all ten are used at once', async () => {
    const smtp = await startSmtp(db);
    const app = await startApp(db, { SMTP_URL: smtp.url, AUTH_POOL_SIZE: '12' }, onClock);
    try {
      const one = await mfa.enrolled(db);
      const sessions = await Promise.all(one.recoveryCodes.map(() => grantTo(held.app, db, one.person.id)));
      const calls = new MfaCalls({ app }, clock);
      const uses = one.recoveryCodes.map((recoveryCode, n) => calls.verify(sessions[n]!.accessToken, { recoveryCode }));
      expect((await Promise.all(uses)).map(({ status }) => status)).toEqual(Array(10).fill(200));
      const mails = await smtp.waitForAll(
        10,
        ({ to, subject }) => to.includes(one.person.email) && subject === SUBJECT,
      );
      const left = mails.map(({ text }) => Number(/codes left: (\d+)\./.exec(text)?.[1]));
      expect(left.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    } finally {
      await app.nest.close();
    }
  });

  it('is written like the others: short lines, nothing to load, no markup of anybody’s', () => {
    const letters = new Letters(mailRing);
    const values = { account: '<i>a</i>@example.com', when: 'Sat, 21 Nov 2026 10:00:00 GMT', left: 0 };
    const sealed = letters.seal('1', 'a@example.com', { template: 'recovery-code-used', values });
    const { subject, text, html } = letters.open('1', sealed);
    expect(subject).toBe(SUBJECT);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const body of [text, html]) {
      expect(body).toContain('codes left: 0.');
      expect(body).not.toMatch(/\{\{|undefined|https?:/);
    }
    expect(html).toContain('&lt;i&gt;a&lt;/i&gt;@example.com');
    expect(html).not.toMatch(/<(i|img|script|link|iframe|form)\b|src\s*=|url\(|@import/i);
  });
});
