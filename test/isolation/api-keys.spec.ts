import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { isWellFormed, newKey } from '../../src/modules/api-keys/key-text.js';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { OperatorGuard } from '../../src/pipeline/05b-operator.guard.js';
import { TenantGuard } from '../../src/pipeline/03-tenant.guard.js';
import { AuthDb } from '../../src/database/index.js';
import { permissionsOf } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { plantKey, type PlantedKey } from '../support/api-keys.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import type { Person } from '../support/world.js';

/* Keys at every boundary: over HTTP as it serves, over HTTP without its guards, and in SQL as the application's role. */

const { db } = useDatabase();
const { a, b } = db.world;
const ALL = permissionsOf('owner');
const always = { canActivate: () => true };
let app: Client;
let served: TestApp;
let unguarded: TestApp;

beforeAll(async () => {
  app = await db.as('app');
  served = await startApp(db);
  unguarded = await startApp(db, {}, (builder) =>
    [TenantGuard, AssuranceGuard, PermissionGuard, OperatorGuard].reduce(
      (all, guard) => all.overrideProvider(guard).useValue(always),
      builder,
    ),
  );
});

const ask = (key: string, method = 'GET', path = '/v1/deals', body?: unknown, by = served): Promise<Answer> =>
  by.call(method, path, { token: key, body, headers: { 'if-match': '*' } });
const one = async <Row extends object>(cap: string, text: string, values: unknown[] = []): Promise<Row> =>
  acting(app, cap, async () => (await app.query<Row>(text, values)).rows[0] as Row);
const refused = (cap: string, text: string, values: unknown[], code: string): Promise<void> =>
  acting(app, cap, () => expect(app.query(text, values)).rejects.toMatchObject({ code }));
const whoIs = async ({ cap }: PlantedKey): Promise<string | null> =>
  (await one<{ who: string | null }>(cap, 'select app.user_id() as who')).who;
const byOwner = async (text: string, values: unknown[]): Promise<void> => {
  const { cap } = await plantCapability(db, a, a.users.owner, 2);
  await acting(app, cap, async () => {
    await app.query(text, values);
    await app.query('commit; begin');
  });
};
/** Somebody new with a key. */
const keyed = async (permissions: readonly string[] = ['deal:read']): Promise<{ person: Person; key: PlantedKey }> => {
  const person = await newcomer(db, [a, 'admin']);
  return { person, key: await plantKey(db, a, person, permissions) };
};

describe('what is no key', () => {
  it('is 401 without a question to the database: mistyped, made up, of another environment', async () => {
    const { key } = await plantKey(db, a, a.users.owner, ['deal:read']);
    expect((await ask(key)).status).toBe(200);
    let asked = 0;
    const auth = served.nest.get(AuthDb, { strict: false });
    const query = auth.query.bind(auth);
    auth.query = (...given) => ((asked += 1), query(...given)) as never;
    const wrong = [
      ...[7, 20, 30, 60, key.length - 1].map(
        (at) => key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1),
      ),
      newKey('live').text,
      key.slice(0, -1),
      `${key}0`,
      'rf_',
      'rf_dev_x_y',
    ];
    for (const text of wrong) {
      expect(isWellFormed(text, 'dev')).toBe(false);
      expectProblem(await ask(text), 401, 'api_key_void');
    }
    expect(asked).toBe(0);
    expectProblem(await ask(newKey('dev').text), 401, 'api_key_void');
    expect(asked).toBe(1);
    auth.query = query;
  });
});

