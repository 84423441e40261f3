import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;

const deal = { title: 'New roof', amount: '1200.50', currency: 'EUR' };

describe('deals over HTTP', () => {
  it('creates, reads, changes and deletes one, with its ETag', async () => {
    const { app } = held;
    const token = await app.token(a.users.owner.email);
    const made = await app.call('POST', '/v1/deals', { token, body: deal });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...deal, stage: 'lead', visibility: 'controlled', ownerId: a.users.owner.id });
    expect(made.headers.get('etag')).toBe('"v1"');
    const path = made.headers.get('location') as string;
    const changed = await app.call('PATCH', path, { token, body: { stage: 'won' }, headers: { 'If-Match': '"v1"' } });
    expect([changed.status, changed.body.stage, changed.headers.get('etag')]).toEqual([200, 'won', '"v2"']);
    const cached = await app.call('GET', path, { token, headers: { 'If-None-Match': '"v2"' } });
    expect([cached.status, cached.text]).toEqual([304, '']);
    const gone = await app.call('DELETE', path, { token, headers: { 'If-Match': '"v2"' } });
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await app.call('GET', path, { token })).status).toBe(404);
  });

  it('demands If-Match and refuses a version that is not the current one', async () => {
    const { app } = held;
    const token = await app.token(a.users.owner.email);
    const path = `/v1/deals/${a.deals['owner-public']}`;
    expect((await app.call('PATCH', path, { token, body: { stage: 'won' } })).body).toMatchObject({
      status: 428,
      code: 'if_match_required',
    });
    for (const tag of ['"v999"', 'W/"v1"', 'nonsense']) {
      const refused = await app.call('PATCH', path, { token, body: { stage: 'won' }, headers: { 'If-Match': tag } });
      expect(refused.body).toMatchObject({ status: 412, code: 'version_mismatch' });
    }
    expect((await app.call('DELETE', path, { token, headers: { 'If-Match': '"v999"' } })).status).toBe(412);
    expect(
      (await app.call('PATCH', path, { token, body: { stage: 'won' }, headers: { 'If-Match': '*' } })).status,
    ).toBe(200);
  });

  it('pages newest first without a gap or a repeat, and the cursor is good for this list only', async () => {
    const { app } = held;
    const token = await app.token(a.users.owner.email);
    const whole = (await app.call('GET', '/v1/deals?limit=100', { token })).body.items.map(
      (item: { id: string }) => item.id,
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { body: { items: { id: string }[]; nextCursor: string | null }; headers: Headers } = await app.call(
        'GET',
        `/v1/deals?limit=3${cursor && `&cursor=${cursor}`}`,
        { token },
      );
      seen.push(...page.body.items.map((item) => item.id));
      cursor = page.body.nextCursor;
      expect(page.headers.get('link') === null).toBe(cursor === null);
    }
    expect(seen).toEqual(whole);
    expect(whole).toEqual([...whole].sort().reverse());
    const { nextCursor } = (await app.call('GET', '/v1/deals?limit=1', { token })).body;
    const other = await app.token(b.users.owner.email);
    const flipped = nextCursor.slice(0, -2) + (nextCursor.at(-2) === 'A' ? 'B' : 'A') + nextCursor.at(-1);
    for (const [who, query] of [
      [other, `cursor=${nextCursor}`],
      [token, `cursor=${nextCursor}&stage=won`],
      [token, `cursor=${flipped}`],
      [token, 'cursor=AAAA'],
      [token, `cursor=${randomUUID()}`],
    ] as const) {
      expect((await app.call('GET', `/v1/deals?${query}`, { token: who })).body).toMatchObject({
        status: 400,
        code: 'cursor_invalid',
      });
    }
  });

  it("treats another tenant's id exactly as one that never existed", async () => {
    const { app } = held;
    const token = await app.token(a.users.owner.email);
    const strip = ({ traceId: _t, instance: _i, ...rest }: Record<string, unknown>): unknown => rest;
    for (const [method, body] of [['GET'], ['PATCH', { stage: 'won' }], ['DELETE']] as const) {
      const [foreign, random] = await Promise.all(
        [b.deals['owner-public'], randomUUID()].map((id) =>
          app.call(method, `/v1/deals/${id}`, { token, body, headers: { 'If-Match': '"v1"' } }),
        ),
      );
      expect(foreign?.status).toBe(404);
      expect(strip(foreign?.body)).toEqual(strip(random?.body));
    }
    expect((await app.call('GET', `/v1/deals?ownerId=${b.users.owner.id}`, { token })).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it.each([
    ['viewer', ['viewer-private', 'viewer-controlled']],
    ['member', ['member-private', 'member-controlled', 'viewer-controlled']],
    ['admin', ['admin-private', 'admin-controlled', 'member-controlled', 'viewer-controlled']],
    ['owner', ['owner-private', 'owner-controlled', 'admin-controlled', 'member-controlled', 'viewer-controlled']],
  ] as const)('shows a %s the public ones and what its role and ownership add', async (role, more) => {
    const { app } = held;
    const token = await app.token(b.users[role].email);
    const publics = ['owner', 'admin', 'member', 'viewer'].map((owner) => `${owner}-public`);
    const expected = [...publics, ...more].map((name) => b.deals[name]).sort();
    const list = (await app.call('GET', '/v1/deals?limit=100', { token })).body.items.map(
      (item: { id: string }) => item.id,
    );
    expect(list.sort()).toEqual(expected);
    for (const [name, id] of Object.entries(b.deals)) {
      const { status } = await app.call('GET', `/v1/deals/${id}`, { token });
      expect([name, status]).toEqual([name, expected.includes(id) ? 200 : 404]);
    }
  });

  it('says which permission is missing', async () => {
    const { app } = held;
    const viewer = await app.token(a.users.viewer.email);
    const member = await app.token(a.users.member.email);
    expect((await app.call('POST', '/v1/deals', { token: viewer, body: deal })).body).toMatchObject({
      status: 403,
      code: 'permission_missing',
      missingPermission: 'deal:create',
    });
    const path = `/v1/deals/${a.deals['member-public']}`;
    expect((await app.call('DELETE', path, { token: member, headers: { 'If-Match': '*' } })).body).toMatchObject({
      status: 403,
      missingPermission: 'deal:delete',
    });
  });

  it('lets only the owner narrow who sees a record', async () => {
    const { app } = held;
    const path = `/v1/deals/${a.deals['member-public']}`;
    const narrow = (token: string) =>
      app.call('PATCH', path, { token, body: { visibility: 'private' }, headers: { 'If-Match': '*' } });
    expect((await narrow(await app.token(a.users.admin.email))).body).toMatchObject({
      status: 403,
      code: 'visibility_is_the_owners',
    });
    expect((await narrow(await app.token(a.users.member.email))).status).toBe(200);
  });
});
