import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Clock } from '../../src/context/index.js';
import { type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import { MfaCalls, TestClock } from '../support/totp.js';

/* A step-up makes a session surer. It makes nothing of it live longer, and nothing that is over good again. */

const { db } = useDatabase();
const clock = new TestClock();
const held = useApp(db, {}, (builder) => builder.overrideProvider(Clock).useValue(clock));
const mfa = new MfaCalls(held, clock);
const { me, deals, refresh } = authCalls(held);

beforeEach(() => clock.reset());

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
const tokensOf = (session: string) =>
  db.look<{ hash: Buffer; used_at: Date | null }>(
    'select hash, used_at from auth.refresh_tokens where session_id = $1 order by created_at, hash',
    [session],
  );
const capabilityOf = ({ accessToken }: Tokens) =>
  db.look('select aal, auth_time, expires_at from auth.capabilities where hash = $1', [
    hash(hash(accessToken).toString('base64url')),
  ]);

describe('a refresh token that was used before the step-up', () => {
  it('keeps the time of its use, and whoever shows it again is still a thief', async () => {
    const { tokens: first, secret } = await mfa.enrolled(db);
    const second = (await refresh(first.refreshToken)).body as Tokens;
    await db.look(`update auth.refresh_tokens set used_at = now() - interval '1 hour' where hash = $1`, [
      hash(first.refreshToken),
    ]);
    const at = async () =>
      (await tokensOf(sessionIdOf(first))).find((row) => row.hash.equals(hash(first.refreshToken)));
    const before = await at();
    const raised = await mfa.raise(second.accessToken, secret);
    expect(await at()).toEqual(before);
    expectProblem(await refresh(first.refreshToken), 401, 'refresh_token_reused');
    expectProblem(await me(raised.accessToken), 401, 'session_ended');
  });

  it('and one that was not are both used up: only the new one is good', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const second = (await refresh(tokens.refreshToken)).body as Tokens;
    const raised = await mfa.raise(second.accessToken, secret);
    const fresh = (await tokensOf(sessionIdOf(tokens))).filter((row) => row.used_at === null);
    expect(fresh.map((row) => row.hash)).toEqual([hash(raised.refreshToken)]);
  });
});

describe('a session that is raised', () => {
  it('ends when it would have ended, and so do its new tokens', async () => {
    const { tokens, secret } = await mfa.enrolled(db);
    const ends = async () =>
      (
        await db.look<{ idle: Date; absolute: Date }>(
          'select idle_expires_at as idle, expires_at as absolute from auth.sessions where id = $1',
          [sessionIdOf(tokens)],
        )
      )[0];
    await db.look(
      `update auth.sessions set expires_at = now() + interval '5 minutes', idle_expires_at = now() + interval '1 minute'
        where id = $1`,
      [sessionIdOf(tokens)],
    );
    const before = await ends();
    const { body } = await mfa.verify(tokens.accessToken, { code: mfa.code(secret) });
    expect(await ends()).toEqual({ absolute: before?.absolute, idle: before?.absolute });
    expect(body.expiresIn).toBeLessThanOrEqual(300);
    const [capability] = (await capabilityOf(body)) as [{ expires_at: Date }];
    expect(capability.expires_at.getTime()).toBeLessThanOrEqual(before?.absolute.getTime() ?? 0);
  });

  it('leaves the capabilities from before as they were, live ones and dead ones', async () => {
    const { tokens: first, secret } = await mfa.enrolled(db);
    const second = (await refresh(first.refreshToken)).body as Tokens;
    await db.look(`update auth.capabilities set expires_at = now() - interval '1 minute' where hash = $1`, [
      hash(hash(first.accessToken).toString('base64url')),
    ]);
    const before = [await capabilityOf(first), await capabilityOf(second)];
    await mfa.raise(second.accessToken, secret);
    expect([await capabilityOf(first), await capabilityOf(second)]).toEqual(before);
    expectProblem(await deals(first.accessToken), 401, 'session_ended');
  });
});

describe('what is over', () => {
  it.each([
    ['a token', 'update auth.capabilities set expires_at = now() where session_id = $1'],
    ['a session', 'update auth.sessions set expires_at = now() where id = $1'],
  ])('is raised by no code, and uses none up: %s', async (_, over) => {
    const { tokens, secret, recoveryCodes, person } = await mfa.enrolled(db);
    await db.look(over, [sessionIdOf(tokens)]);
    const code = mfa.code(secret);
    for (const body of [{ code }, { recoveryCode: recoveryCodes[0] }])
      expectProblem(await mfa.verify(tokens.accessToken, body), 401, 'session_ended');
    expect(await db.look('select aal from auth.sessions where user_id = $1', [person.id])).toEqual([{ aal: 1 }]);
    const again = await held.app.tokens(person.email);
    expect((await mfa.list(again.accessToken)).body.recoveryCodesLeft).toBe(10);
    expect((await mfa.verify(again.accessToken, { code })).status).toBe(200);
  });
});
