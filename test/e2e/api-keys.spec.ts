import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { KeyUses } from '../../src/modules/api-keys/index.js';
import { RefusalLog } from '../../src/modules/audit/index.js';
import { plantKey } from '../support/api-keys.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { plantDeadJob, withAdmin } from '../support/jobs.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;

let admin: string;
let owner: string;
beforeAll(async () => {
  admin = (await grantTo(held.app, db, a.users.admin.id, { tenant: a.id, aal: 2 })).accessToken;
  owner = (await grantTo(held.app, db, a.users.owner.id, { tenant: a.id, aal: 2 })).accessToken;
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const wish = (more: object = {}): object => ({
  name: 'Import',
  permissions: ['deal:read', 'deal:create'],
  expiresAt: inDays(30),
  ...more,
});
const create = (token: string, more?: object): Promise<Answer> =>
  held.app.call('POST', '/v1/api-keys', { token, body: wish(more) });
const made = async (token = admin, more?: object): Promise<{ id: string; key: string; publicId: string }> => {
  const { status, body, text } = await create(token, more);
  if (status !== 201) throw new Error(`${status} ${text}`);
  return body;
};
const post = (token: string, id: string, verb: 'rotate' | 'confirm', body?: object, headers = {}): Promise<Answer> =>
  held.app.call('POST', `/v1/api-keys/${id}/${verb}`, { token, body, headers });
const statusWith = async (key: string): Promise<number> =>
  (await held.app.call('GET', '/v1/deals?limit=1', { token: key })).status;
const statusOf = async (id: string): Promise<string> =>
  (await held.app.call('GET', `/v1/api-keys/${id}`, { token: owner })).body.status;

describe('making a key', () => {
  it('shows it once, and keeps nothing that it could be made of', async () => {
    const answer = await create(admin, { requestsPerMinute: 30 });
    expect(answer.status).toBe(201);
    const { id, key, publicId } = answer.body;
    expect(key).toMatch(/^rf_dev_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}$/);
    expect(key).toContain(`_${publicId}_`);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', etag: '"v1"', location: `/v1/api-keys/${id}` });
    const read = await held.app.call('GET', `/v1/api-keys/${id}`, { token: admin });
    const { key: _shownOnce, ...rest } = answer.body;
    expect(read.body).toEqual(rest);
    expect(rest).toMatchObject({ status: 'active', userId: a.users.admin.id, requestsPerMinute: 30, lastUsedAt: null });
    const secret = key.slice(-49);
    const dump = await withAdmin<{ row: string }>(
      db,
      `select k::text || s::text || c::text as row from app.api_keys k join auth.key_secrets s on s.key_id = k.id
         join auth.capabilities c on c.key_id = k.id where k.id = $1
       union all select l::text || coalesce(c::text, '') from app.audit_log l left join app.audit_changes c on c.entry_id = l.id where l.target_id = $1`,
      [id],
    );
    expect(dump).toHaveLength(2);
    expect(JSON.stringify(dump)).toContain(publicId);
    expect(JSON.stringify(dump)).not.toContain(secret);
  });

  it('is for those at AAL2 who may, with what they hold, for a year', async () => {
    const { accessToken: unsure } = await grantTo(held.app, db, a.users.admin.id, { tenant: a.id });
    expectProblem(await create(unsure), 403, 'aal2_required');
    const { accessToken: member } = await grantTo(held.app, db, a.users.member.id, { tenant: a.id, aal: 2 });
    expectProblem(await create(member), 403, 'permission_missing');
    const more = await create(admin, { permissions: ['deal:read', 'tenant:transfer'] });
    expectProblem(more, 403, 'permission_not_held');
    expect(more.body.missingPermission).toBe('tenant:transfer');
    expectProblem(await create(admin, { permissions: ['no:such'] }), 400, 'permission_unknown');
    for (const wrong of [
      { permissions: [] },
      { permissions: ['deal:read', 'deal:read'] },
      { expiresAt: inDays(-1) },
      { expiresAt: inDays(367) },
      { expiresAt: '2027-01-01' },
      { expiresAt: undefined },
      { requestsPerMinute: 0 },
      { name: ' ' },
      { userId: a.users.owner.id },
    ])
      expectProblem(await create(admin, wrong), 400, 'validation_failed');
    expect((await create(admin, { expiresAt: inDays(365.9) })).status).toBe(201);
  });
});

describe('a key', () => {
  it('acts with its permissions and nothing else, and the log says that it was a key', async () => {
    const { id, key } = await made();
    const deal = { title: 'By a key', amount: '1.00', currency: 'EUR' };
    const answer = await held.app.call('POST', '/v1/deals', { token: key, body: deal });
    expect([answer.status, answer.body.ownerId]).toEqual([201, a.users.admin.id]);
    const changed = await held.app.call('PATCH', `/v1/deals/${answer.body.id}`, {
      token: key,
      body: { stage: 'won' },
      headers: { 'if-match': '*' },
    });
    expectProblem(changed, 403, 'permission_missing');
    await held.app.nest.get(RefusalLog, { strict: false }).flush();
    const entries = await held.app.call('GET', `/v1/audit-log?targetId=${answer.body.id}`, { token: owner });
    expect(entries.body.items).toMatchObject([
      { action: 'deal.updated', actorType: 'key', actorId: a.users.admin.id, sessionId: id, outcome: 'denied' },
      { action: 'deal.created', actorType: 'key', actorId: a.users.admin.id, sessionId: id, outcome: 'success' },
    ]);
  });

  it('is shown with when it was last used, to the minute, and that is no change of it', async () => {
    const { id, key } = await made();
    const read = (headers = {}): Promise<Answer> =>
      held.app.call('GET', `/v1/api-keys/${id}`, { token: admin, headers });
    expect(await statusWith(key)).toBe(200);
    expect((await read()).body.lastUsedAt).toBeNull();
    await held.app.nest.get(KeyUses, { strict: false }).flush();
    const { body, headers } = await read();
    expect([headers.get('etag'), Math.abs(Date.now() - Date.parse(body.lastUsedAt)) < 120_000]).toEqual(['"v1"', true]);
    expect(body.lastUsedAt).toMatch(/:00\.?0*Z$/);
  });

  it('is listed newest first, page by page, without its secret', async () => {
    const ids: string[] = [];
    let path = '/v1/api-keys?limit=2';
    for (let next: string | null = ''; next !== null;) {
      const { body } = await held.app.call('GET', path, { token: admin });
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      expect(body.items.filter((item: object) => 'key' in item)).toEqual([]);
      next = body.nextCursor;
      path = `/v1/api-keys?limit=2&cursor=${next}`;
    }
    expect(ids.length).toBeGreaterThan(3);
    expect(ids).toEqual([...ids].sort().reverse());
  });
});

describe('rotating', () => {
  it('gives a new secret beside the old one, for as long as it is asked to; the third ends the first', async () => {
    const { id, key: first, publicId } = await made();
    const answer = await post(admin, id, 'rotate', {});
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const second = answer.body.key;
    expect(answer.body).toMatchObject({ id, publicId, status: 'active' });
    expect(answer.body.rotatedAt).not.toBeNull();
    expect([second === first, await statusWith(first), await statusWith(second)]).toEqual([false, 200, 200]);
    const [old] = await withAdmin<{ left: number }>(
      db,
      `select extract(epoch from min(expires_at) - now())::int as left from auth.capabilities where key_id = $1`,
      [id],
    );
    expect(Math.abs((old?.left ?? 0) - 3600)).toBeLessThan(60);
    const third = (await post(admin, id, 'rotate', { overlapSeconds: 60 })).body.key;
    expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([401, 200, 200]);
    const last = (await post(admin, id, 'rotate', { overlapSeconds: 0 })).body.key;
    expect([await statusWith(second), await statusWith(third), await statusWith(last)]).toEqual([401, 401, 200]);
  });

  it('is for whoever answers for the key, within bounds, at the version that was read', async () => {
    const { id, key } = await made();
    expectProblem(await post(owner, id, 'rotate', {}), 403, 'api_key_not_yours');
    expectProblem(await post(admin, id, 'rotate', { overlapSeconds: 604_801 }), 400);
    expectProblem(await post(admin, id, 'rotate', {}, { 'if-match': '"v7"' }), 412, 'version_mismatch');
    expect((await post(admin, id, 'rotate', {}, { 'if-match': '"v1"' })).status).toBe(200);
    expect(await statusWith(key)).toBe(200);
  });
});

describe('confirming', () => {
  it('puts an admin in the place of somebody who is gone, and the key does as before', async () => {
    const maker = await newcomer(db, [a, 'admin']);
    const { accessToken } = await grantTo(held.app, db, maker.id, { tenant: a.id, aal: 2 });
    const { id, key } = await made(accessToken);
    expect(await statusWith(key)).toBe(200);
    expect((await held.app.call('DELETE', `/v1/members/${maker.id}`, { token: owner })).status).toBe(204);
    expect([await statusWith(key), await statusOf(id)]).toEqual([401, 'unconfirmed']);
    expectProblem(await post(admin, id, 'rotate', {}), 403, 'api_key_not_yours');
    const answer = await post(admin, id, 'confirm');
    expect([answer.status, answer.body.status, answer.body.userId, answer.body.createdBy]).toEqual([
      200,
      'active',
      a.users.admin.id,
      maker.id,
    ]);
    expect('key' in answer.body).toBe(false);
    const deal = await held.app.call('POST', '/v1/deals', {
      token: key,
      body: { title: 'Goes on', amount: '1.00', currency: 'EUR' },
    });
    expect([deal.status, deal.body.ownerId]).toEqual([201, a.users.admin.id]);
    expect((await post(admin, id, 'rotate', {})).status).toBe(200);
  });

  it('is for nobody whose membership is suspended: their key says so, and counts again after', async () => {
    const maker = await newcomer(db, [a, 'admin']);
    const { id, key } = await plantKey(db, a, maker, ['deal:read']);
    const membership = 'update app.memberships set status = $2 where user_id = $1';
    await db.look(membership, [maker.id, 'suspended']);
    expect([await statusWith(key), await statusOf(id)]).toEqual([403, 'suspended']);
    await db.look(membership, [maker.id, 'active']);
    expect([await statusWith(key), await statusOf(id)]).toEqual([200, 'active']);
  });

  it('takes over what somebody below answers for, and from nobody beside or above', async () => {
    const { id } = await made(owner);
    expectProblem(await post(admin, id, 'confirm'), 403, 'role_not_below');
    const { id: mine } = await made(admin);
    expect((await post(owner, mine, 'confirm')).body.userId).toBe(a.users.owner.id);
    expectProblem(await post(admin, mine, 'confirm'), 403, 'role_not_below');
  });
});

describe('revoking', () => {
  it('ends it at once, for whoever may', async () => {
    const { id, key } = await made();
    expect(await statusWith(key)).toBe(200);
    const revoke = (headers = {}): Promise<Answer> =>
      held.app.call('DELETE', `/v1/api-keys/${id}`, { token: owner, headers });
    expectProblem(await revoke({ 'if-match': '"v9"' }), 412, 'version_mismatch');
    expect((await revoke({ 'if-match': '"v1"' })).status).toBe(204);
    expectProblem(await held.app.call('GET', '/v1/deals', { token: key }), 401, 'api_key_void');
    expectProblem(await held.app.call('GET', `/v1/api-keys/${id}`, { token: owner }), 404, 'not_found');
    expect(await withAdmin(db, 'select from auth.key_secrets where key_id = $1', [id])).toEqual([]);
  });
});

describe('background jobs', () => {
  const RULE = `select pg_get_expr(polqual, polrelid) as rule from pg_policy
    where polrelid = 'app.jobs'::regclass and polname = 'may_select'`;
  it('a key is shown what it put off, also where the database would show it more', async () => {
    const key = await plantKey(db, a, a.users.member, ['deal:read']);
    const seeing = await plantKey(db, a, a.users.owner, ['job:read']);
    const theirs = await plantDeadJob(db);
    const own = await plantDeadJob(db);
    await withAdmin(db, 'update app.jobs set api_key_id = $2 where id = $1', [own, key.id]);
    const seen = async (token: string): Promise<unknown[]> => {
      const { body } = await held.app.call('GET', '/v1/jobs', { token });
      const reads = [theirs, own].map((id) => held.app.call('GET', `/v1/jobs/${id}`, { token }));
      return [
        body.items.map(({ id }: { id: string }) => id),
        ...(await Promise.all(reads)).map(({ status }) => status),
      ];
    };
    const [found] = await withAdmin<{ rule: string }>(db, RULE);
    const rule = found?.rule ?? '';
    for (const using of [rule, 'true']) {
      await withAdmin(db, `alter policy may_select on app.jobs using (${using})`);
      expect(await seen(key.key)).toEqual([[own], 404, 200]);
      expect(await seen(seeing.key)).toEqual([[own, theirs], 200, 200]);
    }
    await withAdmin(db, `alter policy may_select on app.jobs using (${rule})`);
  });
});

describe('keys of another tenant, and those that expired', () => {
  it('are not there', async () => {
    const { id, key } = await plantKey(db, b, b.users.owner, ['deal:read']);
    for (const verb of ['rotate', 'confirm'] as const)
      expectProblem(await post(owner, id, verb, verb === 'rotate' ? {} : undefined), 404, 'not_found');
    expectProblem(await held.app.call('DELETE', `/v1/api-keys/${id}`, { token: owner }), 404, 'not_found');
    expectProblem(await held.app.call('GET', `/v1/api-keys/${id}`, { token: owner }), 404, 'not_found');
    const { body } = await held.app.call('GET', '/v1/deals?limit=100', { token: key });
    const seen = Object.entries(b.deals).flatMap(([name, deal]) =>
      /-private/.test(name) && !name.startsWith('owner') ? [] : [deal],
    );
    expect(body.items.map(({ id: deal }: { id: string }) => deal).sort()).toEqual(seen.sort());
  });

  it('stay listed, and are neither rotated nor confirmed', async () => {
    const { id, key } = await plantKey(db, a, a.users.owner, ['deal:read'], { life: '-1 second' });
    expect([await statusOf(id), await statusWith(key)]).toEqual(['expired', 401]);
    expectProblem(await post(owner, id, 'rotate', {}), 409, 'api_key_expired');
    expectProblem(await post(owner, id, 'confirm'), 409, 'api_key_expired');
  });
});

describe('the OpenAPI document', () => {
  it('names a key beside the token where a key may call, and there alone', async () => {
    const { body } = await held.app.call('GET', '/openapi.json');
    const takers = Object.values(body.paths as Record<string, Record<string, any>>)
      .flatMap((path) => Object.values(path))
      .filter(({ security }) => security?.some((one: object) => 'apiKey' in one));
    expect(takers.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining(['listDeals', 'createDeal', 'explainAccess', 'listJobs', 'getApiKey']),
    );
    expect(takers.filter((one) => one['x-aal'] || one['x-operator'])).toEqual([]);
    expect(takers.map(({ operationId }) => operationId)).not.toContain('leaveTenant');
    expect(takers.every(({ security }) => security.length === 2 && 'accessToken' in security[0])).toBe(true);
  });
});

it('names whoever answers for it as the database knows them, although it was looked up before', async () => {
  const maker = await newcomer(db, [a, 'admin']);
  const { accessToken } = await grantTo(held.app, db, maker.id, { tenant: a.id, aal: 2 });
  const { id, key } = await made(accessToken, { permissions: ['deal:read', 'deal:delete'] });
  expect(await statusWith(key)).toBe(200);
  expect((await post(owner, id, 'confirm')).status).toBe(200);
  const { sub } = decodeJwt(owner);
  expectProblem(await held.app.call('POST', '/v1/deals', { token: key, body: {} }), 403, 'permission_missing');
  await held.app.nest.get(RefusalLog, { strict: false }).flush();
  const denied = await held.app.call('GET', '/v1/audit-log?outcome=denied&limit=1', { token: owner });
  expect(denied.body.items).toMatchObject([{ actorType: 'key', actorId: sub, sessionId: id }]);
});
