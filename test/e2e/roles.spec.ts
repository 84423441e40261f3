import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { permissionCatalogue } from '../../src/route/index.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { ANY, expectSame, NEVER, roleCalls } from '../support/role-calls.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
const { tokenOf, call, make, made, put, assign } = roleCalls(db, held);
let owner: string;
let viewer: string;

beforeAll(async () => {
  [owner, viewer] = [await tokenOf(a.users.owner.id), await tokenOf(a.users.viewer.id)];
});

const get = (path: string, token = viewer): Promise<Answer> => call(token, 'GET', path);

describe('GET /v1/permissions', () => {
  it('lists every permission that is declared, with what it is for', async () => {
    const { status, body } = await get('/v1/permissions?limit=100');
    const items = permissionCatalogue().map(({ code, description }) => ({ code, description }));
    expect([status, body]).toEqual([200, { items, nextCursor: null }]);
    expect(body.items.map((item: { code: string }) => item.code)).toEqual(
      expect.arrayContaining(['deal:read', 'role:create', 'member:update', 'tenant:transfer']),
    );
  });

  it('lists them in pages, each once', async () => {
    const codes: string[] = [];
    for (let path: string | undefined = '/v1/permissions?limit=7'; path;) {
      const page: Answer = await get(path);
      codes.push(...page.body.items.map(({ code }: { code: string }) => code));
      path = page.body.nextCursor ? `/v1/permissions?limit=7&cursor=${page.body.nextCursor}` : undefined;
    }
    expect(codes).toEqual([...new Set(permissionCatalogue().map(({ code }) => code))].sort());
  });
});

describe('reading roles', () => {
  it('lists the standard roles, oldest first, with what each holds itself and what stands above it', async () => {
    const { status, body } = await get('/v1/roles');
    expect(status).toBe(200);
    const roles = new Map<string, any>(body.items.map((item: { slug: string }) => [item.slug, item]));
    expect(roles.get('owner')).toMatchObject({ id: a.roles.owner, isRoot: true, parentIds: [], name: 'Owner' });
    expect(roles.get('admin')).toMatchObject({ id: a.roles.admin, isRoot: false, parentIds: [a.roles.owner] });
    expect(roles.get('viewer')).toEqual({
      id: a.roles.viewer,
      slug: 'viewer',
      name: 'Viewer',
      isRoot: false,
      parentIds: [a.roles.member],
      permissions: expect.arrayContaining(['deal:read', 'role:read']),
    });
    const ids = body.items.map((item: { id: string }) => item.id);
    expect(ids).toEqual([...ids].sort());
  });

  it('pages through them once each, by a cursor that is good for this tenant and this list only', async () => {
    await made(owner);
    const all = (await get('/v1/roles?limit=100')).body.items;
    const seen: unknown[] = [];
    let path: string | null = '/v1/roles?limit=2';
    for (let n = 0; path && n < 20; n += 1) {
      const page: Answer = await get(path);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.items);
      const next: string | null = page.body.nextCursor;
      expect(/rel="next"/.test(page.headers.get('link') ?? '')).toBe(next !== null);
      path = next && `/v1/roles?limit=2&cursor=${encodeURIComponent(next)}`;
    }
    expect(seen).toEqual(all);
    const cursor = (await get('/v1/roles?limit=1')).body.nextCursor as string;
    const theirs = await tokenOf(b.users.owner.id, 2, b.id);
    expectProblem(await get(`/v1/roles?cursor=${cursor}`, theirs), 400, 'cursor_invalid');
    expectProblem(await get(`/v1/deals?cursor=${cursor}`), 400, 'cursor_invalid');
    expectProblem(await get('/v1/roles?limit=0'), 400, 'validation_failed');
    expectProblem(await get('/v1/roles?slug=admin'), 400, 'validation_failed');
  });

  it('shows one with its version, and another tenant’s as one that never was', async () => {
    const one = await get(`/v1/roles/${a.roles.member}`);
    expect([one.status, one.body.slug, one.headers.get('etag')]).toEqual([200, 'member', '"v1"']);
    const never = await get(`/v1/roles/${NEVER}`);
    expectProblem(never, 404, 'not_found');
    expectSame(await get(`/v1/roles/${b.roles.member}`), b.roles.member, never);
    expect((await get('/v1/roles')).text).not.toContain(b.id);
  });
});

