import { describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createHash } from 'node:crypto';
import { permissionsOf } from '../../src/route/index.js';
import { startApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
const { a } = db.world;
const { me, deals, logout, refresh, switchTo } = authCalls(held);

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const signIn = async (): Promise<Tokens> => held.app.tokens((await newcomer(db, [a, 'member'])).email);
const sid = (tokens: Tokens): string => decodeJwt(tokens.accessToken)['sid'] as string;

/** Makes a token's use lie so long ago. The database's clock decides, so it is the database's row that moves. */
const usedAgo = (refreshToken: string, interval: string): Promise<unknown> =>
  db.look('update auth.refresh_tokens set used_at = clock_timestamp() - $2::interval where hash = $1', [
    hash(refreshToken),
    interval,
  ]);

const lineage = (tokens: Tokens): Promise<{ used: boolean }[]> =>
  db.look('select used_at is not null as used from auth.refresh_tokens where session_id = $1 order by 1', [
    sid(tokens),
  ]);

describe('a refresh token', () => {
  it('is exchanged for the next pair, and both pairs name one session', async () => {
    const first = await signIn();
    const { status, body: second, headers } = await refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(second).toMatchObject({ tokenType: 'Bearer', aal: 'aal1', tenant: { id: a.id }, mfaRequired: false });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(sid(second)).toBe(sid(first));
    expect((await deals(second.accessToken)).status).toBe(200);
    expect((await refresh(second.refreshToken)).status).toBe(200);
    expect(await lineage(first)).toEqual([{ used: false }, { used: true }, { used: true }]);
  });

  it('gives the same successor when its answer was lost, and no second lineage', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    await usedAgo(first.refreshToken, '9 seconds');
    const again = await refresh(first.refreshToken);
    expect([again.status, again.body.refreshToken]).toEqual([200, second.refreshToken]);
    for (const { accessToken } of [second, again.body]) expect((await deals(accessToken)).status).toBe(200);
    expect(await lineage(first)).toEqual([{ used: false }, { used: true }]);
  });

  it('is in conflict when its successor was used too', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    const third = (await refresh(second.refreshToken)).body;
    expectProblem(await refresh(first.refreshToken), 409, 'refresh_token_superseded');
    expect((await deals(third.accessToken)).status).toBe(200);
    expect((await refresh(third.refreshToken)).status).toBe(200);
  });

  it.each([
    ['the newest was not used', 1],
    ['the newest was used', 2],
  ])('used once more after the grace ends the whole session: %s', async (_, uses) => {
    const pairs = [await signIn()];
    for (let n = 0; n < uses; n += 1) pairs.push((await refresh(pairs.at(-1)?.refreshToken ?? '')).body);
    const other = await signIn();
    for (const { accessToken } of pairs) expect((await deals(accessToken)).status).toBe(200);
    const [first] = pairs as [Tokens];
    await usedAgo(first.refreshToken, '11 seconds');
    expectProblem(await refresh(first.refreshToken), 401, 'refresh_token_reused');
    for (const { accessToken, refreshToken } of pairs) {
      expectProblem(await deals(accessToken), 401);
      expectProblem(await me(accessToken), 401);
      expectProblem(await refresh(refreshToken), 401, 'refresh_token_invalid');
    }
    expect(await lineage(first)).toEqual([]);
    expect((await deals(other.accessToken)).status).toBe(200);
  });

  it('makes one lineage of fifty uses at once, over two pods', async () => {
    const first = await signIn();
    const other = authCalls({ app: await startApp(db) });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? refresh : other.refresh)(first.refreshToken)),
    );
    const won = answers.filter((answer) => answer.status === 200).map((answer) => answer.body as Tokens);
    expect(won.length).toBeGreaterThan(0);
    expect(answers.filter((answer) => answer.status !== 200 && answer.status !== 409)).toEqual([]);
    expect(new Set(won.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await lineage(first)).toEqual([{ used: false }, { used: true }]);
    expect((await refresh(won[0]?.refreshToken ?? '')).status).toBe(200);
    expect(await lineage(first)).toEqual([{ used: false }, { used: true }, { used: true }]);
  });

  it('raced by its own successor ends in one lineage all the same', async () => {
    const first = await signIn();
    const second = (await refresh(first.refreshToken)).body;
    const both = [first, second].flatMap(({ refreshToken }) => Array<string>(20).fill(refreshToken));
    const answers = await Promise.all(both.map((token) => refresh(token)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect((await lineage(first)).filter(({ used }) => !used)).toHaveLength(1);
  });

  it.each([
    ['sign-out', ({ accessToken }: Tokens) => logout(accessToken), 204],
    ['a switch', ({ accessToken }: Tokens) => switchTo(accessToken, 'alpha'), 200],
  ] as const)('raced by %s is answered, without a deadlock, and not good again', async (_, end, status) => {
    for (let n = 0; n < 8; n += 1) {
      const tokens = await signIn();
      const [ended, next] = await Promise.all([end(tokens), refresh(tokens.refreshToken)]);
      expect([ended.status, ended.body?.code]).toEqual([status, undefined]);
      if (next.status !== 200) expectProblem(next, 401, 'refresh_token_invalid');
      else {
        expectProblem(await deals(next.body.accessToken), 401);
        expectProblem(await refresh(next.body.refreshToken), 401);
      }
      expectProblem(await deals(tokens.accessToken), 401);
    }
  });

  it('that is unknown is answered as one that has expired, or was thrown away by a switch', async () => {
    const person = await newcomer(db, [a, 'member'], [db.world.b, 'viewer']);
    const [expired, switched] = [await signIn(), await held.app.tokens(person.email, 'alpha')];
    await db.look(`update auth.sessions set expires_at = now() where id = $1`, [sid(expired)]);
    expect((await switchTo(switched.accessToken, 'beta')).status).toBe(200);
    const unknown = await refresh('A'.repeat(43));
    expectProblem(unknown, 401, 'refresh_token_invalid');
    for (const { refreshToken } of [expired, switched]) {
      expect(told(await refresh(refreshToken))).toEqual(told(unknown));
    }
  });
});

