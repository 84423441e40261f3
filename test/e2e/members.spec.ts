import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { type Tokens, useApp } from '../support/app.js';
import { authCalls } from '../support/auth-calls.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newcomer } from '../support/people.js';
import { expectProblem, told } from '../support/problem.js';
import { join, type Person, type Tenant } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b, both, nobody } = db.world;
const { deals, me, refresh, login } = authCalls(held);
let admin: string;

const list = (token: string, query = '') => held.app.call('GET', `/v1/members${query}`, { token });
const heir = (id?: string): string => (id === undefined ? '' : `?heirId=${id}`);
const remove = (userId: string, heirId?: string, token = admin) =>
  held.app.call('DELETE', `/v1/members/${userId}${heir(heirId)}`, { token });
const leave = (token: string, heirId?: string) => held.app.call('DELETE', `/v1/members/me${heir(heirId)}`, { token });
const session = (person: Person, tenant: Tenant = a, aal: 1 | 2 = 1): Promise<Tokens> =>
  grantTo(held.app, db, person.id, { tenant: tenant.id, aal });
const tokenOf = async (...args: Parameters<typeof session>): Promise<string> => (await session(...args)).accessToken;

const membership = (person: Person, tenant: Tenant = a) =>
  db.look('select role_id from app.memberships where tenant_id = $1 and user_id = $2', [tenant.id, person.id]);

/** A deal of each visibility, made over HTTP. @returns their ids */
async function makeDeals(token: string): Promise<string[]> {
  const made = ['private', 'controlled', 'public'].map((visibility) =>
    held.app.call('POST', '/v1/deals', {
      token,
      body: { title: visibility, amount: '1', currency: 'EUR', visibility },
    }),
  );
  return (await Promise.all(made)).map(({ body }) => body.id as string);
}

const ownersOf = (ids: string[]) =>
  db.look('select distinct owner_id, owner_role_id, tenant_id from app.deals where id = any($1)', [ids]);

/** Somebody with a role of their own below the admin's, which holds nothing at all. */
async function withoutRights(): Promise<Person> {
  const person = await newcomer(db, [a, 'viewer']);
  await db.service(async (client) => {
    const [role] = await client.query<{ id: string }>(
      `insert into app.roles (tenant_id, slug, name) values ($1, $2, 'Guest') returning id`,
      [a.id, `guest-${randomBytes(4).toString('hex')}`],
    );
    await client.query('insert into app.role_edges (tenant_id, parent_id, child_id) values ($1, $2, $3)', [
      a.id,
      a.roles.admin,
      role?.id,
    ]);
    await client.query('update app.memberships set role_id = $3 where tenant_id = $1 and user_id = $2', [
      a.id,
      person.id,
      role?.id,
    ]);
  });
  return person;
}

beforeAll(async () => {
  admin = await tokenOf(a.users.admin, a, 2);
});