describe('a key counts no longer, or for less, from the next statement on', () => {
  const dies = async (key: PlantedKey, status: number, code: string): Promise<void> => {
    expectProblem(await ask(key.key), status, code);
    expectProblem(await ask(key.key, 'GET', '/v1/deals', undefined, unguarded), status, code);
    expect(await whoIs(key)).toBeNull();
  };

  it('when it is revoked, or its time is over', async () => {
    const [gone, old] = [await keyed(), await keyed()];
    expect([(await ask(gone.key.key)).status, (await ask(old.key.key)).status]).toEqual([200, 200]);
    await byOwner('select app.revoke_api_key($1, null)', [gone.key.id]);
    await dies(gone.key, 401, 'api_key_void');
    await withAdmin(db, 'update auth.capabilities set expires_at = now() where key_id = $1', [old.key.id]);
    await dies(old.key, 401, 'api_key_void');
  });

  it('when whoever answers for it is suspended, removed or disabled', async () => {
    const [still, left, off] = [await keyed(), await keyed(), await keyed()];
    for (const { key } of [still, left, off]) expect((await ask(key.key)).status).toBe(200);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [still.person.id]);
    await dies(still.key, 403, 'membership_suspended');
    await byOwner('select app.remove_member($1, null)', [left.person.id]);
    await dies(left.key, 401, 'api_key_void');
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [off.person.id]);
    await dies(off.key, 401, 'api_key_void');
    await db.look(`update auth.users set status = 'active' where id = $1`, [off.person.id]);
    await dies(off.key, 401, 'api_key_void');
    const auth = await db.as('auth');
    for (const { key } of [left, off])
      expect((await auth.query('select from auth.key_holder(sha256($1))', [Buffer.from(key.cap)])).rows).toEqual([]);
    // the secrets are known all the while: a member of the same rank who is there confirms both
    const { cap } = await plantCapability(db, a, a.users.admin, 2);
    for (const { key, person } of [left, off]) {
      await db.look(`update auth.users set status = 'disabled' where id = $1`, [person.id]);
      await acting(app, cap, async () => {
        await app.query('select app.confirm_api_key($1, null)', [key.id]);
        await app.query('commit; begin');
      });
      expect([await whoIs(key), (await ask(key.key)).status]).toEqual([a.users.admin.id, 200]);
    }
  });

  it('when its tenant is suspended', async () => {
    const key = await plantKey(db, b, b.users.owner, ['deal:read']);
    expect((await ask(key.key)).status).toBe(200);
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [b.id]);
    await dies(key, 403, 'tenant_suspended');
    await db.look(`update app.tenants set status = 'active' where id = $1`, [b.id]);
    expect((await ask(key.key)).status).toBe(200);
  });

  it('for what the role of whoever answers for it does not hold any more', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const key = await plantKey(db, a, person, ['deal:read', 'audit:read']);
    const path = '/v1/audit-log?limit=1';
    expect((await ask(key.key, 'GET', path)).status).toBe(200);
    await byOwner('select app.assign_role($1, $2)', [person.id, a.roles.viewer]);
    for (const by of [served, unguarded]) {
      const answer = await ask(key.key, 'GET', path, undefined, by);
      if (by === served) expectProblem(answer, 403, 'permission_missing');
      else expect(answer.body.items).toEqual([]);
    }
    expect((await ask(key.key)).status).toBe(200);
    expect(await one(key.cap, `select app.may('audit:read') as may, (app.context()).permissions as held`)).toEqual({
      may: false,
      held: ['deal:read'],
    });
  });
});

