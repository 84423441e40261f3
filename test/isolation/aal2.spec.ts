import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { acting, plantCapability } from '../support/acting.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { raised, sessionIdOf } from '../support/raise.js';

const always = { canActivate: () => true };
const demand = (level: 1 | 2) => `update app.tenants set min_aal = ${level} where slug = 'alpha'`;

describe('a tenant that demands AAL2 of its members', () => {
  const { db } = useDatabase();
  const { a, b } = db.world;
  let app: TestApp;
  let unguarded: TestApp;
  beforeAll(async () => {
    app = await startApp(db);
    unguarded = await startApp(db, {}, (builder) =>
      builder.overrideProvider(AssuranceGuard).useValue(always).overrideProvider(PermissionGuard).useValue(always),
    );
  });

  it('refuses tokens issued before the demand, from the next statement on, and nobody else’s', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const [here, there] = [await app.tokens(person.email, 'alpha'), await app.tokens(person.email, 'beta')];
    const deals = (token: string) => app.call('GET', '/v1/deals', { token });
    expect((await deals(here.accessToken)).status).toBe(200);
    await db.look(demand(2));
    try {
      const refused = await deals(here.accessToken);
      expectProblem(refused, 403, 'aal2_required');
      expect(refused.body.requiredAal).toBe('aal2');
      expect((await deals(there.accessToken)).status).toBe(200);
      expect((await deals((await raised(app, db, here)).accessToken)).status).toBe(200);
    } finally {
      await db.look(demand(1));
    }
    expect((await deals((await app.tokens(person.email, 'alpha')).accessToken)).status).toBe(200);
  });

  it('says so at sign-in, and leaves a way in to whoever must still enrol', async () => {
    await db.look(demand(2));
    try {
      const { status, body } = await app.call('POST', '/v1/auth/login', {
        body: { email: a.users.owner.email, password: 'correct horse battery staple' },
      });
      expect([status, body.aal, body.mfaRequired, body.tenant.slug]).toEqual([200, 'aal1', true, 'alpha']);
      const token = body.accessToken;
      expect((await app.call('GET', '/v1/auth/me', { token })).status).toBe(200);
      expect((await app.call('GET', '/v1/auth/sessions', { token })).status).toBe(200);
      const enrol = await app.call('POST', '/v1/auth/mfa/totp', { token, body: { name: 'Phone' } });
      expect(enrol.status).toBe(201);
    } finally {
      await db.look(demand(1));
    }
  });

  it('is obeyed by the database alone, with the guards taken out', async () => {
    await db.look(demand(2));
    try {
      const { accessToken: token } = await unguarded.tokens(a.users.owner.email);
      for (const [method, path, body] of [
        ['GET', '/v1/deals', undefined],
        ['GET', `/v1/deals/${a.deals['owner-public']}`, undefined],
        ['POST', '/v1/deals', { title: 'Unsure', amount: '1', currency: 'EUR' }],
      ] as const) {
        expectProblem(await unguarded.call(method, path, { token, body }), 403, 'aal2_required');
      }
      expect(await db.look(`select from app.deals where title = 'Unsure'`)).toEqual([]);
    } finally {
      await db.look(demand(1));
    }
  });

  it('is obeyed by the guard alone, with the demand taken out of the database', async () => {
    await db.look(demand(2));
    const tokens = await app.tokens(a.users.owner.email);
    await db.look(demand(1)); // the database no longer minds; the token still says what was demanded
    expectProblem(await app.call('GET', '/v1/deals', { token: tokens.accessToken }), 403, 'aal2_required');
    expect((await unguarded.call('GET', '/v1/deals', { token: tokens.accessToken })).status).toBe(200);
  });

  it('shows no reader of the context anybody below it', async () => {
    await db.look(demand(2));
    try {
      const client = await db.as('app');
      const [low, high] = [await plantedDemanding(1), await plantedDemanding(2)];
      const seen = (cap: string) =>
        acting(client, cap, async () => {
          const { rows } = await client.query<Record<string, unknown>>(
            `select app.tenant_id() t, app.user_id() u, app.role_id() r, app.aal() a, app.subordinate_role_ids() s,
                    app.may('deal:read') m, (app.author_with('deal:create')).user_id w, (app.context()).user_id c,
                    app.aal2(null) sure, (select count(*)::int from app.deals) n, (select count(*)::int from app.tenants) k`,
          );
          return Object.values(rows[0] ?? {});
        });
      expect(await seen(low)).toEqual([null, null, null, null, null, false, null, null, false, 0, 0]);
      expect((await seen(high)).slice(-3)).toEqual([true, 9, 1]);
    } finally {
      await db.look(demand(1));
    }
    async function plantedDemanding(aal: 1 | 2): Promise<string> {
      await db.look(demand(1));
      const { cap } = await plantCapability(db, a, a.users.owner, aal);
      await db.look(demand(2));
      return cap;
    }
  });

  it('refuses a person who joins while the demand stands, until they are sure', async () => {
    await db.look(demand(2));
    try {
      const person = await newcomer(db, [a, 'viewer']);
      const tokens = await app.tokens(person.email);
      expectProblem(await app.call('GET', '/v1/deals', { token: tokens.accessToken }), 403, 'aal2_required');
      expect(sessionIdOf(tokens)).toBeDefined();
    } finally {
      await db.look(demand(1));
    }
  });
});

