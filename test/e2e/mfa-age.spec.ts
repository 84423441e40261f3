import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { decodeJwt } from 'jose';
import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { Clock } from '../../src/context/index.js';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { acting } from '../support/acting.js';
import { startApp, type TestApp, type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { sessionIdOf } from '../support/raise.js';
import { MfaCalls, TestClock } from '../support/totp.js';

/*
 * How long ago the second factor was given is the session's, and each new token takes it over: in its claims, which the
 * guard reads, and in its capability, which the database reads. Each half is looked at with the other out of the way.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const clock = new TestClock();
const onClock = (builder: TestingModuleBuilder) => builder.overrideProvider(Clock).useValue(clock);
const held = useApp(db, {}, onClock);
const mfa = new MfaCalls(held, clock);
const { refresh, switchTo } = authCalls(held);
let unguarded: TestApp;
let client: Client;
beforeAll(async () => {
  const always = { canActivate: () => true };
  unguarded = await startApp(db, {}, (builder) => onClock(builder).overrideProvider(AssuranceGuard).useValue(always));
  client = await db.as('app');
});
beforeEach(() => clock.reset());

/** A real step-up an hour ago, of somebody in two tenants. */
async function longAgo(): Promise<Tokens> {
  const person = await newcomer(db, [a, 'owner'], [b, 'owner']);
  const { accessToken } = await held.app.tokens(person.email, 'alpha');
  const raised = await mfa.raise(accessToken, (await mfa.added(accessToken)).secret);
  await db.look(`update auth.sessions set auth_time = auth_time - interval '1 hour' where id = $1`, [
    sessionIdOf(raised),
  ]);
  await db.look(`update auth.capabilities set auth_time = auth_time - interval '1 hour' where session_id = $1`, [
    sessionIdOf(raised),
  ]);
  return raised;
}

/** Whether the database takes a token's second factor for one of the last so many minutes. */
const within = ({ accessToken }: Tokens, minutes: number | null): Promise<boolean> =>
  acting(client, createHash('sha256').update(accessToken).digest('base64url'), async () => {
    const sql = 'select app.aal2(make_interval(mins => $1)) as sure';
    const { rows } = await client.query<{ sure: boolean }>(sql, [minutes]);
    return rows[0]?.sure ?? false;
  });

/** The same session's next token, by each way that gives one without a factor. */
const ways: [string, (tokens: Tokens) => Promise<Tokens>][] = [
  ['a refresh', async ({ refreshToken }) => (await refresh(refreshToken)).body],
  [
    'a second refresh',
    async ({ refreshToken }) => (await refresh((await refresh(refreshToken)).body.refreshToken)).body,
  ],
  ['a refresh whose answer was lost', async ({ refreshToken }) => (await refresh(refreshToken), (await refresh(refreshToken)).body)], // prettier-ignore
  ['a switch of tenant', async ({ accessToken }) => (await switchTo(accessToken, 'beta')).body],
];

describe.each(ways)('a second factor after %s', (_, next) => {
  it('is as old as it was: to the database, and in the claims', async () => {
    const tokens = await next(await longAgo());
    expect([await within(tokens, null), await within(tokens, 62), await within(tokens, 58)]).toEqual([
      true,
      true,
      false,
    ]);
    const [row] = await db.look<{ at: number }>(
      'select floor(extract(epoch from auth_time))::float8 as at from auth.sessions where id = $1',
      [sessionIdOf(tokens)],
    );
    expect(decodeJwt(tokens.accessToken)).toMatchObject({ aal: 'aal2', auth_time: row?.at });
  });

  it('is too old for the database alone, with the guard taken out', async () => {
    const { accessToken } = await next(await longAgo());
    expectProblem(await new MfaCalls({ app: unguarded }, clock).renew(accessToken), 403, 'aal2_required');
  });

  it('is too old for the guard alone, with the triggers off', async () => {
    const { accessToken } = await next(await longAgo());
    const owner = await db.as('owner');
    const tables = ['auth.factors', 'auth.recovery_codes'];
    for (const table of tables) await owner.query(`alter table ${table} disable trigger a_guard`);
    try {
      expectProblem(await mfa.renew(accessToken), 403, 'aal2_required');
    } finally {
      for (const table of tables) await owner.query(`alter table ${table} enable always trigger a_guard`);
    }
  });
});

describe('a second factor that is given again', () => {
  it('is young for the token that it brought, and for no older one', async () => {
    const person = await newcomer(db, [a, 'owner']);
    const { accessToken } = await held.app.tokens(person.email);
    const { secret } = await mfa.added(accessToken);
    const old = await mfa.raise(accessToken, secret);
    await db.look(`update auth.sessions set auth_time = auth_time - interval '1 hour' where id = $1`, [
      sessionIdOf(old),
    ]);
    const stale = (await refresh(old.refreshToken)).body as Tokens;
    const young = await mfa.raise(stale.accessToken, secret);
    expect([await within(stale, 58), await within(young, 15)]).toEqual([false, true]);
    expectProblem(await mfa.renew(stale.accessToken), 403, 'aal2_required');
    expect((await mfa.renew(young.accessToken)).status).toBe(200);
  });
});
