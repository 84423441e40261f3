import { beforeAll, describe, expect, it } from '@jest/globals';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { PermissionGuard } from '../../src/pipeline/05-permission.guard.js';
import { type Answer, startApp, type TestApp, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { LEADS_RIGHTS, useRoleCast } from '../support/role-cast.js';
import { ANY, roleCalls } from '../support/role-calls.js';
import { readRoleGraph } from '../support/role-graph.js';

/*
 * Over HTTP, as a lead who may change roles and who has them: every way to more than one has. Whatever is refused changes
 * nothing. What the functions do with arguments that no controller lets through is in isolation/hostile-role-arguments.
 */

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const { role, who } = useRoleCast(db);
const { tokenOf, call, make, made, put, assign, transfer } = roleCalls(db, held);
let lead: string;
let unguarded: TestApp;

beforeAll(async () => {
  lead = await tokenOf(who['lead']!.person.id);
  const always = { canActivate: () => true };
  unguarded = await startApp(db, {}, (builder) =>
    builder.overrideProvider(AssuranceGuard).useValue(always).overrideProvider(PermissionGuard).useValue(always),
  );
});

/** It is refused so, and roles, what they hold and who has them are as before. */
async function expectRefusal(work: () => Promise<Answer>, status: number, code: string): Promise<Answer> {
  const state = async () => [await readRoleGraph(db, a), await db.look('select * from app.memberships order by 1, 2')];
  const before = await state();
  const answer = await work();
  expectProblem(answer, status, code);
  expect(await state()).toEqual(before);
  return answer;
}

describe('giving out what one lacks', () => {
  it.each([
    ['in a new role', () => make(lead, { permissions: ['deal:read', 'deal:delete'], parentIds: [role.lead] })],
    ['in a role below', () => put(lead, role.sub, 'permissions', ['deal:read', 'deal:delete'])],
  ])('%s', async (_, work) => {
    const refused = await expectRefusal(work, 403, 'permission_not_held');
    expect(refused.body.missingPermission).toBe('deal:delete');
  });

  it('leaves what was there before to whoever lacks it: one may keep it, take it away, and not put it back', async () => {
    const { id } = await made(lead, { permissions: ['deal:read'], parentIds: [role.lead] });
    expect((await put(lead, id, 'permissions', [])).status).toBe(200);
    await db.look(`delete from app.role_permissions where permission = 'deal:read' and role_id = any($1)`, [
      [role.lead, role.sub],
    ]);
    await expectRefusal(() => put(lead, id, 'permissions', ['deal:read']), 403, 'permission_not_held');
    await db.look(`insert into app.role_permissions values ($1, $2, 'deal:read'), ($1, $3, 'deal:read')`, [
      a.id,
      role.lead,
      role.sub,
    ]);
  });
});

describe('reaching a role that is not below', () => {
  const targets = { own: () => role.lead, beside: () => role.peer, above: () => a.roles.admin };
  it.each(Object.entries(targets))(
    '%s: it is neither changed, nor deleted, nor a place for a new one',
    async (where, id) => {
      const path = `/v1/roles/${id()}`;
      const not = [403, 'role_not_below'] as const;
      await expectRefusal(() => call(lead, 'PATCH', path, { name: 'Mine' }, ANY), ...not);
      await expectRefusal(() => put(lead, id(), 'permissions', LEADS_RIGHTS), ...not);
      await expectRefusal(() => put(lead, id(), 'parents', [a.roles.owner]), ...not);
      await expectRefusal(() => put(lead, id(), 'parents', [role.leaf]), ...not);
      await expectRefusal(() => call(lead, 'DELETE', path, undefined, ANY), ...not);
      if (where === 'own') return; // there one may make a role
      await expectRefusal(() => make(lead, { parentIds: [id()] }), ...not);
      await expectRefusal(() => put(lead, role.leaf, 'parents', [role.sub, id()]), ...not);
    },
  );

  it('the root: for its owner neither', async () => {
    const token = await tokenOf(a.users.owner.id);
    const path = `/v1/roles/${a.roles.owner}`;
    for (const one of [lead, token])
      await expectRefusal(() => call(one, 'PATCH', path, { name: 'X' }, ANY), 403, 'root_role_immutable');
    await expectRefusal(() => put(token, a.roles.admin, 'parents', [role.leaf]), 409, 'role_cycle');
  });

  it('a parent that is out of reach is not taken away', () =>
    expectRefusal(() => put(lead, role.shared, 'parents', [role.lead]), 403, 'role_not_below'));

  it('a standard role’s slug, which brings what new versions of the software bring', async () => {
    await expectRefusal(() => make(lead, { slug: 'admin', parentIds: [role.lead] }), 409, 'role_slug_reserved');
    const path = `/v1/roles/${role.sub}`;
    await expectRefusal(() => call(lead, 'PATCH', path, { slug: 'owner' }, ANY), 409, 'role_slug_reserved');
  });
});

describe('assigning', () => {
  const cases: [string, () => string, () => string][] = [
    ['oneself, up', () => who['lead']!.person.id, () => a.roles.admin],
    ['oneself, to what one made', () => who['lead']!.person.id, () => role.sub],
    ['somebody to one’s own role', () => who['sub']!.person.id, () => role.lead],
    ['somebody above it', () => who['sub']!.person.id, () => a.roles.owner],
    ['somebody beside it', () => who['sub']!.person.id, () => role.peer],
    ['somebody from beside', () => who['peer']!.person.id, () => role.sub],
    ['somebody of one’s own role', () => who['unsure']!.person.id, () => role.sub],
    ['an owner', () => a.users.owner.id, () => role.sub],
  ];
  it.each(cases)('%s', (_, person, to) => expectRefusal(() => assign(lead, person(), to()), 403, 'role_not_below'));

  it('an owner, by an owner, or oneself, or a second one', async () => {
    const token = await tokenOf(a.users.owner.id);
    await expectRefusal(() => assign(token, a.users.owner.id, a.roles.admin), 403, 'role_not_below');
    await expectRefusal(() => assign(token, a.users.admin.id, a.roles.owner), 403, 'role_not_below');
    await expectRefusal(() => transfer(token, a.users.owner.id), 404, 'not_found');
    const spare = await tokenOf(who['spare']!.person.id);
    await expectRefusal(() => transfer(spare, who['sub']!.person.id), 403, 'not_an_owner');
  });

  it('two who work together rise no higher than the higher of them', async () => {
    const accomplice = await tokenOf(who['sub']!.person.id);
    const { id } = await made(lead, { permissions: LEADS_RIGHTS, parentIds: [role.lead] });
    expect((await assign(lead, who['sub']!.person.id, id)).status).toBe(204);
    await expectRefusal(() => assign(accomplice, who['lead']!.person.id, id), 403, 'role_not_below');
    await expectRefusal(() => put(accomplice, role.lead, 'permissions', LEADS_RIGHTS), 403, 'role_not_below');
    await expectRefusal(() => put(accomplice, id, 'permissions', ['deal:delete']), 403, 'role_not_below');
    await expectRefusal(
      () => make(accomplice, { permissions: ['deal:delete'], parentIds: [id] }),
      403,
      'permission_not_held',
    );
    expect((await assign(lead, who['sub']!.person.id, role.sub)).status).toBe(204);
  });
});

describe('with the guards taken out, the database alone', () => {
  const doors: [string, string, unknown, string][] = [
    ['POST', '/v1/roles', { name: 'X', permissions: [], parentIds: [a.roles.viewer] }, 'role:create'],
    ['PATCH', `/v1/roles/${a.roles.viewer}`, { name: 'X' }, 'role:update'],
    ['PUT', `/v1/roles/${a.roles.viewer}/permissions`, { permissions: [] }, 'role:update'],
    ['PUT', `/v1/roles/${a.roles.viewer}/parents`, { parentIds: [a.roles.member] }, 'role:update'],
    ['DELETE', `/v1/roles/${a.roles.viewer}`, undefined, 'role:delete'],
    ['PATCH', `/v1/members/${a.users.viewer.id}`, { roleId: a.roles.viewer }, 'member:update'],
    ['POST', '/v1/tenants/current/transfer-ownership', { userId: a.users.viewer.id }, 'tenant:transfer'],
  ];

  it.each(doors)(
    'asks for the right and the second factor, as the guards do: %s %s',
    async (method, path, body, right) => {
      const member = await tokenOf(a.users.member.id);
      const low = await tokenOf(a.users.owner.id, 1);
      for (const app of [held.app, unguarded]) {
        const as = (token: string) => () => app.call(method, path, { token, body, headers: ANY });
        const refused = await expectRefusal(as(member), 403, 'permission_missing');
        expect(refused.body.missingPermission).toBe(right);
        const unsure = await expectRefusal(as(low), 403, 'aal2_required');
        expect(unsure.body.requiredAal).toBe('aal2');
      }
    },
  );

  it('knows no token of another tenant here', async () => {
    const theirs = await tokenOf(b.users.owner.id, 2, b.id);
    for (const [method, path, body] of doors.slice(1)) {
      const headers = { ...ANY, 'X-Tenant-Id': a.id, 'X-Tenant': a.slug };
      await expectRefusal(() => unguarded.call(method, path, { token: theirs, body, headers }), 404, 'not_found');
    }
  });
});
