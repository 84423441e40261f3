import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger, Module, Post } from '@nestjs/common';
import type { Client } from 'pg';
import { Audited, defineAuditActions, OperatorOnly, SessionOnly } from '../../src/route/index.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import type { Call } from '../support/call.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newOperator } from '../support/operators.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const { a, b } = db.world;
const INSTALLATION = '00000000-0000-0000-0000-000000000000';
const ANY = { headers: { 'If-Match': '*' } };
const Planted = defineAuditActions('planted', { done: 'Planted by a test' });

/** Routes that forget to record, outside the tenant's transaction. */
@Controller('v1/planted')
class ForgetfulController {
  @Post('session')
  @SessionOnly()
  @Audited(Planted.done)
  session(): void {}

  @Post('operator')
  @OperatorOnly()
  @Audited(Planted.done)
  operator(): void {}
}
@Module({ controllers: [ForgetfulController] })
class ForgetfulModule {}

interface Change {
  type: string;
  id: string;
  op: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  personal: string | null;
}

interface Entry {
  tenantId: string;
  actorType: string;
  actorId: string | null;
  sessionId: string | null;
  action: string;
  targetType: string | null;
  targetId: string | null;
  requestId: string | null;
  details: Record<string, unknown> | null;
  personal: string | null;
  changes: Change[];
}

let app: TestApp;
let admin: Client;
let owner: string;
let operator: { id: string; token: string };

beforeAll(async () => {
  app = await startApp(db, {}, undefined, [ForgetfulModule]);
  admin = await db.as('admin');
  owner = (await grantTo(app, db, a.users.owner.id, { aal: 2 })).accessToken;
  const { id } = await newOperator(db);
  operator = { id, token: (await grantTo(app, db, id, { aal: 2 })).accessToken };
});

const logs = async (): Promise<{ id: string; entry: Entry }[]> =>
  (
    await admin.query<{ id: string; entry: Entry }>(
      `select l.id, app.audit_document(l) as entry from app.audit_log l where l.outcome = 'success' order by l.at, l.n`,
    )
  ).rows;

/** What one call that succeeded leaves behind, in every log there is. */
async function left(
  method: string,
  path: string,
  { status = 204, ...call }: Call & { status?: number } = {},
): Promise<{ answer: Answer; entries: Entry[] }> {
  const known = new Set((await logs()).map(({ id }) => id));
  const answer = await app.call(method, path, { token: owner, ...call });
  expect([answer.status, answer.text]).toEqual([status, expect.anything()]);
  const entries = (await logs()).filter(({ id }) => !known.has(id)).map(({ entry }) => entry);
  for (const { requestId, personal } of entries) {
    expect(requestId).toBe(answer.headers.get('x-request-id'));
    expect(personal).toMatch(/^[0-9a-f]{64}$/);
  }
  return { answer, entries };
}

/** The one entry of a call of the owner's. */
async function one(action: string, ...call: Parameters<typeof left>): Promise<{ id: string; entry: Entry }> {
  const { answer, entries } = await left(...call);
  expect(entries.map((entry) => entry.action)).toEqual([action]);
  expect(entries[0]).toMatchObject({ tenantId: a.id, actorType: 'user', outcome: 'success', code: null, count: 1 });
  return { id: answer.body?.id as string, entry: entries[0] as Entry };
}

/** Kind, operation, before and after, without those that do not matter to a test. */
const changed = ({ changes }: Entry, type: string): unknown[] =>
  changes.filter((change) => change.type === type).map(({ op, before, after }) => [op, before, after]);

describe('roles', () => {
  let id: string;
  const path = (): string => `/v1/roles/${id}`;

  it('made: with what it holds and stands below', async () => {
    const body = { name: 'Clerk', permissions: ['deal:read', 'deal:create'], parentIds: [a.roles.owner] };
    const { entry, id: made } = await one('role.created', 'POST', '/v1/roles', { body, status: 201 });
    id = made;
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'role', targetId: id, details: null });
    expect(entry.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(entry.changes.every((change) => change.id === id)).toBe(true);
    expect(changed(entry, 'role')).toHaveLength(4);
    for (const after of [
      expect.objectContaining({ name: 'Clerk', slug: 'clerk' }),
      { permissions: ['deal:read'] },
      { permissions: ['deal:create'] },
      { parents: [a.roles.owner] },
    ])
      expect(changed(entry, 'role')).toContainEqual(['insert', null, after]);
  });

  it('renamed: the column that changed, and no other', async () => {
    const { entry } = await one('role.updated', 'PATCH', path(), {
      body: { name: 'Book-keeper' },
      status: 200,
      ...ANY,
    });
    expect(entry).toMatchObject({ targetType: 'role', targetId: id });
    expect(changed(entry, 'role')).toEqual([['update', { name: 'Clerk' }, { name: 'Book-keeper' }]]);
  });

  it('given other permissions: what went and what came', async () => {
    const body = { permissions: ['deal:read', 'deal:update'] };
    const { entry } = await one('role.permissions_set', 'PUT', `${path()}/permissions`, { body, status: 200, ...ANY });
    expect(entry).toMatchObject({ targetType: 'role', targetId: id });
    expect(new Set(changed(entry, 'role'))).toEqual(
      new Set([
        ['delete', { permissions: ['deal:create'] }, null],
        ['insert', null, { permissions: ['deal:update'] }],
      ]),
    );
  });

  it('placed below others', async () => {
    const body = { parentIds: [a.roles.admin] };
    const { entry } = await one('role.parents_set', 'PUT', `${path()}/parents`, { body, status: 200, ...ANY });
    expect(entry).toMatchObject({ targetType: 'role', targetId: id });
    expect(new Set(changed(entry, 'role'))).toEqual(
      new Set([
        ['delete', { parents: [a.roles.owner] }, null],
        ['insert', null, { parents: [a.roles.admin] }],
      ]),
    );
  });

  it('deleted: what it was', async () => {
    const { entry } = await one('role.deleted', 'DELETE', path(), ANY);
    expect(entry).toMatchObject({ targetType: 'role', targetId: id });
    expect(changed(entry, 'role')).toContainEqual(['delete', expect.objectContaining({ name: 'Book-keeper' }), null]);
    expect(changed(entry, 'role')).toContainEqual(['delete', { permissions: ['deal:update'] }, null]);
  });
});

