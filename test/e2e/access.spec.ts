import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { STANDARD_ROLES, type StandardRole } from '../../src/route/index.js';
import { type Answer, startApp, type TestApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const tokens = {} as Record<StandardRole, string>;

beforeAll(async () => {
  for (const role of STANDARD_ROLES)
    tokens[role] = (await grantTo(held.app, db, a.users[role].id, { tenant: a.id })).accessToken;
});

const explain = (token: string, body: object): Promise<Answer> =>
  held.app.call('POST', '/v1/access/explain', { token, body });
const read = (resourceId: string | undefined, userId?: string): object =>
  ({ action: 'read', resourceType: 'deal', resourceId, userId }); // prettier-ignore
const viewers = (token: string, id: string | undefined, more = ''): Promise<Answer> =>
  held.app.call('GET', `/v1/access/viewers?resourceType=deal&resourceId=${id}${more}`, { token });

describe('POST /v1/access/explain', () => {
  it('says in order what decided, each step in a sentence', async () => {
    const own = await explain(tokens.member, { ...read(a.deals['viewer-controlled']), action: 'update' });
    expect(own.status).toBe(200);
    expect(own.body).toMatchObject({ allowed: true, decidedBy: 'owner_role_below' });
    expect(own.body.reasons).toMatchObject([
      { step: 'tenant', holds: true, status: 'active' },
      { step: 'session', holds: true, status: 'active' },
      { step: 'aal', holds: true, demanded: 'aal1', held: 'aal1' },
      { step: 'permission', holds: true, permission: 'deal:read' },
      { step: 'permission', holds: true, permission: 'deal:update' },
      {
        step: 'visibility',
        holds: true,
        relation: 'owner_role_below',
        roles: [{ slug: 'member' }, { slug: 'viewer' }],
      },
    ]);
    expect(own.body.reasons.at(-1).detail).toContain('member > viewer');
    for (const { detail } of own.body.reasons) expect(detail).toMatch(/^[A-Z].*\.$/);
    const refused = await explain(tokens.member, { ...read(a.deals['viewer-controlled']), action: 'delete' });
    expect(refused.body).toMatchObject({ allowed: false, decidedBy: 'permission' });
    expect(refused.body.reasons.at(-1)).toMatchObject({ holds: false, permission: 'deal:delete' });
    const creates = { action: 'create', resourceType: 'deal' };
    expect((await explain(tokens.member, creates)).body).toMatchObject({ allowed: true, decidedBy: 'permission' });
  });

  it.each(STANDARD_ROLES)(
    'says of %s what the routes do: read, list, change and delete, record by record',
    async (role) => {
      const token = tokens[role];
      const list = (await held.app.call('GET', '/v1/deals?limit=100', { token })).text;
      for (const [name, id] of Object.entries(a.deals)) {
        const say = async (action: string): Promise<boolean> =>
          (await explain(token, { ...read(id), action })).body.allowed;
        const headers = { 'If-Match': '"v999"' }; // 412: nothing but the version is in the way
        const path = `/v1/deals/${id}`;
        const came = [
          (await held.app.call('GET', path, { token })).status === 200,
          list.includes(id),
          (await held.app.call('PATCH', path, { token, headers, body: { stage: 'won' } })).status === 412,
          (await held.app.call('DELETE', path, { token, headers })).status === 412,
        ];
        expect([name, await say('read'), await say('read'), await say('update'), await say('delete')]).toEqual([
          name,
          ...came,
        ]);
      }
    },
  );

  it('answers for a hidden record and for another tenant’s as for one that never existed', async () => {
    const answers = await Promise.all(
      [a.deals['owner-private'], a.deals['admin-controlled'], b.deals['owner-public'], randomUUID()].map((id) =>
        explain(tokens.member, read(id)),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(told(answer)))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ allowed: false, decidedBy: 'visibility' });
    expect(answers[0]?.body.reasons.at(-1)).toEqual({
      step: 'visibility', holds: false, relation: 'none', detail: 'There is nothing here that you can see.' }); // prettier-ignore
  });

  it('tells about another member whoever has access:explain, of records that they see themselves', async () => {
    const ask = read(a.deals['admin-controlled'], a.users.member.id);
    const { status, body } = await explain(tokens.admin, ask);
    expect([status, body.allowed, body.decidedBy]).toEqual([200, false, 'visibility']);
    expect(body.reasons.at(-1)).toMatchObject({ visibility: 'controlled', ownerId: a.users.admin.id });
    expect((await explain(tokens.admin, read(a.deals['admin-public'], a.users.viewer.id))).body.allowed).toBe(true);
    const refused = await explain(tokens.viewer, ask);
    expectProblem(refused, 403, 'permission_missing');
    expect(refused.body.missingPermission).toBe('access:explain');
    expect((await explain(tokens.viewer, read(a.deals['viewer-private'], a.users.viewer.id))).body.allowed).toBe(true);
    for (const [id, userId] of [
      [a.deals['owner-private'], a.users.member.id],
      [b.deals['owner-public'], a.users.member.id],
      [randomUUID(), a.users.member.id],
      [a.deals['admin-public'], b.users.owner.id],
      [a.deals['admin-public'], randomUUID()],
    ])
      expectProblem(await explain(tokens.admin, read(id, userId)), 404, 'not_found');
  });

  it('acts on what is so now, and not on what the token says', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    const token = (await grantTo(held.app, db, person.id, { tenant: a.id })).accessToken;
    const creates = { action: 'create', resourceType: 'deal' };
    expect((await explain(token, creates)).body.allowed).toBe(false);
    await db.look('update app.memberships set role_id = $2 where user_id = $1', [person.id, a.roles.member]);
    expect((await explain(token, creates)).body.allowed).toBe(true);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [person.id]);
    expectProblem(await explain(token, creates), 403, 'membership_suspended');
    const other = await explain(tokens.admin, { ...creates, userId: person.id });
    expect(other.body).toMatchObject({ allowed: false, decidedBy: 'session' });
    expect(other.body.reasons.at(-1)).toMatchObject({ status: 'suspended' });
  });

  it('refuses questions that make no sense', async () => {
    const id = a.deals['owner-public'];
    for (const body of [
      {},
      { action: 'burn', resourceType: 'deal', resourceId: id },
      { action: 'read', resourceType: 'unicorn', resourceId: id },
      { action: 'read', resourceType: 'deal' },
      { action: 'create', resourceType: 'deal', resourceId: id },
      { action: 'read', resourceType: 'deal', resourceId: 'x' },
      { action: 'read', resourceType: 'deal', resourceId: id, tenantId: a.id },
      { action: 'read', resourceType: 'deal', resourceId: id, aal: 2 },
    ])
      expectProblem(await explain(tokens.owner, body), 400);
    const nobody = (await grantTo(held.app, db, db.world.nobody.id)).accessToken;
    expectProblem(await explain(nobody, read(id)), 403, 'tenant_required');
  });
});