describe('a tenant that demands AAL2 of its members', () => {
  it('takes a key, as what it is: at AAL1, without any door of AAL2', async () => {
    const { cap } = await plantCapability(db, b, b.users.owner, 1);
    await db.look('update app.tenants set min_aal = 2 where id = $1', [b.id]);
    const key = await plantKey(db, b, b.users.owner, ALL);
    expect((await ask(key.key)).status).toBe(200);
    expect(
      await one(
        key.cap,
        `select (app.context()).aal, app.aal2(null) as sure, app.aal() as level, (app.enter($1, '')).refusal`,
        [key.cap],
      ),
    ).toEqual({ aal: 1, sure: false, level: 1, refusal: null });
    expect(await one(cap, 'select app.user_id() as who')).toEqual({ who: null });
    await db.look('update app.tenants set min_aal = 1 where id = $1', [b.id]);
  });

  it('does what a key puts off there, within the key, and not once the key is revoked', async () => {
    await db.look('update app.tenants set min_aal = 2 where id = $1', [b.id]);
    const auth = await db.as('auth');
    const key = await plantKey(db, b, b.users.owner, ['deal:read']);
    const enqueue = (): Promise<string> =>
      acting(app, key.cap, async () => {
        const { rows } = await app.query<{ id: string }>(
          `select app.enqueue_job('probe.work', '{}', null, 0, 5, 60) as id`,
        );
        await app.query('commit; begin');
        return rows[0]?.id ?? '';
      });
    const begin = async (id: string): Promise<{ cap: string; refusal: string | null; aal: number }> => {
      const cap = randomBytes(32).toString('base64url');
      const { rows } = await auth.query<{ refusal: string | null; aal: number }>(
        `select refusal, aal from auth.begin_job($1, $2, 'probe.work', sha256($3), '{deal:read,deal:update}', 10)`,
        [b.id, id, Buffer.from(cap)],
      );
      return { cap, ...(rows[0] as { refusal: string | null; aal: number }) };
    };
    const [first, second, third] = [await enqueue(), await enqueue(), await enqueue()];
    const begun = await begin(first);
    expect([begun.refusal, begun.aal]).toEqual([null, 1]);
    const asked = 'select (app.context()).session_id, (app.context()).permissions, app.aal2(null) as sure';
    expect(await one(begun.cap, asked)).toEqual({ session_id: first, permissions: ['deal:read'], sure: false });
    const running = await begin(second);
    await withAdmin(db, 'delete from app.api_keys where id = $1', [key.id]);
    expect(await one(running.cap, 'select app.user_id() as who')).toEqual({ who: null });
    expect((await begin(third)).refusal).toBe('actor_gone');
    await db.look('update app.tenants set min_aal = 1 where id = $1', [b.id]);
  });
});