describe('the list of members', () => {
  it('shows profile, role and status of every member here, to every standard role', async () => {
    const token = await tokenOf(a.users.viewer);
    const { status, body } = await list(token);
    expect([status, body.nextCursor]).toEqual([200, null]);
    const expected = [...Object.values(a.users), both].sort((one, other) => (one.id < other.id ? -1 : 1));
    expect(body.items.map(({ userId }: { userId: string }) => userId)).toEqual(expected.map(({ id }) => id));
    expect(body.items.find(({ userId }: { userId: string }) => userId === a.users.owner.id)).toEqual({
      userId: a.users.owner.id,
      fullName: a.users.owner.email,
      email: a.users.owner.email,
      role: { id: a.roles.owner, slug: 'owner', name: 'Owner' },
      status: 'active',
      joinedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('shows the same person under the role that they have there', async () => {
    const roles = [];
    for (const tenant of [a, b]) {
      const { body } = await list(await tokenOf(both, tenant));
      roles.push(body.items.find(({ userId }: { userId: string }) => userId === both.id).role.id);
    }
    expect(roles).toEqual([a.roles.member, b.roles.viewer]);
  });

  it('comes in pages and by role, and a cursor is good for one of them', async () => {
    const whole = (await list(admin, '?limit=100')).body.items;
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { body: { items: unknown[]; nextCursor: string | null }; headers: Headers } = await list(
        admin,
        `?limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
      expect(page.headers.get('link') === null).toBe(cursor === null);
    }
    expect(seen).toEqual(whole);
    const members = (await list(admin, `?roleId=${a.roles.member}`)).body.items;
    expect(members.map(({ userId }: { userId: string }) => userId).sort()).toEqual([a.users.member.id, both.id].sort());
    const { nextCursor } = (await list(admin, '?limit=1')).body;
    expectProblem(await list(admin, `?limit=1&roleId=${a.roles.member}&cursor=${nextCursor}`), 400, 'cursor_invalid');
    expectProblem(await list(await tokenOf(b.users.owner, b), `?cursor=${nextCursor}`), 400, 'cursor_invalid');
    for (const query of ['?roleId=x', '?limit=101', '?x=1', `?roleId=${a.roles.member}&roleId=${a.roles.viewer}`])
      expectProblem(await list(admin, query), 400);
  });

  it('finds nobody by a role of another tenant, as by one that never existed', async () => {
    const [foreign, random] = [
      await list(admin, `?roleId=${b.roles.viewer}`),
      await list(admin, `?roleId=${randomUUID()}`),
    ];
    expect(foreign.body).toEqual({ items: [], nextCursor: null });
    expect(told(foreign)).toEqual(told(random));
  });

  it('is for members whose role may see it', async () => {
    expectProblem(await list(await tokenOf(await withoutRights())), 403, 'permission_missing');
    expectProblem(await list((await grantTo(held.app, db, nobody.id)).accessToken), 403, 'tenant_required');
  });
});

describe('removing a member', () => {
  it('does not pass by a condition that nobody compares: 412, and they are there', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    for (const [method, body] of [['DELETE'], ['PATCH', { roleId: a.roles.member }]] as const) {
      const call = { token: admin, headers: { 'If-Match': '"v1"' }, ...(body ? { body } : {}) };
      expectProblem(await held.app.call(method, `/v1/members/${person.id}`, call), 412, 'version_mismatch');
    }
    expect(await membership(person)).toEqual([{ role_id: a.roles.viewer }]);
    const any = { token: admin, headers: { 'If-Match': '*' } };
    expect((await held.app.call('DELETE', `/v1/members/${person.id}`, any)).status).toBe(204);
  });

  it('ends what they have open here at once, and nothing elsewhere', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const [here, other, there] = [await session(person), await session(person), await session(person, b)];
    expect((await deals(here.accessToken)).status).toBe(200);
    const answer = await remove(person.id);
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const dead of [here, other]) {
      expectProblem(await deals(dead.accessToken), 401, 'session_ended');
      expectProblem(await me(dead.accessToken), 401, 'session_ended');
      expectProblem(await refresh(dead.refreshToken), 401, 'refresh_token_invalid');
    }
    expect((await deals(there.accessToken)).status).toBe(200);
    expect((await me(there.accessToken)).body.tenants).toMatchObject([{ slug: 'beta' }]);
    expectProblem(await login(person.email, { tenant: 'alpha' }), 403, 'not_a_member');
    for (const table of ['app.memberships', 'app.profiles', 'auth.sessions', 'auth.capabilities'])
      expect(await db.look(`select from ${table} where tenant_id = $1 and user_id = $2`, [a.id, person.id])).toEqual(
        [],
      );
  });

  it('takes the permission, AAL2, and a role above theirs', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    expectProblem(await remove(person.id, undefined, await tokenOf(a.users.admin)), 403, 'aal2_required');
    for (const role of ['member', 'viewer'] as const) {
      const refused = await remove(person.id, undefined, await tokenOf(a.users[role], a, 2));
      expectProblem(refused, 403, 'permission_missing');
      expect(refused.body.missingPermission).toBe('member:delete');
    }
    const peer = await newcomer(db, [a, 'admin']);
    for (const above of [peer, a.users.owner, a.users.admin])
      expectProblem(await remove(above.id, a.users.member.id), 403, 'role_not_below');
    for (const one of [person, peer, a.users.owner]) expect(await membership(one)).toHaveLength(1);
    expect((await remove(peer.id, undefined, await tokenOf(a.users.owner, a, 2))).status).toBe(204);
  });

  it('treats somebody of another tenant exactly as nobody', async () => {
    const seen = async (userId: string): Promise<unknown> => {
      const answer = await remove(userId);
      expectProblem(answer, 404, 'not_found');
      return { ...(told(answer) as { body: object }).body, instance: '' }; // which names the id
    };
    const random = await seen(randomUUID());
    for (const { id } of [b.users.viewer, nobody]) expect(await seen(id)).toEqual(random);
    expect(await membership(b.users.viewer, b)).toHaveLength(1);
    for (const path of ['x', "'", '%00']) expect((await remove(path)).status).toBe(400);
  });

  it('is refused while they own a record and no heir is named, and leaves everything as it was', async () => {
    const person = await newcomer(db, [a, 'member']);
    const tokens = await session(person);
    const ids = await makeDeals(tokens.accessToken);
    expectProblem(await remove(person.id), 409, 'member_owns_records');
    expect(await ownersOf(ids)).toEqual([{ owner_id: person.id, owner_role_id: a.roles.member, tenant_id: a.id }]);
    expect((await deals(tokens.accessToken)).status).toBe(200);
  });

  it('gives all that they own here to the heir, what is private too, and nothing of elsewhere', async () => {
    const person = await newcomer(db, [a, 'member'], [b, 'member']);
    const next = await newcomer(db, [a, 'viewer'], [b, 'viewer']);
    const here = await makeDeals(await tokenOf(person));
    const there = await makeDeals(await tokenOf(person, b));
    expect((await remove(person.id, next.id)).status).toBe(204);
    expect(await ownersOf(here)).toEqual([{ owner_id: next.id, owner_role_id: a.roles.viewer, tenant_id: a.id }]);
    expect(await ownersOf(there)).toEqual([{ owner_id: person.id, owner_role_id: b.roles.member, tenant_id: b.id }]);
    for (const id of here)
      expect((await held.app.call('GET', `/v1/deals/${id}`, { token: await tokenOf(next) })).status).toBe(200);
  });

  it('takes an active member of this tenant for an heir, and nobody else', async () => {
    const person = await newcomer(db, [a, 'member']);
    const ids = await makeDeals(await tokenOf(person));
    const suspended = await newcomer(db, [a, 'member']);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [suspended.id]);
    const answers = [];
    for (const heirId of [b.users.owner.id, nobody.id, randomUUID(), suspended.id, person.id]) {
      const refused = await remove(person.id, heirId);
      expectProblem(refused, 422, 'heir_not_a_member');
      answers.push(told(refused));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    for (const query of ['?heirId=x', '?heirId=', '?heir=x', `?heirId=${both.id}&heirId=${both.id}`])
      expectProblem(await held.app.call('DELETE', `/v1/members/${person.id}${query}`, { token: admin }), 400);
    const path = `/v1/members/${person.id}`;
    expectProblem(await held.app.call('DELETE', path, { token: admin, body: { heirId: both.id } }), 400);
    expect(await ownersOf(ids)).toMatchObject([{ owner_id: person.id }]);
  });

  it('removes who is suspended, and who may do nothing', async () => {
    const suspended = await newcomer(db, [a, 'member']);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [suspended.id]);
    for (const { id } of [suspended, await withoutRights()]) expect((await remove(id)).status).toBe(204);
  });

  it('takes the invitations that they made, and no others', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const plant = `insert into app.invitations (tenant_id, email, role_id, invited_by, token_hash) values ($1, $2, $3, $4, $5)`;
    const owner = await db.as('admin');
    for (const [tenant, by, email] of [
      [a, person.id, 'theirs@example.com'],
      [a, a.users.admin.id, 'other@example.com'],
    ] as const)
      await owner.query(plant, [tenant.id, email, tenant.roles.viewer, by, randomBytes(32)]);
    expect((await remove(person.id, undefined, await tokenOf(a.users.owner, a, 2))).status).toBe(204);
    const { rows } = await owner.query<{ email: string }>('select email from app.invitations');
    expect(rows).toEqual([{ email: 'other@example.com' }]);
  });
});

describe('leaving', () => {
  it('takes no permission and no second factor, and ends what one has open here', async () => {
    const person = await withoutRights();
    await db.service((client) => join(client, b.id, b.roles.viewer, person));
    const [here, there] = [await session(person), await session(person, b)];
    const left = await leave(here.accessToken);
    expect([left.status, left.text]).toEqual([204, '']);
    expectProblem(await deals(here.accessToken), 401, 'session_ended');
    expectProblem(await refresh(here.refreshToken), 401, 'refresh_token_invalid');
    expectProblem(await leave(here.accessToken), 401, 'session_ended');
    expect((await deals(there.accessToken)).status).toBe(200);
    expect(await membership(person)).toEqual([]);
    expect(await membership(person, b)).toHaveLength(1);
  });

  it('needs a tenant, and a session', async () => {
    expectProblem(await leave((await grantTo(held.app, db, nobody.id)).accessToken), 403, 'tenant_required');
    expectProblem(await held.app.call('DELETE', '/v1/members/me'), 401);
  });

  it('needs an heir for whoever owns a record', async () => {
    const person = await newcomer(db, [a, 'member']);
    const unsure = await tokenOf(person);
    const ids = await makeDeals(unsure);
    expectProblem(await leave(unsure), 409, 'member_owns_records');
    expectProblem(await leave(unsure, both.id), 403, 'aal2_required'); // a stolen password hands nothing over
    const token = await tokenOf(person, a, 2);
    for (const heirId of [person.id, b.users.owner.id, randomUUID()])
      expectProblem(await leave(token, heirId), 422, 'heir_not_a_member');
    expect((await deals(token)).status).toBe(200);
    expect((await leave(token, both.id)).status).toBe(204);
    expect(await ownersOf(ids)).toEqual([{ owner_id: both.id, owner_role_id: a.roles.member, tenant_id: a.id }]);
  });

  it('is refused to the last owner, whoever else there is, and nothing of it stays', async () => {
    const token = await tokenOf(a.users.owner, a, 2);
    const before = await db.look('select from app.deals where owner_id = $1', [a.users.owner.id]);
    expect(before.length).toBeGreaterThan(0);
    expectProblem(await leave(token, a.users.admin.id), 409, 'last_owner');
    expect((await deals(token)).status).toBe(200);
    expect(await db.look('select from app.deals where owner_id = $1', [a.users.owner.id])).toHaveLength(before.length);
  });

  it('is open to an owner beside whom there is another', async () => {
    const second = await newcomer(db, [a, 'owner']);
    const suspended = await newcomer(db, [a, 'owner']);
    expect((await leave(await tokenOf(second))).status).toBe(204);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [suspended.id]);
    expectProblem(await leave(await tokenOf(a.users.owner, a, 2), a.users.admin.id), 409, 'last_owner');
    await db.look('delete from app.memberships where user_id = $1', [suspended.id]);
  });

  it('waits for the second factor where the tenant demands one', async () => {
    const person = await newcomer(db, [a, 'viewer']);
    const token = await tokenOf(person);
    await db.look('update app.tenants set min_aal = 2 where id = $1', [a.id]);
    expectProblem(await leave(token), 403, 'aal2_required');
    expect((await leave(await tokenOf(person, a, 2))).status).toBe(204);
    await db.look('update app.tenants set min_aal = 1 where id = $1', [a.id]);
  });
});

describe('coming back', () => {
  it('makes a member as new: what was open before stays ended, what was handed over stays there', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const old = await session(person);
    const ids = await makeDeals(old.accessToken);
    expect((await remove(person.id, both.id, await tokenOf(a.users.owner, a, 2))).status).toBe(204);
    await db.service((client) => join(client, a.id, a.roles.viewer, person));
    expectProblem(await deals(old.accessToken), 401, 'session_ended');
    expectProblem(await refresh(old.refreshToken), 401, 'refresh_token_invalid');
    const fresh = await login(person.email, { tenant: 'alpha' });
    expect(fresh.body).toMatchObject({ tenant: { id: a.id, role: 'viewer' } });
    expect((await deals(fresh.body.accessToken)).status).toBe(200);
    expect(await ownersOf(ids)).toMatchObject([{ owner_id: both.id }]);
    expect((await remove(person.id)).status).toBe(204);
  });
});
