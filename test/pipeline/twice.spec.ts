import { beforeAll, describe, expect, it } from '@jest/globals';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { TenantGuard } from '../../src/pipeline/03-tenant.guard.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const deal = { title: 'Twice', amount: '1', currency: 'EUR' };
const always = { canActivate: () => true };

describe('with the guards taken out, the database alone', () => {
  const { db } = useDatabase();
  const { a, b } = db.world;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(db, {}, (builder) =>
      builder.overrideProvider(PermissionGuard).useValue(always).overrideProvider(TenantGuard).useValue(always),
    );
  });

  it('refuses what the role may not do', async () => {
    const token = await app.token(a.users.viewer.email);
    expect((await app.call('POST', '/v1/deals', { token, body: deal })).body).toMatchObject({
      status: 403,
      code: 'not_allowed',
    });
    const path = `/v1/deals/${a.deals['owner-public']}`;
    const headers = { 'If-Match': '*' };
    for (const [method, body, missingPermission] of [
      ['PATCH', { stage: 'won' }, 'deal:update'],
      ['DELETE', undefined, 'deal:delete'],
    ] as const) {
      const refused = await app.call(method, path, { token, body, headers });
      expect(refused.body).toMatchObject({ status: 403, code: 'permission_missing', missingPermission });
    }
    expect(await db.look(`select from app.deals where title = 'Twice' or stage = 'won'`)).toEqual([]);
    expect((await db.look('select from app.deals')).length).toBe(24);
  });

  it('shows nothing of another tenant, and nothing without a tenant', async () => {
    const token = await app.token(a.users.owner.email);
    expect((await app.call('GET', `/v1/deals/${b.deals['owner-public']}`, { token })).status).toBe(404);
    const nobody = await app.token(db.world.nobody.email);
    const { status, body } = await app.call('GET', '/v1/deals', { token: nobody });
    expect(status === 401 || body.items.length === 0).toBe(true);
  });
});

describe('with row level security taken out, the guards alone', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(db);
    const owner = await db.as('owner');
    await owner.query('alter table app.deals disable row level security, no force row level security');
  });

  it('refuse what the role may not do', async () => {
    const token = await app.token(a.users.viewer.email);
    const headers = { 'If-Match': '*' };
    const path = `/v1/deals/${a.deals['owner-public']}`;
    for (const [method, to, body, missing] of [
      ['POST', '/v1/deals', deal, 'deal:create'],
      ['PATCH', path, { stage: 'won' }, 'deal:update'],
      ['DELETE', path, undefined, 'deal:delete'],
    ] as const) {
      const refused = await app.call(method, to, { token, body, headers });
      expect(refused.body).toMatchObject({ status: 403, code: 'permission_missing', missingPermission: missing });
    }
    expect(await db.look(`select from app.deals where title = 'Twice' or stage = 'won'`)).toEqual([]);
  });

  it('refuse who is not signed in, and who has no tenant', async () => {
    expect((await app.call('GET', '/v1/deals')).status).toBe(401);
    const nobody = await app.token(db.world.nobody.email);
    expect((await app.call('GET', '/v1/deals', { token: nobody })).body).toMatchObject({
      status: 403,
      code: 'tenant_required',
    });
  });
});

describe('a refusal after the guard opened the transaction', () => {
  const { db } = useDatabase();

  it('leaks no connection: a thousand of them on a pool of two', async () => {
    const app = await startApp(db, { APP_POOL_SIZE: '2', POOL_WAIT_MS: '5000' });
    const { a } = db.world;
    // the token does not list the permission, so the guard asks the database each time
    const token = await app.token(a.users.viewer.email);
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => app.call('POST', '/v1/deals', { token, body: deal })),
      );
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([403]));
    }
    expect((await app.call('GET', '/v1/deals', { token })).status).toBe(200);
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ state: string }>(
      `select state from pg_stat_activity where datname = current_database() and usename = 'ringfence_app'`,
    );
    expect(rows.every((row) => row.state === 'idle')).toBe(true);
  });
});