describe('the doors of people', () => {
  const SESSION: [method: string, path: string, body?: unknown][] = [
    ['GET', '/v1/auth/me'],
    ['GET', '/v1/auth/sessions'],
    ['POST', '/v1/auth/logout'],
    ['DELETE', '/v1/auth/sessions'],
    ['POST', '/v1/auth/switch-tenant', { tenant: 'beta' }],
    ['POST', '/v1/auth/password/change', { currentPassword: 'x', newPassword: 'y' }],
    ['GET', '/v1/auth/mfa/factors'],
    ['POST', '/v1/auth/mfa/totp', { name: 'Phone' }],
    ['GET', '/v1/tenants'],
    ['DELETE', '/v1/members/me'],
    ['GET', '/v1/platform/tenants'],
  ];
  it('are shut for a key, whoever answers for it', async () => {
    const person = await newcomer(db, [a, 'owner']);
    await db.look('insert into auth.operators (user_id) values ($1)', [person.id]);
    const key = await plantKey(db, a, person, ALL);
    for (const [method, path, body] of SESSION) {
      const answer = await ask(key.key, method, path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'session_required']);
    }
  });

  it('and those that ask for AAL2: no key makes keys, roles, invitations, or touches members', async () => {
    const { key } = await keyed(ALL);
    const role = { name: 'R', permissions: ['deal:read'], parentIds: [a.roles.admin] };
    const another = {
      name: 'K',
      permissions: ['deal:read'],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    };
    for (const [method, path, body] of [
      ['POST', '/v1/api-keys', another],
      ['POST', `/v1/api-keys/${key.id}/rotate`, {}],
      ['POST', `/v1/api-keys/${key.id}/confirm`],
      ['DELETE', `/v1/api-keys/${key.id}`],
      ['POST', '/v1/roles', role],
      ['POST', '/v1/invitations', { email: 'x@example.com', roleId: a.roles.viewer }],
      ['PATCH', `/v1/members/${a.users.viewer.id}`, { roleId: a.roles.member }],
      ['DELETE', `/v1/members/${a.users.viewer.id}`],
    ] as const)
      for (const by of [served, unguarded]) {
        const answer = await ask(key.key, method, path, body, by);
        expect([method, path, by === served, answer.status, answer.body.code]).toEqual([method, path, by === served, 403, 'aal2_required']); // prettier-ignore
      }
    expect((await ask(key.key, 'POST', '/v1/api-keys', another)).body.detail).toContain('API key never has');
  });

  it('stay shut with every guard gone: the database asks for a session', async () => {
    const person = await newcomer(db, [a, 'owner']);
    await db.look('insert into auth.operators (user_id) values ($1)', [person.id]);
    const key = await plantKey(db, a, person, ALL);
    for (const [method, path, body] of [
      ['POST', '/v1/auth/mfa/totp', { name: 'Phone' }],
      ['DELETE', '/v1/members/me', undefined],
      ['GET', '/v1/platform/tenants', undefined],
      ['POST', '/v1/auth/switch-tenant', { tenant: 'beta' }],
    ] as const) {
      const answer = await ask(key.key, method, path, body, unguarded);
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
    }
    expect(await db.look('select from auth.factors where user_id = $1', [person.id])).toEqual([]);
    expect(await db.look('select from app.memberships where user_id = $1', [person.id])).toHaveLength(1);
    await refused(key.cap, 'select app.leave_tenant(null)', [], 'RF039');
    const service = await db.as('service');
    await expect(service.query('select auth.enter_platform($1)', [key.cap])).rejects.toMatchObject({ code: 'RF023' });
    const auth = await db.as('auth');
    await auth.query(`select set_config('app.cap', $1, false)`, [key.cap]);
    expect((await auth.query('select auth.holder(1::smallint, null) as who')).rows).toEqual([{ who: null }]);
  });
});