describe('GET /v1/access/viewers', () => {
  it('lists who sees a record and why, paged by member', async () => {
    const { status, body } = await viewers(tokens.owner, a.deals['member-controlled']);
    expect([status, body.nextCursor]).toEqual([200, null]);
    const because = Object.fromEntries(body.items.map((item: any) => [item.userId, [item.because, item.roles?.map((role: any) => role.slug).join('>')]])); // prettier-ignore
    expect(because).toEqual({
      [a.users.member.id]: ['owner', undefined],
      [a.users.admin.id]: ['owner_role_below', 'admin>member'],
      [a.users.owner.id]: ['owner_role_below', expect.stringMatching(/^owner>(admin>)?member$/)],
    });
    expect(body.items[0].fullName).toContain('@alpha.example');
    const pages: string[] = [];
    let cursor = '';
    for (let page = 0; page < 100; page += 1) {
      const answer = await viewers(tokens.admin, a.deals['owner-public'], `&limit=2${cursor && `&cursor=${cursor}`}`);
      pages.push(...answer.body.items.map((item: any) => item.userId));
      cursor = answer.body.nextCursor;
      if (cursor === null) break;
    }
    const active = await db.look<{ id: string }>(
      `select user_id as id from app.memberships where tenant_id = $1 and status = 'active' order by 1`, [a.id]); // prettier-ignore
    expect(pages).toEqual(active.map(({ id }) => id));
  });

  it('looks at so many at once, and goes on where nobody among them sees it', async () => {
    await db.look(
      `with u as (insert into auth.users (email) select 'crowd-' || n || '@example.com' from generate_series(1, 450) n returning id)
       insert into app.memberships (tenant_id, user_id, role_id) select $1, u.id, $2 from u`,
      [a.id, a.roles.viewer],
    );
    const pages: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await viewers(
        tokens.owner,
        a.deals['owner-private'],
        `&limit=100${cursor && `&cursor=${cursor}`}`,
      );
      pages.push(body.items.map((item: any) => item.userId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(pages[0]).toEqual([a.users.owner.id]);
    expect(pages.length).toBeGreaterThan(8); // fifty members a page
    expect(pages.slice(1).flat()).toEqual([]);
  });

  it('refuses who may not ask, and shows nothing of what they do not see', async () => {
    expectProblem(await viewers(tokens.member, a.deals['member-public']), 403, 'permission_missing');
    for (const id of [a.deals['owner-private'], b.deals['owner-public'], randomUUID()])
      expectProblem(await viewers(tokens.admin, id), 404, 'not_found');
    expectProblem(await viewers(tokens.admin, 'x'), 400);
    const { nextCursor } = (await viewers(tokens.owner, a.deals['owner-public'], '&limit=1')).body;
    expectProblem(await viewers(tokens.owner, a.deals['admin-public'], `&cursor=${nextCursor}`), 400, 'cursor_invalid');
    const unknown = await held.app.call('GET', `/v1/access/viewers?resourceType=unicorn&resourceId=${randomUUID()}`, { token: tokens.owner }); // prettier-ignore
    expectProblem(unknown, 400, 'validation_failed');
  });
});

describe('a change that row level security stops, with the guards taken out', () => {
  let unguarded: TestApp;
  const always = { canActivate: () => true };
  beforeAll(async () => {
    unguarded = await startApp(db, {}, (builder) =>
      builder.overrideProvider(PermissionGuard).useValue(always).overrideProvider(AssuranceGuard).useValue(always),
    );
  });
  const attempts = [['PATCH', { stage: 'won' }, 'deal:update'], ['DELETE', undefined, 'deal:delete']] as const; // prettier-ignore

  it.each(attempts)(
    '%s is 403 with the permission on what is visible, and 404 on what is not',
    async (method, body, missing) => {
      const { accessToken: token } = await grantTo(unguarded, db, a.users.viewer.id, { tenant: a.id });
      const send = (id: string | undefined, version: string) =>
        unguarded.call(method, `/v1/deals/${id}`, { token, body, headers: { 'If-Match': version } });
      for (const version of ['*', '"v1"', '"v999"']) {
        for (const name of ['owner-public', 'viewer-private']) {
          const refused = await send(a.deals[name], version);
          expectProblem(refused, 403, 'permission_missing');
          expect(refused.body.missingPermission).toBe(missing);
        }
        for (const id of [
          a.deals['owner-private'],
          a.deals['member-controlled'],
          b.deals['owner-public'],
          randomUUID(),
        ])
          expectProblem(await send(id, version), 404, 'not_found');
      }
      expect(await db.look(`select from app.deals where tenant_id = $1 and stage = 'lead'`, [a.id])).toHaveLength(12);
    },
  );

  it('is 412 where it is the version, and says what else a rule of the table demands', async () => {
    const { accessToken: token } = await grantTo(unguarded, db, a.users.member.id, { tenant: a.id });
    const send = (version: string) =>
      unguarded.call('PATCH', `/v1/deals/${a.deals['member-public']}`, { token, body: { stage: 'won' }, headers: { 'If-Match': version } }); // prettier-ignore
    expectProblem(await send('"v999"'), 412, 'version_mismatch');
    const owner = await db.as('owner');
    await owner.query(`call app.require_aal2('app.deals', '{update}')`);
    const unsure = await send('*');
    expectProblem(unsure, 403, 'aal2_required');
    expect(unsure.body.requiredAal).toBe('aal2');
    await owner.query(`drop policy aal2_update on app.deals;
      create policy frozen on app.deals as restrictive for update to ringfence_app using (stage = 'won')`);
    expectProblem(await send('*'), 403, 'not_allowed');
    await owner.query('drop policy frozen on app.deals');
    expect((await send('*')).status).toBe(200);
  });
});