describe('a session', () => {
  it.each(['expires_at', 'idle_expires_at'])('ends by the clock of the database: %s', async (column) => {
    const tokens = await signIn();
    await db.look(`update auth.sessions set ${column} = now() - interval '1 second' where id = $1`, [sid(tokens)]);
    expectProblem(await refresh(tokens.refreshToken), 401, 'refresh_token_invalid');
    expect(await lineage(tokens)).toEqual([{ used: false }]);
  });

  it('moves its idle end on with each refresh, never past its absolute end', async () => {
    const tokens = await signIn();
    await db.look(
      `update auth.sessions set expires_at = now() + interval '5 minutes', idle_expires_at = now() + interval '1 minute'
        where id = $1`,
      [sid(tokens)],
    );
    const { status, body } = await refresh(tokens.refreshToken);
    expect(status).toBe(200);
    const [ends] = await db.look<{ idle: Date; absolute: Date; cap: Date }>(
      `select s.idle_expires_at as idle, s.expires_at as absolute,
              (select max(c.expires_at) from auth.capabilities c where c.session_id = s.id and c.hash = $2) as cap
         from auth.sessions s where s.id = $1`,
      [sid(tokens), hash(hash(body.accessToken).toString('base64url'))],
    );
    expect(ends?.idle).toEqual(ends?.absolute);
    expect(ends?.cap.getTime()).toBeLessThanOrEqual(ends?.absolute.getTime() ?? 0);
    expect(body.expiresIn).toBeLessThanOrEqual(300);
    expect(body.expiresIn).toBeGreaterThan(290);
    expect(decodeJwt(body.accessToken).exp ?? 0).toBeLessThanOrEqual((ends?.absolute.getTime() ?? 0) / 1000);
  });

  it('keeps its assurance level, its methods and the time of sign-in', async () => {
    const tokens = await signIn();
    await db.look(
      `update auth.sessions set aal = 2, amr = '{pwd,otp}', auth_time = now() - interval '2 hours' where id = $1`,
      [sid(tokens)],
    );
    const [row] = await db.look<{ at: number }>(
      'select floor(extract(epoch from auth_time))::float8 as at from auth.sessions where id = $1',
      [sid(tokens)],
    );
    const { body } = await refresh(tokens.refreshToken);
    expect(body.aal).toBe('aal2');
    const claims = decodeJwt(body.accessToken);
    expect(claims).toMatchObject({ aal: 'aal2', amr: ['pwd', 'otp'], auth_time: row?.at });
    expect((claims.iat ?? 0) - (row?.at ?? 0)).toBeGreaterThanOrEqual(7_200);
    // the older token stays what it was
    const levels = await db.look('select aal from auth.capabilities where session_id = $1 order by 1', [sid(tokens)]);
    expect(levels).toEqual([{ aal: 1 }, { aal: 2 }]);
    expect((await me(tokens.accessToken)).body.aal).toBe('aal1');
  });

  it('has tokens that the database lets expire before they say so themselves', async () => {
    const tokens = await signIn();
    expect((await deals(tokens.accessToken)).status).toBe(200);
    await db.look(`update auth.capabilities set expires_at = now() where session_id = $1`, [sid(tokens)]);
    expect(decodeJwt(tokens.accessToken).exp ?? 0).toBeGreaterThan(Date.now() / 1000 + 60);
    expectProblem(await deals(tokens.accessToken), 401);
    expectProblem(await me(tokens.accessToken), 401);
    expectProblem(await logout(tokens.accessToken), 401);
    expectProblem(await switchTo(tokens.accessToken, 'alpha'), 401);
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
  });

  it('takes the role that one has now', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens = await held.app.tokens(person.email);
    await db.look('update app.memberships set role_id = $2 where user_id = $1', [person.id, a.roles.viewer]);
    const { body } = await refresh(tokens.refreshToken);
    expect(body.tenant.role).toBe('viewer');
    expect(decodeJwt(body.accessToken)).toMatchObject({
      role: 'viewer',
      role_id: a.roles.viewer,
      permissions: permissionsOf('viewer'),
    });
  });
});