describe('SQL as the application’s role', () => {
  const CREATE = `select app.create_api_key('x', $1, sha256($2), $3, now() + interval '1 day', null)`;
  const fresh = (permissions: string[] = ['deal:read']): unknown[] => [
    newKey('dev').publicId,
    randomBytes(32),
    permissions,
  ];

  it('makes, rotates, confirms and revokes at AAL2 with the right, and nothing of another tenant', async () => {
    const key = await plantKey(db, a, a.users.viewer, ['deal:read']);
    const calls: [string, unknown[]][] = [
      [CREATE, fresh()],
      [`select app.rotate_api_key($1, sha256('z'), 0, null)`, [key.id]],
      ['select app.confirm_api_key($1, null)', [key.id]],
      ['select app.revoke_api_key($1, null)', [key.id]],
    ];
    const cap = async (tenant: typeof a, person: Person, aal: 1 | 2): Promise<string> =>
      (await plantCapability(db, tenant, person, aal)).cap;
    const byKey = await plantKey(db, a, a.users.owner, ALL);
    for (const [text, values] of calls) {
      await refused(await cap(a, a.users.owner, 1), text, values, 'RF004');
      await refused(byKey.cap, text, values, 'RF004');
      await refused(await cap(a, a.users.member, 2), text, values, 'RF007');
      await refused('', text, values, '42501');
      if (text !== CREATE) await refused(await cap(b, b.users.owner, 2), text, values, 'P0002');
    }
    await refused(await cap(a, a.users.admin, 2), CREATE, fresh(['tenant:transfer']), 'RF006');
    await refused(await cap(a, a.users.admin, 2), CREATE, fresh(['no:such']), 'RF013');
    for (const wrong of ['2 years', '-1 second'])
      await refused(await cap(a, a.users.owner, 2), CREATE.replace('1 day', wrong), fresh(), '23514');
  });

  it('learns of no key of another tenant by its public id', async () => {
    const { id } = await plantKey(db, b, b.users.owner, ['deal:read']);
    const [theirs] = await withAdmin<{ public_id: string }>(db, 'select public_id from app.api_keys where id = $1', [
      id,
    ]);
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    expect(await one(cap, CREATE, [theirs?.public_id, ...fresh().slice(1)])).toHaveProperty('create_api_key');
  });

  it('confirms nothing that is more than the caller, and rotates nothing of somebody else', async () => {
    const gone = await newcomer(db, [a, 'owner']);
    const high = await plantKey(db, a, gone, ['deal:read', 'tenant:transfer']);
    await byOwner('select app.assign_role($1, $2)', [gone.id, a.roles.viewer]).catch(() => undefined);
    await db.look('delete from app.memberships where user_id = $1', [gone.id]);
    const { cap: admin } = await plantCapability(db, a, a.users.admin, 2);
    await refused(admin, 'select app.confirm_api_key($1, null)', [high.id], 'RF006');
    const { cap: owner } = await plantCapability(db, a, a.users.owner, 2);
    const { key: others } = await keyed();
    await refused(owner, `select app.rotate_api_key($1, sha256('z'), 0, null)`, [others.id], 'RF040');
    await refused(owner, `select app.rotate_api_key($1, sha256('z'), 0, null)`, [high.id], 'RF040');
    const { key: beside } = await keyed();
    await refused(admin, 'select app.confirm_api_key($1, null)', [beside.id], 'RF005');
  });

  it('reads no secret, and writes no key by hand', async () => {
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    const { id } = await plantKey(db, a, a.users.viewer, ['deal:read']);
    for (const text of [
      'select from auth.key_secrets',
      'select from auth.capabilities',
      `update app.api_keys set permissions = '{tenant:transfer}' where id = '${id}'`,
      `select app.grant_api_key(k) from app.api_keys k where id = '${id}'`,
      `select auth.key_holder(sha256('x'))`,
    ])
      await refused(cap, text, [], '42501');
    for (const role of ['auth', 'service'] as const)
      await expect((await db.as(role)).query('select from auth.key_secrets')).rejects.toMatchObject({ code: '42501' });
    const raise = `insert into auth.capabilities (hash, key_id, user_id, tenant_id, role_id, aal, expires_at, scopes)
      select sha256('up'), id, user_id, tenant_id, $2, 2, now() + interval '1 hour', '{}' from app.api_keys where id = $1`;
    await expect(withAdmin(db, raise, [id, a.roles.viewer])).rejects.toMatchObject({
      constraint: 'capabilities_key_check',
    });
  });
});

describe('rotating one key by ten at once', () => {
  it('leaves two secrets: the last, and the one before it for its overlap', async () => {
    const key = await plantKey(db, a, a.users.owner, ['deal:read']);
    const { cap } = await plantCapability(db, a, a.users.owner, 2);
    const clients = await Promise.all(Array.from({ length: 10 }, () => db.as('app')));
    const done = await Promise.allSettled(
      clients.map((client, n) =>
        acting(client, cap, async () => {
          await client.query('select app.rotate_api_key($1, sha256($2), 3600, null)', [
            key.id,
            Buffer.from(`${key.id}${n}`),
          ]);
          await client.query('commit; begin');
        }),
      ),
    );
    expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
    const [left] = await withAdmin<object>(
      db,
      `select count(*)::int as secrets, count(c.hash)::int as live,
              count(*) filter (where s.expires_at < now() + interval '61 minutes')::int as going
         from auth.key_secrets s left join auth.capabilities c on c.hash = s.hash and c.expires_at = s.expires_at
        where s.key_id = $1`,
      [key.id],
    );
    expect(left).toEqual({ secrets: 2, live: 2, going: 1 });
    expect((await ask(key.key)).status).toBe(401);
  });
});