describe('making a role', () => {
  it('answers with it, where it is and its version', async () => {
    const wish = {
      name: 'Sales lead',
      permissions: ['deal:create', 'deal:update'],
      parentIds: [a.roles.admin, a.roles.owner].sort(),
    };
    const answer = await make(owner, wish);
    const { id } = answer.body;
    expect([answer.status, answer.body]).toEqual([201, { ...wish, id, slug: 'sales-lead', isRoot: false }]);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([`/v1/roles/${id}`, '"v1"']);
    expect((await get(`/v1/roles/${id}`)).body).toEqual(answer.body);
    expectProblem(await make(owner, wish), 409, 'already_exists');
    expectProblem(await make(owner, { ...wish, name: 'Other', slug: 'sales-lead' }), 409, 'already_exists');
    const theirs = await tokenOf(b.users.owner.id, 2, b.id); // a slug is taken in one tenant only
    expect((await make(theirs, { ...wish, parentIds: [b.roles.owner] })).status).toBe(201);
  });

  it.each([
    ['a permission that nobody declared', { permissions: ['deal:fly'] }, 400, 'permission_unknown'],
    ['a permission of another form', { permissions: ['everything'] }, 400, 'validation_failed'],
    ['a permission twice', { permissions: ['deal:read', 'deal:read'] }, 400, 'validation_failed'],
    ['null among the permissions', { permissions: [null] }, 400, 'validation_failed'],
    ['permissions that are no list', { permissions: 'deal:read' }, 400, 'validation_failed'],
    ['null for permissions', { permissions: null }, 400, 'validation_failed'],
    ['null for parents', { parentIds: null }, 400, 'validation_failed'],
    ['null among the parents', { parentIds: [null] }, 400, 'validation_failed'],
    ['a field that nobody knows', { isRoot: true }, 400, 'validation_failed'],
    ['a tenant', { tenantId: b.id }, 400, 'validation_failed'],
    ['a name without a letter, and no slug', { name: '☃' }, 400, 'validation_failed'],
    ['a slug with capitals', { slug: 'Lead' }, 400, 'validation_failed'],
    ['no parent', { parentIds: [] }, 422, 'role_without_parent'],
    ['a parent that is not there', { parentIds: [randomUUID()] }, 422, 'role_not_found'],
    ['a parent of another tenant', { parentIds: [b.roles.owner] }, 422, 'role_not_found'],
    ['the slug of a standard role', { slug: 'viewer' }, 409, 'already_exists'],
  ] as const)('refuses %s', async (_, wish, status, code) => {
    const before = await db.look('select id from app.roles');
    expectProblem(await make(owner, wish), status, code);
    expect(await db.look('select id from app.roles')).toEqual(before);
  });
});

