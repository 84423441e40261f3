import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { invitationHash } from '../../src/modules/identity/index.js';
import { Letters } from '../../src/modules/mail/index.js';
import { permissionsOf } from '../../src/route/index.js';
import { startApp, testRing, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newOperator, operatorToken } from '../support/operators.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const { a, b } = db.world;
const PATH = '/v1/platform/tenants';
const NOWHERE = '01a1fd04-0000-7000-8000-000000000000';
let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startApp(db);
  token = await operatorToken(app, db);
});

const provision = (slug: string, more: object = {}) =>
  app.call('POST', PATH, { token, body: { slug, name: `The ${slug}`, adminEmail: `boss@${slug}.example`, ...more } });
const suspend = (id: string) => app.call('POST', `${PATH}/${id}/suspend`, { token });
const resume = (id: string) => app.call('POST', `${PATH}/${id}/resume`, { token });

interface MailRow {
  id: string;
  recipient: string;
  sealed: string;
  days: number;
}
const mailsTo = (recipient: string): Promise<MailRow[]> =>
  db.look<MailRow>(
    `select id, recipient, values_encrypted as sealed, extract(day from expires_at - created_at)::int as days
       from auth.mail_outbox where template = 'invitation' and recipient = $1`,
    [recipient],
  );

describe('an operator lists tenants', () => {
  it('all of them, newest first, with how many belong to each', async () => {
    const { status, body } = await app.call('GET', PATH, { token });
    expect(status).toBe(200);
    expect(body.items.map(({ slug, memberCount }: any) => [slug, memberCount])).toEqual([['beta', 5], ['alpha', 5]]); // prettier-ignore
    expect(body.items[0]).toEqual({
      id: b.id,
      slug: 'beta',
      name: 'Tenant beta',
      status: 'active',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      memberCount: 5,
    });
    expect(body.nextCursor).toBeNull();
  });

  it('page by page, with a cursor that belongs to this list and filter', async () => {
    const first = await app.call('GET', `${PATH}?limit=1`, { token });
    const cursor = encodeURIComponent(first.body.nextCursor);
    expect(first.headers.get('link')).toContain(cursor);
    const second = await app.call('GET', `${PATH}?limit=1&cursor=${cursor}`, { token });
    expect([first, second].map(({ body }) => body.items.map(({ id }: any) => id))).toEqual([[b.id], [a.id]]);
    expect(second.body.nextCursor).toBeNull();
    expectProblem(await app.call('GET', `${PATH}?status=active&cursor=${cursor}`, { token }), 400, 'cursor_invalid');
  });

  it('by status', async () => {
    await suspend(b.id);
    const slugs = async (status: string) =>
      (await app.call('GET', `${PATH}?status=${status}`, { token })).body.items.map(({ slug }: any) => slug);
    expect([await slugs('active'), await slugs('suspended')]).toEqual([['alpha'], ['beta']]);
    await resume(b.id);
    expectProblem(await app.call('GET', `${PATH}?status=odd`, { token }), 400);
  });

  it('reads one; one that is not there is 404', async () => {
    expect((await app.call('GET', `${PATH}/${a.id}`, { token })).body).toMatchObject({ id: a.id, slug: 'alpha' });
    expectProblem(await app.call('GET', `${PATH}/${NOWHERE}`, { token }), 404, 'not_found');
    expectProblem(await app.call('GET', `${PATH}/alpha`, { token }), 400);
  });

  it('with an ETag, and 304 for as long as nothing that is shown has changed', async () => {
    const { body: made, headers: of } = await provision('tagged');
    const read = (tag: string) => app.call('GET', `${PATH}/${made.id}`, { token, headers: { 'If-None-Match': tag } });
    const tag = of.get('etag') ?? '';
    expect(tag).toMatch(/^"v1\.0"$/);
    const same = await read(tag);
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', tag]);
    await db.look(`insert into app.memberships (tenant_id, user_id, role_id)
      select r.tenant_id, $2, r.id from app.roles r where r.tenant_id = $1 and r.is_root`, [made.id, a.users.viewer.id]); // prettier-ignore
    const joined = await read(tag);
    expect([joined.status, joined.body.memberCount]).toEqual([200, 1]);
    await suspend(made.id);
    const suspended = await read(joined.headers.get('etag') ?? '');
    expect([suspended.status, suspended.body.status]).toEqual([200, 'suspended']);
    expect((await read(suspended.headers.get('etag') ?? '')).status).toBe(304);
  });

  it('also from a session inside a tenant, where they are what their role says', async () => {
    await db.look('insert into auth.operators (user_id) values ($1)', [a.users.viewer.id]);
    const { accessToken } = await grantTo(app, db, a.users.viewer.id, { tenant: 'alpha', aal: 2 });
    expect((await app.call('GET', PATH, { token: accessToken })).status).toBe(200);
    expect((await app.call('GET', '/v1/deals', { token: accessToken })).body.items.length).toBeGreaterThan(0);
    expectProblem(
      await app.call('DELETE', `/v1/deals/${a.deals['viewer-public']}`, {
        token: accessToken,
        headers: { 'If-Match': '*' },
      }),
      403,
      'permission_missing',
    );
    await db.look('delete from auth.operators where user_id = $1', [a.users.viewer.id]);
  });

  it('and sees nothing of what is in a tenant: no route of a tenant opens', async () => {
    expectProblem(await app.call('GET', '/v1/deals', { token }), 403, 'tenant_required');
  });
});