describe('app.require_aal2', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  let client: Client;
  let low: string;
  let high: string;
  let stale: string;
  beforeAll(async () => {
    const owner = await db.as('owner');
    await owner.query(`
      create table app.vaults (
        tenant_id uuid not null default app.tenant_id() references app.tenants (id),
        id uuid not null default uuidv7(), note text not null, primary key (tenant_id, id));
      call app.protect_table('app.vaults', 'deal', p_sensitive => true);
      call app.require_aal2('app.vaults', p_max_age => interval '15 minutes')`);
    client = await db.as('app');
    low = (await plantCapability(db, a, a.users.owner, 1)).cap;
    high = (await plantCapability(db, a, a.users.owner, 2)).cap;
    const old = await plantCapability(db, a, a.users.owner, 2);
    stale = old.cap;
    await db.look(`update auth.capabilities set auth_time = now() - interval '16 minutes' where session_id = $1`, [
      old.sessionId,
    ]);
    await db.look(`insert into app.vaults (tenant_id, note) values ($1, 'planted')`, [a.id]);
  });

  const changes = [
    `insert into app.vaults (note) values ('new') returning id`,
    `update app.vaults set note = 'changed' returning id`,
    `delete from app.vaults returning id`,
  ];

  it.each(changes)('lets a fresh second factor do it: %s', async (sql) => {
    const { rowCount } = await acting(client, high, () => client.query(sql));
    expect(rowCount).toBe(1);
  });

  it.each(changes)('stops a session at AAL1, and one whose factor was given too long ago: %s', async (sql) => {
    for (const cap of [low, stale]) {
      const outcome = await acting(client, cap, () =>
        client.query(sql).then(
          ({ rowCount }) => rowCount,
          (error: { code: string }) => error.code,
        ),
      );
      expect([0, '42501']).toContain(outcome);
      expect(await acting(client, cap, async () => (await client.query('select from app.vaults')).rowCount)).toBe(1);
    }
  });

  it('cannot be widened by a policy that comes later', async () => {
    const owner = await db.as('owner');
    await owner.query(`create policy careless on app.vaults for all to ringfence_app using (true) with check (true)`);
    const { rowCount } = await acting(client, low, () => client.query(`update app.vaults set note = 'x' returning id`));
    expect(rowCount).toBe(0);
    await owner.query('drop policy careless on app.vaults');
  });

  it('reads the capability, not the claims', async () => {
    await client.query('begin');
    await client.query(`select app.enter($1, '{"aal":"aal2","amr":["otp"],"auth_time":9999999999}')`, [low]);
    const { rowCount } = await client.query('delete from app.vaults returning id');
    await client.query('rollback');
    expect(rowCount).toBe(0);
  });
});

describe('app.end_sessions_of, with no guard before it', () => {
  const { db } = useDatabase();
  const { a, b } = db.world;

  it.each([
    ['at AAL1', 'admin', 1, 'RF004'],
    ['without the right', 'member', 2, '42501'],
  ] as const)('ends nothing %s', async (_, role, aal, code) => {
    const client = await db.as('app');
    const target = await plantCapability(db, a, a.users.viewer);
    const { cap } = await plantCapability(db, a, a.users[role], aal);
    const call = (user: string) => acting(client, cap, () => client.query('select app.end_sessions_of($1)', [user]));
    await expect(call(a.users.viewer.id)).rejects.toMatchObject({ code });
    expect(await db.look('select from auth.sessions where id = $1', [target.sessionId])).toHaveLength(1);
  });

  it('ends nothing for nobody, and nobody of another tenant', async () => {
    const client = await db.as('app');
    const target = await plantCapability(db, b, b.users.viewer);
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    for (const [who, code] of [
      ['', '42501'],
      [cap, 'P0002'],
    ] as const) {
      const call = acting(client, who, () => client.query('select app.end_sessions_of($1)', [b.users.viewer.id]));
      await expect(call).rejects.toMatchObject({ code });
    }
    expect(await db.look('select from auth.sessions where id = $1', [target.sessionId])).toHaveLength(1);
  });
});