describe('changing a role', () => {
  const patch = (id: string, body: unknown, tag = '*'): Promise<Answer> =>
    call(owner, 'PATCH', `/v1/roles/${id}`, body, { 'If-Match': tag });
  const remove = (id: string, tag = '*'): Promise<Answer> =>
    call(owner, 'DELETE', `/v1/roles/${id}`, undefined, { 'If-Match': tag });

  it('renames it, at the version that was read', async () => {
    const { id } = await made(owner);
    const renamed = await patch(id, { name: 'Renamed', slug: 're-named' }, '"v1"');
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(renamed.body).toMatchObject({ id, name: 'Renamed', slug: 're-named', parentIds: [a.roles.admin] });
    expectProblem(await patch(id, { name: 'Late' }, '"v1"'), 412, 'version_mismatch');
    expect((await patch(id, { name: 'In time' }, '"v1", "v2"')).body).toMatchObject({ slug: 're-named' });
    expectProblem(await patch(id, {}), 400, 'validation_failed');
    expectProblem(await patch(id, { permissions: [] }), 400, 'validation_failed');
    expectProblem(await patch(id, { slug: 'admin' }), 409, 'already_exists');
  });

  it('sets what it holds, which makes a new version', async () => {
    const { id } = await made(owner, { permissions: ['deal:read', 'deal:create'] });
    const first = await put(owner, id, 'permissions', ['deal:update', 'deal:read'], { 'If-Match': '"v1"' });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(first.body.permissions).toEqual(['deal:read', 'deal:update']);
    expectProblem(await put(owner, id, 'permissions', [], { 'If-Match': '"v1"' }), 412, 'version_mismatch');
    expectProblem(await put(owner, id, 'permissions', ['deal:fly']), 400, 'permission_unknown');
    for (const odd of [null, [null], 'deal:read', {}, ['deal:read', 'deal:read'], [['deal:read']]])
      expectProblem(await put(owner, id, 'permissions', odd), 400, 'validation_failed');
    expect((await get(`/v1/roles/${id}`)).body.permissions).toEqual(['deal:read', 'deal:update']);
    expect((await put(owner, id, 'permissions', [])).body.permissions).toEqual([]);
  });

  it('sets what stands above it, and closes no circle', async () => {
    const { id: top } = await made(owner);
    const { id: below } = await made(owner, { parentIds: [top] });
    const moved = await put(owner, below, 'parents', [a.roles.member, top]);
    expect([moved.status, moved.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(moved.body.parentIds).toEqual([a.roles.member, top].sort());
    expectProblem(await put(owner, top, 'parents', [below]), 409, 'role_cycle');
    expectProblem(await put(owner, top, 'parents', [top]), 409, 'role_cycle');
    expectProblem(await put(owner, top, 'parents', []), 422, 'role_without_parent');
    expectProblem(await put(owner, top, 'parents', [b.roles.owner]), 422, 'role_not_found');
    for (const odd of [null, [null], [top, top], 'x', [a.roles.owner, 'x']])
      expectProblem(await put(owner, below, 'parents', odd), 400, 'validation_failed');
    expect((await get(`/v1/roles/${top}`)).body.parentIds).toEqual([a.roles.admin]);
  });

  it('deletes one that nobody has; what stood below it stands below its parents, as a new version', async () => {
    const { id: top } = await made(owner);
    const { id: below } = await made(owner, { parentIds: [top] });
    expect([(await remove(top, '"v1"')).status, (await get(`/v1/roles/${top}`)).status]).toEqual([204, 404]);
    expectProblem(await remove(top), 404, 'not_found');
    const left = await get(`/v1/roles/${below}`);
    expect([left.body.parentIds, left.headers.get('etag')]).toEqual([[a.roles.admin], '"v2"']);
    const person = await newcomer(db, [a, 'viewer']);
    expect((await assign(owner, person.id, below)).status).toBe(204);
    expectProblem(await remove(below), 409, 'role_in_use');
    expect((await assign(owner, person.id, a.roles.viewer)).status).toBe(204);
    expect((await remove(below)).status).toBe(204);
  });

  it('never the owner role', async () => {
    const { owner: root } = a.roles;
    expectProblem(await patch(root, { name: 'King' }), 403, 'root_role_immutable');
    expectProblem(await put(owner, root, 'permissions', []), 403, 'root_role_immutable');
    expectProblem(await put(owner, root, 'parents', [a.roles.admin]), 403, 'root_role_immutable');
    expectProblem(await remove(root), 403, 'root_role_immutable');
  });

  it.each([
    ['PATCH', '', { name: 'X' }],
    ['PUT', '/permissions', { permissions: [] }],
    ['PUT', '/parents', { parentIds: [a.roles.admin] }],
    ['DELETE', '', undefined],
  ])('asks for the version that was read, and finds no role of another tenant: %s %s', async (method, sub, body) => {
    const at = (id: string, headers = {}) => call(owner, method, `/v1/roles/${id}${sub}`, body, headers);
    expectProblem(await at(a.roles.viewer), 428, 'if_match_required');
    for (const tag of ['"v77"', 'W/"v1"', '"v1', 'nonsense'])
      expectProblem(await at(a.roles.viewer, { 'If-Match': tag }), 412, 'version_mismatch');
    const never = await at(NEVER, ANY);
    expectProblem(never, 404, 'not_found');
    expectSame(await at(b.roles.viewer, ANY), b.roles.viewer, never);
  });
});