describe('an operator provisions a tenant', () => {
  it('with its standard roles as any other tenant has them, and nobody in it', async () => {
    const { status, body, headers } = await provision('initech');
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${PATH}/${body.id}`);
    expect(body).toMatchObject({ slug: 'initech', name: 'The initech', status: 'active', memberCount: 0 });
    expect((await app.call('GET', `${PATH}/${body.id}`, { token })).body).toEqual(body);
    const admin = await db.as('admin'); // what is derived for roles is not even the service's to read
    const rolesOf = async (tenantId: string) =>
      (
        await admin.query<{ slug: string; permissions: string[] }>(
          `select r.slug, r.name, r.is_root, g.permissions, (select array_agg(s.slug order by s.slug) from app.roles s
                    where s.tenant_id = r.tenant_id and s.id = any (g.subordinate_role_ids)) as below
             from app.roles r join auth.role_rights g on g.tenant_id = r.tenant_id and g.role_id = r.id
            where r.tenant_id = $1 order by r.slug`,
          [tenantId],
        )
      ).rows;
    const roles = await rolesOf(body.id);
    expect(roles).toEqual(await rolesOf(a.id));
    for (const { slug, permissions } of roles) expect([slug, permissions]).toEqual([slug, permissionsOf(slug as 'owner').sort()]); // prettier-ignore
  });

  it('and invites its first owner: a hash in the row, the token in a sealed mail alone', async () => {
    const { body, text } = await provision('hooli', { adminEmail: 'Gavin@HOOLI.example' });
    const [invitation] = await db.look<{ hash: Buffer; days: number }>(
      `select i.email, i.invited_by, r.is_root, i.token_hash as hash, extract(day from i.expires_at - i.created_at)::int as days
         from app.invitations i join app.roles r on r.tenant_id = i.tenant_id and r.id = i.role_id where i.tenant_id = $1`,
      [body.id],
    );
    expect(invitation).toMatchObject({ email: 'gavin@hooli.example', invited_by: null, is_root: true, days: 7 });
    const [mail] = await mailsTo('gavin@hooli.example');
    expect(mail?.days).toBe(7);
    const letter = new Letters(testRing).open(mail!.id, mail!.sealed);
    const link = /http\S+\/account\/invitation#token=([\w-]{43})/.exec(letter.text);
    expect([letter.to, letter.text.includes('The hooli'), letter.text.includes('Owner')]).toEqual([
      'gavin@hooli.example', true, true,
    ]); // prettier-ignore
    expect(invitationHash(testRing, link?.[1] ?? '')).toEqual(invitation?.hash);
    expect(text).not.toContain(link?.[1]);
  });

  it('whose invitation counts: it is accepted into the root role', async () => {
    const { body } = await provision('soylent');
    const auth = await db.as('auth');
    const [{ hash } = { hash: Buffer.alloc(0) }] = await db.look<{ hash: Buffer }>(
      'select token_hash as hash from app.invitations where tenant_id = $1',
      [body.id],
    );
    expect((await auth.query('select tenant_name, role_name from auth.invitation_of($1)', [hash])).rows).toEqual([
      { tenant_name: 'The soylent', role_name: 'Owner' },
    ]);
    const [{ id } = { id: '' }] = await db.look<{ id: string }>(
      `insert into auth.users (email) values ('boss@soylent.example') returning id`,
    );
    await auth.query(`select auth.accept_invitation($1, $2, 'Boss')`, [hash, id]);
    expect((await app.call('GET', `${PATH}/${body.id}`, { token })).body.memberCount).toBe(1);
    const { accessToken } = await grantTo(app, db, id);
    expect((await app.call('GET', '/v1/auth/me', { token: accessToken })).body).toMatchObject({
      role: { slug: 'owner' },
    });
  });

  it('whatever else the address is: whether it has an account shows in no answer', async () => {
    const known = await provision('known', { adminEmail: a.users.owner.email });
    const fresh = await provision('fresh', { adminEmail: 'never.seen@example.com' });
    const plain = ({ body: { id: _id, createdAt: _at, slug: _slug, name: _name, ...rest } }: typeof known) => rest;
    expect([known.status, plain(known)]).toEqual([fresh.status, plain(fresh)]);
  });

  it('once for each slug: 409, and nothing of the second is there', async () => {
    expect((await provision('umbrella')).status).toBe(201);
    expectProblem(await provision('umbrella', { adminEmail: 'second@umbrella.example' }), 409, 'already_exists');
    expect(await mailsTo('second@umbrella.example')).toEqual([]);
    expect(await db.look(`select from app.tenants where slug = 'umbrella'`)).toHaveLength(1);
  });

  it('at once with others for the same slug: one gets it', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => provision('raced')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
    expect(await db.look(`select from app.invitations where email = 'boss@raced.example'`)).toHaveLength(1);
  });

  it.each([
    [{ slug: 'A' }], [{ slug: '-a' }], [{ slug: 'a--b' }], [{ slug: 'x' }], [{ slug: 'x'.repeat(41) }], [{ name: ' ' }],
    [{ name: 'x'.repeat(201) }], [{ adminEmail: 'nobody' }], [{ adminEmail: 'a@b.example\r\nbcc: c@d.example' }],
    [{ tenantId: NOWHERE }], [{ role: 'owner' }], [{ status: 'active' }],
  ])('refuses %j', async (more) => {
    expectProblem(await provision('refused', more), 400);
    expect(await db.look(`select from app.tenants where slug = 'refused' or name = 'The refused'`)).toEqual([]);
  }); // prettier-ignore

  it('whole or not at all: where the mail cannot be written there is no tenant', async () => {
    const owner = await db.as('owner');
    await owner.query(`alter table auth.mail_outbox add constraint planted check (recipient <> 'boss@halved.example')`);
    try {
      expectProblem(await provision('halved'), 400, 'invalid_value');
      for (const table of [
        'app.tenants where slug',
        'app.roles r join app.tenants t on t.id = r.tenant_id where t.slug',
      ]) {
        expect(await db.look(`select from ${table} = 'halved'`)).toEqual([]);
      }
      expect(await db.look(`select from app.invitations where email = 'boss@halved.example'`)).toEqual([]);
    } finally {
      await owner.query('alter table auth.mail_outbox drop constraint planted');
    }
    expect((await provision('halved')).status).toBe(201);
  });
});

describe('an operator suspends a tenant', () => {
  it('and a live token of it is refused at its next call, until the tenant is resumed', async () => {
    const { accessToken } = await grantTo(app, db, a.users.owner.id, { aal: 2 });
    const other = (await grantTo(app, db, b.users.owner.id)).accessToken;
    const deals = (token: string) => app.call('GET', '/v1/deals', { token });
    expect((await deals(accessToken)).status).toBe(200);
    expect((await suspend(a.id)).status).toBe(204);
    expectProblem(await deals(accessToken), 403, 'tenant_suspended');
    expect((await deals(other)).status).toBe(200);
    expect((await app.call('GET', `${PATH}/${a.id}`, { token })).body.status).toBe('suspended');
    expect((await resume(a.id)).status).toBe(204);
    expect((await deals(accessToken)).status).toBe(200);
  });

  it('twice: the second time changes nothing, and says so by saying nothing', async () => {
    const version = async () => (await db.look('select version from app.tenants where id = $1', [b.id]))[0];
    const before = await version();
    for (const act of [resume, suspend, suspend, resume, resume]) expect((await act(b.id)).status).toBe(204);
    expect(await version()).toEqual({ version: (before as { version: number }).version + 2 });
  });

  it('that is not there: 404', async () => {
    for (const act of [suspend, resume]) expectProblem(await act(NOWHERE), 404, 'not_found');
  });

  it('that they are signed in to themselves, and resumes it from there', async () => {
    const { id } = await newOperator(db);
    await db.look(`insert into app.memberships (tenant_id, user_id, role_id) values ($1, $2, $3)`, [
      b.id,
      id,
      b.roles.viewer,
    ]);
    const { accessToken } = await grantTo(app, db, id, { tenant: 'beta', aal: 2 });
    const act = (verb: string) => app.call('POST', `${PATH}/${b.id}/${verb}`, { token: accessToken });
    expect((await act('suspend')).status).toBe(204);
    expectProblem(await app.call('GET', '/v1/deals', { token: accessToken }), 403, 'tenant_suspended');
    expect((await act('resume')).status).toBe(204);
  });
});

describe('each call', () => {
  it('is recorded as a structured line with who, what and which tenant; one that is refused is not', async () => {
    const lines: unknown[] = [];
    const spy = jest.spyOn(Logger.prototype, 'log').mockImplementation((line: unknown) => void lines.push(line));
    const { id } = await newOperator(db);
    const { accessToken } = await grantTo(app, db, id, { aal: 2 });
    const as = (method: string, path: string) => app.call(method, path, { token: accessToken });
    await as('GET', PATH);
    await as('GET', `${PATH}/${b.id}`);
    await as('POST', `${PATH}/${b.id}/suspend`);
    await as('POST', `${PATH}/${b.id}/resume`);
    const { body: made } = await provision('recorded');
    lines.length = 4; // by the one operator that all tests share
    await app.call('POST', `${PATH}/${made.id}/invite-owner`, {
      token: accessToken,
      body: { adminEmail: 'c@d.example' },
    });
    await app.call('POST', `${PATH}/${b.id}/invite-owner`, { token: accessToken, body: { adminEmail: 'c@d.example' } });
    await as('POST', `${PATH}/${NOWHERE}/suspend`);
    spy.mockRestore();
    expect(lines.map((line) => JSON.parse(String(line)) as unknown)).toEqual([
      { action: 'platform.tenants_listed', operatorId: id },
      { action: 'platform.tenant_read', operatorId: id, tenantId: b.id },
      { action: 'platform.tenant_suspended', operatorId: id, tenantId: b.id },
      { action: 'platform.tenant_resumed', operatorId: id, tenantId: b.id },
      { action: 'platform.owner_invited', operatorId: id, tenantId: made.id },
    ]);
  });

  it('is not logged when the transaction is refused at its very end', async () => {
    const owner = await db.as('owner');
    await owner.query(`create function app.planted() returns trigger language plpgsql as
        $$ begin raise exception 'planted' using errcode = '55P03'; end $$;
      grant execute on function app.planted() to public;
      create constraint trigger planted after update on app.tenants deferrable initially deferred
        for each row execute function app.planted()`);
    const spy = jest.spyOn(Logger.prototype, 'log');
    try {
      expectProblem(await suspend(b.id), 503, 'database_busy');
      expect(spy.mock.calls).toEqual([]);
    } finally {
      spy.mockRestore();
      await owner.query('drop trigger planted on app.tenants; drop function app.planted()');
    }
    expect((await app.call('GET', `${PATH}/${b.id}`, { token })).body.status).toBe('active');
  });
});

describe('without the service role’s URL', () => {
  it('there is no such route, and the document has none', async () => {
    const without = await startApp(db, { SERVICE_DATABASE_URL: '' });
    const other = await operatorToken(without, db);
    expectProblem(await without.call('GET', PATH, { token: other }), 404, 'not_found');
    const { body } = await without.call('GET', '/openapi.json');
    expect(Object.keys(body.paths).filter((path) => path.startsWith('/v1/platform'))).toEqual([]);
  });
});
