import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { expectSame, NEVER, roleCalls } from '../support/role-calls.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const { tokenOf, call, made, put, assign, transfer } = roleCalls(db, held);
let owner: string;

beforeAll(async () => {
  owner = await tokenOf(a.users.owner.id);
});

describe('giving a member another role', () => {
  it('finds nobody of another tenant, and no role of one', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    const never = await assign(owner, NEVER, a.roles.viewer);
    expectProblem(never, 404, 'not_found');
    expectSame(await assign(owner, b.users.viewer.id, a.roles.viewer), b.users.viewer.id, never);
    const random = await assign(owner, person.id, randomUUID());
    expectProblem(random, 422, 'role_not_found');
    expect(told(await assign(owner, person.id, b.roles.viewer))).toEqual(told(random));
    for (const odd of [undefined, null, 'admin', [a.roles.viewer], { id: a.roles.viewer }])
      expectProblem(await assign(owner, person.id, odd), 400, 'validation_failed');
    expectProblem(await assign(owner, 'me', a.roles.viewer), 400, 'validation_failed');
  });

  it('acts on the very next call with the token from before: rights gained, and rights lost', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    const token = await tokenOf(person.id);
    const create = () => call(token, 'POST', '/v1/deals', { title: 'Mine', amount: '1', currency: 'EUR' });
    expectProblem(await create(), 403, 'permission_missing');
    expect((await assign(owner, person.id, a.roles.member)).status).toBe(204);
    expect((await create()).status).toBe(201); // the token does not list it
    const full = await tokenOf(person.id); // this one does
    expect((await assign(owner, person.id, a.roles.viewer)).status).toBe(204);
    for (const one of [token, full]) {
      const refused = await call(one, 'POST', '/v1/deals', { title: 'Late', amount: '1', currency: 'EUR' });
      expectProblem(refused, 403, 'permission_missing');
      expect(refused.body.missingPermission).toBe('deal:create');
    }
    expect(await db.look(`select from app.deals where title = 'Late'`)).toEqual([]);
  });

  it('so does a change of the role itself, or of one below it, in both directions', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    const [{ id: role }, { id: below }] = [await made(owner), await made(owner)];
    await assign(owner, person.id, role);
    const empty = await tokenOf(person.id);
    const reads = async (token: string) => (await call(token, 'GET', '/v1/roles')).status;
    expect(await reads(empty)).toBe(403);
    await put(owner, role, 'permissions', ['role:read']);
    expect(await reads(empty)).toBe(200);
    const full = await tokenOf(person.id);
    await put(owner, role, 'permissions', []);
    expect([await reads(empty), await reads(full)]).toEqual([403, 403]);
    for (const token of [empty, full])
      // a route that reads no table
      expectProblem(await call(token, 'GET', '/v1/permissions'), 403, 'permission_missing');
    await put(owner, below, 'permissions', ['role:read']);
    await put(owner, below, 'parents', [role]);
    expect([await reads(empty), await reads(full)]).toEqual([200, 200]);
    await put(owner, below, 'parents', [a.roles.admin]);
    expect([await reads(empty), await reads(full)]).toEqual([403, 403]);
  });

  it('the same holds for who may change roles: an admin made a viewer changes nothing more', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const token = await tokenOf(person.id);
    const { id } = await made(token, { permissions: ['deal:read'], parentIds: [a.roles.admin] });
    await assign(owner, person.id, a.roles.viewer);
    expectProblem(await put(token, id, 'permissions', []), 403, 'permission_missing');
    expectProblem(await assign(token, a.users.viewer.id, id), 403, 'permission_missing');
    expect((await call(owner, 'GET', `/v1/roles/${id}`)).body.permissions).toEqual(['deal:read']);
  });
});

describe('handing the tenant over', () => {
  it('makes the member an owner and the caller an admin, at once', async () => {
    const [first, second] = [await newcomer(db, [b, 'owner']), await newcomer(db, [b, 'viewer'])];
    const [from, to] = [await tokenOf(first.id, 2, b.id), await tokenOf(second.id, 2, b.id)];
    const never = await transfer(from, NEVER);
    expectProblem(never, 404, 'not_found');
    for (const id of [first.id, a.users.admin.id, db.world.nobody.id]) expectSame(await transfer(from, id), id, never);
    for (const odd of [undefined, null, 'admin', [second.id]])
      expectProblem(await transfer(from, odd), 400, 'validation_failed');
    expectProblem(await transfer(to, first.id), 403, 'permission_missing');
    expect((await transfer(from, second.id)).status).toBe(204);
    const now = await db.look<{ user_id: string; role_id: string }>(
      'select user_id, role_id from app.memberships where user_id = any($1)',
      [[first.id, second.id]],
    );
    expect(new Map(now.map((row) => [row.user_id, row.role_id]))).toEqual(
      new Map([
        [first.id, b.roles.admin],
        [second.id, b.roles.owner],
      ]),
    );
    expectProblem(await transfer(from, second.id), 403, 'permission_missing');
    expect((await transfer(to, first.id)).status).toBe(204);
  });

  it('is for owners, whatever permission somebody else was given', async () => {
    const { id } = await made(owner, { permissions: ['tenant:transfer'], parentIds: [a.roles.owner] });
    const person = await newcomer(db, [a, 'viewer']);
    await assign(owner, person.id, id);
    expectProblem(await transfer(await tokenOf(person.id), a.users.viewer.id), 403, 'not_an_owner');
  });
});
