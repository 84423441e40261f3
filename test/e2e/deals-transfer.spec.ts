import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { StandardRole } from '../../src/route/index.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const tokens = {} as Record<StandardRole, string>;

beforeAll(async () => {
  for (const role of ['owner', 'admin', 'member', 'viewer'] as const) tokens[role] = await tokenOf(a.users[role].id);
});

const tokenOf = async (userId: string): Promise<string> =>
  (await grantTo(held.app, db, userId, { tenant: a.id })).accessToken;
const transfer = (token: string, id: string, ownerId: unknown): Promise<Answer> =>
  held.app.call('POST', `/v1/deals/${id}/transfer`, { token, body: { ownerId } });
const get = (token: string, id: string): Promise<Answer> => held.app.call('GET', `/v1/deals/${id}`, { token });

async function made(token: string, visibility: string): Promise<string> {
  const deal = { title: 'To hand over', amount: '1', currency: 'EUR', visibility };
  return (await held.app.call('POST', '/v1/deals', { token, body: deal })).body.id;
}

describe('POST /v1/deals/{id}/transfer', () => {
  it('hands a deal over by its owner; who sees it follows the new owner from the next request on', async () => {
    const heir = await newcomer(db, [a, 'member']);
    const heirs = await tokenOf(heir.id);
    const id = await made(tokens.member, 'private');
    const before = (await get(tokens.member, id)).headers.get('etag');
    expect((await get(heirs, id)).status).toBe(404);
    const answer = await transfer(tokens.member, id, heir.id);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expectProblem(await get(tokens.member, id), 404, 'not_found');
    const theirs = await get(heirs, id);
    expect([theirs.status, theirs.body.ownerId]).toEqual([200, heir.id]);
    expect(theirs.headers.get('etag')).not.toBe(before);
    expectProblem(await transfer(tokens.member, id, a.users.member.id), 404, 'not_found');
  });

  it('follows the role of the new owner, up and down', async () => {
    const id = await made(tokens.admin, 'controlled');
    expect((await get(tokens.member, id)).status).toBe(404);
    expect((await transfer(tokens.admin, id, a.users.viewer.id)).status).toBe(204);
    for (const role of ['owner', 'admin', 'member', 'viewer'] as const)
      expect((await get(tokens[role], id)).status).toBe(200);
    // whoever stands above the owner hands over, too
    expect((await transfer(tokens.member, id, a.users.admin.id)).status).toBe(204);
    expect((await get(tokens.member, id)).status).toBe(404);
    expect((await get(tokens.viewer, id)).status).toBe(404);
    expect((await held.app.call('GET', `/v1/deals?ownerId=${a.users.admin.id}&limit=100`, { token: tokens.owner })).text).toContain(id); // prettier-ignore
  });

  it('refuses who neither owns it nor stands above its owner, and who may not change deals', async () => {
    expectProblem(
      await transfer(tokens.member, a.deals['admin-public'] ?? '', a.users.member.id),
      403,
      'not_the_owner',
    );
    const peer = await tokenOf((await newcomer(db, [a, 'member'])).id);
    const id = await made(tokens.member, 'public');
    expectProblem(await transfer(peer, id, a.users.member.id), 403, 'not_the_owner');
    const refused = await transfer(tokens.viewer, a.deals['viewer-private'] ?? '', a.users.member.id);
    expectProblem(refused, 403, 'permission_missing');
    expect(refused.body.missingPermission).toBe('deal:update');
    expect((await get(tokens.member, id)).body.ownerId).toBe(a.users.member.id);
  });

  it('refuses an heir who is no active member, and tells none from another', async () => {
    const id = await made(tokens.member, 'controlled');
    const suspended = await newcomer(db, [a, 'member']);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [suspended.id]);
    const answers: unknown[] = [];
    for (const heir of [suspended.id, b.users.owner.id, db.world.nobody.id, randomUUID()]) {
      const answer = await transfer(tokens.member, id, heir);
      expectProblem(answer, 422, 'heir_not_a_member');
      answers.push(told(answer));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await get(tokens.member, id)).body.ownerId).toBe(a.users.member.id);
  });

  it('answers for a hidden deal and for another tenant’s as for one that never existed', async () => {
    const strip = ({ instance: _i, traceId: _t, ...rest }: Record<string, unknown>): unknown => rest;
    const nothing = await transfer(tokens.member, randomUUID(), a.users.member.id);
    expectProblem(nothing, 404, 'not_found');
    for (const id of [a.deals['owner-private'], a.deals['admin-controlled'], b.deals['owner-public']])
      expect(strip((await transfer(tokens.member, id ?? '', a.users.member.id)).body)).toEqual(strip(nothing.body));
    expect(await db.look('select from app.deals where id = $1 and owner_id = $2', [b.deals['owner-public'], b.users.owner.id])).toHaveLength(1); // prettier-ignore
  });

  it('takes an owner in the body of this route alone', async () => {
    const id = a.deals['member-public'];
    const headers = { 'If-Match': '*' };
    const body = { ownerId: a.users.admin.id };
    expect((await held.app.call('PATCH', `/v1/deals/${id}`, { token: tokens.member, body, headers })).status).toBe(400);
    for (const wrong of [undefined, null, 'x', [a.users.admin.id]])
      expect((await transfer(tokens.member, id ?? '', wrong)).status).toBe(400);
  });

  it('lets one of two at once win, and the other see what it did', async () => {
    const id = await made(tokens.member, 'private');
    const heirs = [await newcomer(db, [a, 'member']), await newcomer(db, [a, 'member'])];
    const statuses = await Promise.all(
      heirs.map(async ({ id: heir }) => (await transfer(tokens.member, id, heir)).status),
    );
    expect(statuses.sort()).toEqual([204, 404]);
  });
});
