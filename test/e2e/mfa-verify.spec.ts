import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import { startApp, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { lockAwaited } from '../support/lock-awaited.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import { MfaCalls, TestClock } from '../support/totp.js';

const { db } = useDatabase();
const clock = new TestClock();
const onClock = (moved: TestClock) => (builder: Parameters<NonNullable<Parameters<typeof startApp>[2]>>[0]) =>
  builder.overrideProvider(Clock).useValue(moved);
const held = useApp(db, {}, onClock(clock));
const { a, b } = db.world;
const mfa = new MfaCalls(held, clock);
const { me, deals, refresh, switchTo } = authCalls(held);

beforeEach(() => clock.reset());

/** RFC 6238, appendix B: the secret of its test vectors. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const aal = (token: string): unknown => decodeJwt(token)['aal'];
const failuresOf = () => db.look<{ failures: number }>(`select failures from auth.guesses where kind = 'code'`);
const unlock = () => db.look(`update auth.guesses set locked_until = now() where kind = 'code'`);
const forgetGuesses = () => db.look('delete from auth.guesses');

describe('a code', () => {
  it('is what RFC 6238 says it is', async () => {
    const { codeAt } = await import('../support/totp.js');
    const vectors: [number, string][] = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ];
    for (const [seconds, code] of vectors) expect([seconds, codeAt(RFC_SECRET, seconds)]).toEqual([seconds, code]);
  });

  it.each([
    ['of the current step, at its begin', 0, 0, true],
    ['of the current step, at its end', 29, 0, true],
    ['of the step before, just after it', 0, -30, true],
    ['of the step before, ten seconds after it', 9, -30, true],
    ['of the step before, later', 10, -30, false],
    ['of the step before that', 0, -60, false],
    ['of the next step, from a device that is ahead', 0, 30, true],
    ['of the step after that', 29, 60, false],
  ])('%s: second %d, code of %d seconds away', async (_, second, away, accepted) => {
    await forgetGuesses();
    const { tokens, secret, factorId } = await mfa.enrolled(db);
    await db.look('update auth.factors set totp_last_step = 0 where id = $1', [factorId]);
    clock.move(second);
    const code = mfa.code(secret, away);
    const answer = await mfa.verify(tokens.accessToken, { code });
    if (accepted) expect([answer.status, answer.body.aal]).toEqual([200, 'aal2']);
    else expectProblem(answer, 401, 'code_invalid');
  });

  it('may be typed as it is shown, with a gap, and in no other way', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const code = mfa.code(secret);
    const fullWidth = Array.from(code, (digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    for (const other of [`${code}0`, code.slice(1), `-${code.slice(1)}`, fullWidth]) {
      expectProblem(await mfa.verify(tokens.accessToken, { code: other }), 401, 'code_invalid');
    }
    const { status } = await mfa.verify(tokens.accessToken, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(status).toBe(200);
  });

  it('is good for the one whose app it is', async () => {
    const [mine, theirs] = [await mfa.enrolled(db), await mfa.enrolled(db)];
    const code = mfa.code(theirs.secret);
    expectProblem(await mfa.verify(mine.tokens.accessToken, { code }), 401, 'code_invalid');
    const { recoveryCodes } = theirs;
    const stolen = { recoveryCode: recoveryCodes[0] };
    expectProblem(await mfa.verify(mine.tokens.accessToken, stolen), 401, 'code_invalid');
    expect((await mfa.verify(theirs.tokens.accessToken, stolen)).status).toBe(200);
  });

  it('is sent alone: one of code and recoveryCode, a factor with a code', async () => {
    const { tokens, secret, recoveryCodes, factorId } = await mfa.enrolled(db);
    const code = mfa.code(secret);
    const [recoveryCode] = recoveryCodes;
    for (const body of [
      {},
      { factorId },
      { code, recoveryCode },
      { recoveryCode, factorId },
      { code: null, recoveryCode },
      { code: '' },
      { code: [code] },
      { code, factorId: 'x' },
      { code, aal: 'aal2' },
    ]) {
      expectProblem(await mfa.verify(tokens.accessToken, body), 400, 'validation_failed');
    }
    expect((await mfa.verify(tokens.accessToken, { code })).status).toBe(200);
  });

  it('is tried on the factor that is named, or else on each', async () => {
    const first = await mfa.enrolled(db);
    const { accessToken } = await mfa.raise(first.tokens.accessToken, first.secret);
    const second = await mfa.added(accessToken, 'Tablet');
    const stranger = await mfa.enrolled(db);
    const begun = (await mfa.enrol(accessToken, 'Begun')).body;
    const verify = (secret: string, factorId?: string) =>
      mfa.verify(first.tokens.accessToken, { code: mfa.code(secret), factorId });
    expectProblem(await verify(second.secret, first.factorId), 401, 'code_invalid');
    for (const id of [stranger.factorId, randomUUID(), begun.id])
      expectProblem(await verify(second.secret, id), 404, 'not_found');
    expectProblem(await verify(begun.secret), 401, 'code_invalid');
    expect((await verify(second.secret, second.factorId.toUpperCase())).status).toBe(200);
    expect((await verify(first.secret)).status).toBe(200); // the other app's steps are its own
    clock.nextStep();
    expect((await verify(second.secret)).status).toBe(200);
  });

  it('of whoever has no app is a conflict', async () => {
    const token = await held.app.token((await newcomer(db, [a, 'member'])).email);
    expectProblem(await mfa.verify(token, { code: '123456' }), 409, 'no_factor');
    expectProblem(await mfa.verify(token, { recoveryCode: '0'.repeat(24) }), 409, 'no_factor');
    expect(await db.look('select from auth.guesses where failures > 0 and last_at > now()')).toEqual([]);
  });
});

describe('step-up', () => {
  it('answers new tokens of the same session, at aal2, from now on', async () => {
    const { tokens, secret, person } = await mfa.enrolled(db);
    await db.look(`update auth.sessions set auth_time = now() - interval '1 hour' where user_id = $1`, [person.id]);
    const { status, body, headers } = await mfa.verify(tokens.accessToken, { code: mfa.code(secret) });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ tokenType: 'Bearer', aal: 'aal2', tenant: { id: a.id }, mfaRequired: false });
    const claims = decodeJwt(body.accessToken);
    expect(claims).toMatchObject({ sid: sessionIdOf(tokens), aal: 'aal2', amr: ['mfa', 'otp', 'pwd'] });
    expect(Math.abs((claims['auth_time'] as number) - Date.now() / 1000)).toBeLessThan(30);
    expect((await me(body.accessToken)).body).toMatchObject({ aal: 'aal2', session: { amr: ['mfa', 'otp', 'pwd'] } });
    expect((await deals(body.accessToken)).status).toBe(200);
    const [row] = await db.look<{ used: boolean }>(
      'select last_used_at > activated_at as used from auth.factors where user_id = $1',
      [person.id],
    );
    expect(row?.used).toBe(true);
  });

  it('leaves the token from before where it was', async () => {
    const { tokens, secret, factorId } = await mfa.enrolled(db);
    const raised = await mfa.raise(tokens.accessToken, secret);
    expect(aal(tokens.accessToken)).toBe('aal1');
    expect((await deals(tokens.accessToken)).status).toBe(200);
    expectProblem(await mfa.remove(tokens.accessToken, factorId), 403, 'aal2_required');
    expectProblem(await mfa.renew(tokens.accessToken), 403, 'aal2_required');
    expect((await mfa.renew(raised.accessToken)).status).toBe(200);
  });

  it('is kept by a refresh, with its time', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    let pair = await mfa.raise(tokens.accessToken, secret);
    const { auth_time: at, amr } = decodeJwt(pair.accessToken);
    await db.look(`update auth.sessions set auth_time = auth_time - interval '5 minutes' where id = $1`, [
      sessionIdOf(pair),
    ]);
    for (let n = 0; n < 3; n += 1) {
      pair = (await refresh(pair.refreshToken)).body;
      expect(decodeJwt(pair.accessToken)).toMatchObject({ aal: 'aal2', amr, auth_time: (at as number) - 300 });
    }
  });

  it('is no use to a refresh token from before, within the grace or after', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const raised = await mfa.raise(tokens.accessToken, secret);
    expectProblem(await refresh(tokens.refreshToken), 409, 'refresh_token_superseded');
    expect((await me(raised.accessToken)).status).toBe(200);
    await db.look(
      `update auth.refresh_tokens set used_at = clock_timestamp() - interval '11 seconds' where hash = $1`,
      [createHash('sha256').update(tokens.refreshToken).digest()],
    );
    expectProblem(await refresh(tokens.refreshToken), 401, 'refresh_token_reused');
    expectProblem(await me(raised.accessToken), 401, 'session_ended');
    expectProblem(await refresh(raised.refreshToken), 401, 'refresh_token_invalid');
  });

  it('raced by a refresh gives the old lineage nothing at aal2', async () => {
    for (let n = 0; n < 8; n += 1) {
      const { tokens, secret } = await mfa.enrolled(db);
      const [raised, refreshed] = await Promise.all([
        mfa.verify(tokens.accessToken, { code: mfa.code(secret) }),
        refresh(tokens.refreshToken),
      ]);
      expect([raised.status, raised.body.aal]).toEqual([200, 'aal2']);
      if (refreshed.status !== 200) expectProblem(refreshed, 409, 'refresh_token_superseded');
      else {
        expect(aal(refreshed.body.accessToken)).toBe('aal1');
        expectProblem(await refresh(refreshed.body.refreshToken), 409, 'refresh_token_superseded');
      }
    }
  });

  it('belongs to the session: another one of the same person stays at aal1, and a switch of tenant keeps it', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'viewer']);
    const first = await held.app.tokens(person.email, 'alpha');
    const { secret } = await mfa.added(first.accessToken);
    const second = await held.app.tokens(person.email, 'alpha');
    const raised = await mfa.raise(first.accessToken, secret);
    const [other, moved] = [await refresh(second.refreshToken), await switchTo(raised.accessToken, 'beta')];
    expect([aal(other.body.accessToken), aal(moved.body.accessToken)]).toEqual(['aal1', 'aal2']);
  });

  it('is open to whoever has no tenant', async () => {
    const { accessToken } = await held.app.tokens((await newcomer(db)).email);
    const { secret } = await mfa.added(accessToken);
    const raised = await mfa.raise(accessToken, secret);
    expect((await me(raised.accessToken)).body).toMatchObject({ aal: 'aal2', tenant: null });
  });

  it('in a suspended tenant gives no tokens, and uses nothing up', async () => {
    const { tokens, secret, recoveryCodes } = await mfa.enrolled(db);
    const body = { code: mfa.code(secret) };
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    try {
      expectProblem(await mfa.verify(tokens.accessToken, body), 403, 'tenant_suspended');
      const recovery = { recoveryCode: recoveryCodes[0] };
      expectProblem(await mfa.verify(tokens.accessToken, recovery), 403, 'tenant_suspended');
    } finally {
      await db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]);
    }
    expect((await mfa.verify(tokens.accessToken, body)).status).toBe(200);
    expect((await mfa.list(tokens.accessToken)).body.recoveryCodesLeft).toBe(10);
  });
});

describe('a code that was used', () => {
  it('is refused on every pod, and is no guess', async () => {
    await forgetGuesses();
    const { tokens, secret } = await mfa.enrolled(db);
    const pod = await startApp(db, {}, onClock(clock));
    const body = { code: mfa.code(secret) };
    const before = { code: mfa.code(secret, -30) };
    expect((await mfa.verify(tokens.accessToken, body)).status).toBe(200);
    for (let n = 0; n < 8; n += 1) {
      const answer = await (n % 2 ? pod : held.app).call('POST', '/v1/auth/mfa/verify', {
        token: tokens.accessToken,
        body,
      });
      expectProblem(answer, 401, 'code_used');
    }
    expectProblem(await mfa.verify(tokens.accessToken, before), 401, 'code_used');
    expect(await failuresOf()).toEqual([]);
    clock.nextStep();
    expect((await mfa.verify(tokens.accessToken, { code: mfa.code(secret) })).status).toBe(200);
  });

  it('ahead of its time takes the steps before with it', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const now = mfa.code(secret);
    expect((await mfa.verify(tokens.accessToken, { code: mfa.code(secret, 30) })).status).toBe(200);
    expectProblem(await mfa.verify(tokens.accessToken, { code: now }), 401, 'code_used');
  });

  it('wins once of fifty at once, over two pods', async () => {
    await forgetGuesses();
    const { tokens, secret } = await mfa.enrolled(db);
    const pod = await startApp(db, {}, onClock(clock));
    const body = { code: mfa.code(secret) };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? pod : held.app).call('POST', '/v1/auth/mfa/verify', { token: tokens.accessToken, body }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const lost of answers.filter(({ status }) => status !== 200)) expectProblem(lost, 401, 'code_used');
    expect(await failuresOf()).toEqual([]);
  });

  it('does not make anybody forget the wrong ones', async () => {
    await forgetGuesses();
    const { tokens, secret } = await mfa.enrolled(db);
    const used = { code: mfa.code(secret) };
    expect((await mfa.verify(tokens.accessToken, used)).status).toBe(200);
    for (let n = 0; n < 4; n += 1) {
      expectProblem(await mfa.verify(tokens.accessToken, { code: mfa.wrongCode(secret) }), 401, 'code_invalid');
      expectProblem(await mfa.verify(tokens.accessToken, used), 401, 'code_used');
    }
    expect(await failuresOf()).toEqual([{ failures: 4 }]);
  });
});

describe('wrong codes', () => {
  beforeEach(() => forgetGuesses());

  it('lock after five, for right ones too, on every pod and for activations', async () => {
    const { tokens, secret, recoveryCodes } = await mfa.enrolled(db);
    const pod = await startApp(db, {}, onClock(clock));
    const token = tokens.accessToken;
    for (let n = 0; n < 4; n += 1)
      expectProblem(await mfa.verify(token, { code: mfa.wrongCode(secret) }), 401, 'code_invalid');
    expectProblem(await mfa.verify(token, { recoveryCode: '0'.repeat(24) }), 401, 'code_invalid');
    for (const body of [{ code: mfa.code(secret) }, { recoveryCode: recoveryCodes[0] }]) {
      const locked = await pod.call('POST', '/v1/auth/mfa/verify', { token, body });
      expectProblem(locked, 429, 'too_many_attempts');
      const seconds = Number(locked.headers.get('retry-after'));
      expect([seconds > 50, seconds <= 60]).toEqual([true, true]);
    }
    await unlock();
    expect((await mfa.verify(token, { code: mfa.code(secret) })).status).toBe(200);
    expect(await failuresOf()).toEqual([]);
  });

  it('lock the one whose codes they were guessed for, and nobody else', async () => {
    const [target, other] = [await mfa.enrolled(db), await mfa.enrolled(db)];
    for (let n = 0; n < 5; n += 1) await mfa.verify(target.tokens.accessToken, { code: mfa.wrongCode(target.secret) });
    expectProblem(await mfa.verify(target.tokens.accessToken, { code: '000000' }), 429);
    expect((await mfa.verify(other.tokens.accessToken, { code: mfa.code(other.secret) })).status).toBe(200);
    // a new session of the same person is the same target
    const again = await held.app.token(target.person.email);
    expectProblem(await mfa.verify(again, { code: mfa.code(target.secret) }), 429, 'too_many_attempts');
  });

  it('of fifty at once get five answers, and the right one among them none after that', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const pod = await startApp(db, {}, onClock(clock));
    const right = mfa.code(secret);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        (n % 2 ? pod : held.app).call('POST', '/v1/auth/mfa/verify', {
          token: tokens.accessToken,
          body: { code: mfa.wrongCode(secret) },
        }),
      ),
    );
    const counts = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([counts(401), counts(429)]).toEqual([5, 45]);
    expectProblem(await mfa.verify(tokens.accessToken, { code: right }), 429, 'too_many_attempts');
    await unlock();
    expect((await mfa.verify(tokens.accessToken, { code: right })).status).toBe(200);
  });

  it('and a right one that comes as it locks: the code is not used up, and gives nothing', async () => {
    const { tokens, secret, person } = await mfa.enrolled(db);
    // past the first look, as if it had locked a moment later
    await mfa.verify(tokens.accessToken, { code: mfa.wrongCode(secret) });
    const blind = await startApp(db, {}, onClock(clock));
    const { GuessLimits } = await import('../../src/modules/identity/index.js');
    blind.nest.get(GuessLimits, { strict: false }).assertOpen = async () => undefined;
    await db.look(`update auth.guesses set locked_until = now() + interval '1 minute' where kind = 'code'`);
    for (const code of [mfa.code(secret), mfa.wrongCode(secret)]) {
      const late = await blind.call('POST', '/v1/auth/mfa/verify', { token: tokens.accessToken, body: { code } });
      expectProblem(late, 429, 'too_many_attempts');
    }
    expect(await db.look('select aal from auth.sessions where user_id = $1', [person.id])).toEqual([{ aal: 1 }]);
    await unlock();
    expect((await mfa.verify(tokens.accessToken, { code: mfa.code(secret) })).status).toBe(200);
  });
});

describe('a recovery code', () => {
  beforeEach(() => forgetGuesses());

  it('raises the session once, however it is written', async () => {
    const { tokens, recoveryCodes } = await mfa.enrolled(db);
    const written = [
      (code: string) => code,
      (code: string) => code.toLowerCase().replaceAll('-', ''),
      (code: string) => ` ${code.replaceAll('-', ' ')} `,
      (code: string) => code.replaceAll('0', 'o').replaceAll('1', 'l'),
    ];
    for (const [n, write] of written.entries()) {
      const recoveryCode = write(recoveryCodes[n] ?? '');
      const { status, body } = await mfa.verify(tokens.accessToken, { recoveryCode });
      expect([status, body.aal]).toEqual([200, 'aal2']);
      expectProblem(await mfa.verify(tokens.accessToken, { recoveryCode }), 401, 'code_used');
    }
    expect(await failuresOf()).toEqual([]);
    expect((await mfa.list(tokens.accessToken)).body.recoveryCodesLeft).toBe(6);
  });

  it('is not one with a character less, more, or other', async () => {
    const { tokens, recoveryCodes } = await mfa.enrolled(db);
    const code = recoveryCodes[0] ?? '';
    const last = code.endsWith('0') ? '2' : '0';
    for (const wrong of [code.slice(0, -1), `${code}0`, code.slice(0, -1) + last]) {
      expectProblem(await mfa.verify(tokens.accessToken, { recoveryCode: wrong }), 401, 'code_invalid');
    }
    expect((await mfa.list(tokens.accessToken)).body.recoveryCodesLeft).toBe(10);
  });

  it('wins once of ten at once', async () => {
    const { tokens, recoveryCodes } = await mfa.enrolled(db);
    const body = { recoveryCode: recoveryCodes[0] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => mfa.verify(tokens.accessToken, body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await mfa.list(tokens.accessToken)).body.recoveryCodesLeft).toBe(9);
  });

  it('that another request uses in this moment is no wrong guess', async () => {
    const { tokens, recoveryCodes, person } = await mfa.enrolled(db);
    const [code = ''] = recoveryCodes;
    const first = await db.as('auth');
    await first.query('begin');
    await first.query('update auth.recovery_codes set used_at = now() where user_id = $1 and hash = $2', [
      person.id,
      createHash('sha256').update(code.replaceAll('-', '')).digest(),
    ]);
    const late = mfa.verify(tokens.accessToken, { recoveryCode: code });
    await lockAwaited(db, 'ringfence_auth');
    await first.query('commit');
    expectProblem(await late, 401, 'code_used');
    expect(await failuresOf()).toEqual([]);
  });

  it('is kept as a hash', async () => {
    const { recoveryCodes, person } = await mfa.enrolled(db);
    const rows = await db.look<{ hash: string }>(
      `select encode(hash, 'hex') as hash from auth.recovery_codes where user_id = $1 order by hash`,
      [person.id],
    );
    const hashes = recoveryCodes.map((code) => createHash('sha256').update(code.replaceAll('-', '')).digest('hex'));
    expect(rows.map(({ hash }) => hash)).toEqual(hashes.sort());
  });
});