describe('members and the tenant', () => {
  it('another role', async () => {
    const { id } = await newcomer(db, [a, 'member']);
    const body = { roleId: a.roles.viewer };
    const { entry } = await one('member.role_assigned', 'PATCH', `/v1/members/${id}`, { body });
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'member', targetId: id });
    expect(changed(entry, 'member')).toEqual([['update', { roleId: a.roles.member }, { roleId: a.roles.viewer }]]);
  });

  it('removed: what they had goes to the heir, and no name or address stands in the entry', async () => {
    const { id, email } = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency, visibility)
       values ($1, $2, $3, 'Left behind', 1, 'EUR', 'public')`,
      [a.id, id, a.roles.member],
    );
    const heirId = a.users.owner.id;
    const { entry } = await one('member.removed', 'DELETE', `/v1/members/${id}?heirId=${heirId}`);
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'member', targetId: id, details: { heirId } });
    expect(changed(entry, 'member')).toContainEqual(['delete', { roleId: a.roles.member, status: 'active' }, null]);
    expect(changed(entry, 'deal')).toMatchObject([['update', { ownerId: id }, { ownerId: heirId }]]);
    expect(entry.changes.filter(({ personal }) => personal)).toHaveLength(1); // the profile
    expect(JSON.stringify(entry)).not.toContain(email);
  });

  it('left: by whom is no member any more when it is committed', async () => {
    const { id } = await newcomer(db, [a, 'viewer']);
    const { accessToken: token } = await grantTo(app, db, id, { tenant: a.slug });
    const { entry } = await one('member.left', 'DELETE', '/v1/members/me', { token });
    expect(entry).toMatchObject({ actorId: id, targetType: 'member', targetId: id, details: null });
    expect(entry.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(changed(entry, 'member')).toContainEqual(['delete', { roleId: a.roles.viewer, status: 'active' }, null]);
  });

  it('not left: the last owner’s refusal leaves nothing that says they did', async () => {
    const { entries } = await left('DELETE', `/v1/members/me?heirId=${a.users.admin.id}`, { status: 409 });
    expect(entries).toEqual([]);
  });

  it('the tenant renamed', async () => {
    const body = { name: 'Alpha & Co', settings: { sessionHours: 8 } };
    const { entry } = await one('tenant.updated', 'PATCH', '/v1/tenants/current', { body, status: 200, ...ANY });
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'tenant', targetId: a.id });
    expect(changed(entry, 'tenant')).toEqual([
      ['update', { name: 'Tenant alpha', sessionHours: null }, { name: 'Alpha & Co', sessionHours: '8' }],
    ]);
  });

  it('ownership handed over', async () => {
    const { id } = await newcomer(db, [a, 'member']);
    const path = '/v1/tenants/current/transfer-ownership';
    const { entry } = await one('tenant.ownership_transferred', 'POST', path, { body: { userId: id } });
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'tenant', targetId: a.id });
    expect(entry.details).toEqual({ ownerId: id });
    expect(new Set(changed(entry, 'member'))).toEqual(
      new Set([
        ['update', { roleId: a.roles.member }, { roleId: a.roles.owner }],
        ['update', { roleId: a.roles.owner }, { roleId: a.roles.admin }],
      ]),
    );
    const heir = (await grantTo(app, db, id, { aal: 2 })).accessToken;
    await left('POST', path, { token: heir, body: { userId: a.users.owner.id } });
  });
});

describe('invitations', () => {
  let id: string;

  it('made: the address stands sealed beside the entry, the token’s hash nowhere', async () => {
    const body = { email: 'invited.guest@example.com', roleId: a.roles.viewer };
    const { entry, id: made } = await one('invitation.created', 'POST', '/v1/invitations', { body, status: 201 });
    id = made;
    expect(entry).toMatchObject({ actorId: a.users.owner.id, targetType: 'invitation', targetId: id });
    expect(changed(entry, 'invitation')).toMatchObject([
      ['insert', null, { roleId: a.roles.viewer, invitedBy: a.users.owner.id, tokenHash: '[masked]' }],
    ]);
    expect(entry.changes[0]?.personal).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(entry)).not.toContain('guest');
  });

  it('sent again', async () => {
    const { entry } = await one('invitation.resent', 'POST', `/v1/invitations/${id}/resend`, { status: 200 });
    expect(entry).toMatchObject({ targetType: 'invitation', targetId: id });
    expect(changed(entry, 'invitation')).toMatchObject([
      ['update', { tokenHash: '[masked]' }, { tokenHash: '[masked]' }],
    ]);
  });

  it('revoked', async () => {
    const { entry } = await one('invitation.revoked', 'DELETE', `/v1/invitations/${id}`);
    expect(entry).toMatchObject({ targetType: 'invitation', targetId: id });
    expect(changed(entry, 'invitation')).toMatchObject([['delete', { roleId: a.roles.viewer }, null]]);
  });
});

it('asking why one may see something leaves nothing', async () => {
  const body = { action: 'read', resourceType: 'deal', resourceId: a.deals['owner-public'] };
  expect((await left('POST', '/v1/access/explain', { body, status: 200 })).entries).toEqual([]);
});

describe('operators', () => {
  const PATH = '/v1/platform/tenants';
  let tenantId: string;

  /** What a call of the operator's leaves: the same in each log that it belongs in. */
  async function act(action: string, method: string, path: string, status?: number, body?: unknown): Promise<Answer> {
    const { answer, entries } = await left(method, path, { token: operator.token, body, status });
    for (const entry of entries) {
      expect(entry).toMatchObject({ actorType: 'operator', actorId: operator.id, sessionId: null, action });
    }
    seen = entries;
    return answer;
  }
  let seen: Entry[];
  const inLogs = (): unknown[] => seen.map((entry) => [entry.tenantId, entry.targetId]);
  const both = (): unknown[] => [[INSTALLATION, tenantId], [tenantId, tenantId]]; // prettier-ignore

  it('list tenants: in the installation’s log', async () => {
    await act('platform.tenants_listed', 'GET', PATH, 200);
    expect(inLogs()).toEqual([[INSTALLATION, null]]);
  });

  it('make one: in its own log too, with all that it began with', async () => {
    const body = { slug: 'initech', name: 'Initech', adminEmail: 'boss@initech.example' };
    tenantId = (await act('platform.tenant_provisioned', 'POST', PATH, 201, body)).body.id;
    expect(inLogs()).toEqual(both());
    expect(changed(seen[1]!, 'tenant')).toMatchObject([['insert', null, { name: 'Initech', status: 'active' }]]);
    expect(changed(seen[1]!, 'invitation')).toMatchObject([['insert', null, { tokenHash: '[masked]' }]]);
    expect(changed(seen[1]!, 'role').length).toBeGreaterThan(4);
    expect(JSON.stringify(seen)).not.toContain('boss@');
  });

  it('read, suspend, resume, invite its owner anew', async () => {
    await act('platform.tenant_read', 'GET', `${PATH}/${tenantId}`, 200);
    expect(inLogs()).toEqual(both());
    await act('platform.tenant_suspended', 'POST', `${PATH}/${tenantId}/suspend`);
    expect(inLogs()).toEqual(both());
    expect(changed(seen[1]!, 'tenant')).toEqual([['update', { status: 'active' }, { status: 'suspended' }]]);
    await act('platform.tenant_resumed', 'POST', `${PATH}/${tenantId}/resume`);
    expect(changed(seen[1]!, 'tenant')).toEqual([['update', { status: 'suspended' }, { status: 'active' }]]);
    const body = { adminEmail: 'other@initech.example' };
    await act('platform.owner_invited', 'POST', `${PATH}/${tenantId}/invite-owner`, 204, body);
    expect(inLogs()).toEqual(both());
    expect(changed(seen[1]!, 'invitation').map((change) => (change as string[])[0])).toEqual(['delete', 'insert']);
  });

  it('show in the log of the tenant that they act on, and in no other', async () => {
    const { rows } = await admin.query(
      `select from app.audit_log where tenant_id = any ($1) and actor_type = 'operator'`,
      [[a.id, b.id]],
    );
    expect(rows).toEqual([]);
  });
});

describe('a route that forgets', () => {
  it.each(['session', 'operator'])('to record what it did: 500, for a route for %s', async (kind) => {
    const log = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const answer = await app.call('POST', `/v1/planted/${kind}`, { token: operator.token });
    expectProblem(answer, 500, 'internal_error');
    expect(log.mock.calls).toEqual([
      [expect.stringMatching(/UnrecordedActionError: planted\.done/), expect.anything()],
    ]);
    log.mockRestore();
  });
});
