import { beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { CreateTicketCommentRequest } from '../../src/modules/ticket-comments/dto/requests.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { useRecords } from '../support/record-stage.js';
import type { Tenant } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const stage = useRecords(db, held);
const { a, b } = db.world;

/** A body that is accepted. */
const acceptable = async (): Promise<Record<string, unknown>> => ({ body: 'It came on Tuesday, and is in order.' });

const pathOf = (ticketId: string): string => `/v1/tickets/${ticketId}/comments`;
/** The collection below a ticket of the tenant. */
const somewhere = async (tenant: Tenant = a): Promise<string> => pathOf(await stage.plant('app.tickets', tenant));

/** One that was made over HTTP, and where it is. */
async function create(token: string, more: object = {}): Promise<Answer & { path: string }> {
  const made = await held.app.call('POST', await somewhere(), { token, body: { ...(await acceptable()), ...more } });
  return { ...made, path: made.headers.get('location') ?? '' };
}

describe('what a request for a ticket comment may hold', () => {
  const faults = async (body: object): Promise<string[]> =>
    (
      await validate(plainToInstance(CreateTicketCommentRequest, body), { whitelist: true, forbidNonWhitelisted: true })
    ).map(({ property }) => property);
  const good = { body: 'It came on Tuesday, and is in order.' };

  it('is what the table keeps, and nothing else', async () => {
    expect(await faults(good)).toEqual([]);
    expect(await faults({ ...good, tenantId: randomUUID() })).toEqual(['tenantId']);
  });

  it.each([
    ['body', ''],
    ['body', null],
  ])('has no %s %j', async (field, value) => {
    expect(await faults({ ...good, [field]: value })).toEqual([field]);
  });
});

describe('app.ticket_comments, as the role of the application', () => {
  // stage.sql rolls back: what one statement changes or deletes is there for the next
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    own = await stage.plant('app.ticket_comments', a);
    foreign = await stage.plant('app.ticket_comments', b);
  });

  it('has the rows of one’s own tenant, and none without a context', async () => {
    const all = 'select id from app.ticket_comments';
    expect(await stage.sql(a, 'viewer', all)).toEqual([{ id: own }]);
    expect(await stage.sql(b, 'viewer', all)).toEqual([{ id: foreign }]);
    expect(await stage.nobody(all)).toEqual([]);
  });

  it('changes none of another tenant, and moves none there', async () => {
    for (const text of [
      'update app.ticket_comments set body = body where id = $1 returning id',
      'delete from app.ticket_comments where id = $1 returning id',
    ]) {
      expect(await stage.sql(a, 'owner', text, [foreign])).toEqual([]);
      expect(await stage.sql(a, 'owner', text, [own])).toEqual([{ id: own }]);
    }
    expect(
      await stage.sql(a, 'owner', 'update app.ticket_comments set tenant_id = $1 where id = $2', [b.id, own]),
    ).toBe('42501');
  });

  it('asks for the right to each command', async () => {
    const text = 'update app.ticket_comments set body = body where id = $1 returning id';
    expect(await stage.sql(a, 'viewer', text, [own])).toEqual([]);
    expect(await stage.sql(a, 'member', text, [own])).toEqual([{ id: own }]);
    expect(await stage.sql(a, 'member', 'delete from app.ticket_comments where id = $1 returning id', [own])).toEqual(
      [],
    );
  });

  it('is seen as far as the ticket is, also in a join and in a count', async () => {
    const [{ ticket_id: parent }] = (await db.look<{ ticket_id: string }>(
      'select ticket_id from app.ticket_comments where id = $1',
      [own],
    )) as [{ ticket_id: string }];
    const joined =
      'select p.id, c.id as child from app.ticket_comments c left join app.tickets p on p.id = c.ticket_id';
    expect(await stage.sql(a, 'viewer', joined)).toEqual([{ id: parent, child: own }]);
    const right = [a.id, a.roles.viewer, 'ticket:read'];
    await db.look('delete from app.role_permissions where tenant_id = $1 and role_id = $2 and permission = $3', right);
    expect(await stage.sql(a, 'viewer', 'select id from app.ticket_comments')).toEqual([]);
    await db.look('insert into app.role_permissions (tenant_id, role_id, permission) values ($1, $2, $3)', right);
    expect(
      await stage.sql(a, 'owner', 'update app.ticket_comments set ticket_id = ticket_id where id = $1', [own]),
    ).toBe('42501');
    expect(await stage.sql(a, 'owner', 'delete from app.tickets where id = $1 returning id', [parent])).toEqual([
      { id: parent },
    ]);
  });
});

describe('ticket comments over HTTP', () => {
  it('are created, read, listed, changed and deleted, with an ETag', async () => {
    const token = await stage.token(a, 'admin');
    const sent = await acceptable();
    const list = await somewhere();
    const made = await held.app.call('POST', list, { token, body: sent });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"v1"']);
    expect(made.body).toMatchObject(sent);
    const path = made.headers.get('location') as string;
    expect(path).toBe(`${list}/${made.body.id}`);
    expect((await held.app.call('GET', path, { token })).body).toEqual(made.body);
    const { items } = (await held.app.call('GET', list, { token })).body;
    expect(items[0]).toEqual(made.body);
    const change = { body: 'It came on Friday, and two are missing.' };
    expect((await held.app.call('PATCH', path, { token, body: change })).status).toBe(428);
    const changed = await held.app.call('PATCH', path, { token, body: change, headers: { 'If-Match': '"v1"' } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(changed.body).toMatchObject({ ...sent, ...change });
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v1"' } })).status).toBe(412);
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v2"' } })).status).toBe(204);
    expect((await held.app.call('GET', path, { token })).status).toBe(404);
  });

  it('of another tenant are as if they had never been', async () => {
    const row = await stage.planter.plant('app.ticket_comments', b.id);
    const token = await stage.token(a, 'owner');
    const answers = async (method: string, change?: object): Promise<unknown[]> => {
      const paths = [
        `${pathOf(row['ticket_id'] ?? '')}/${row['id']}`,
        `${pathOf(randomUUID())}/${randomUUID()}`,
        `${await somewhere()}/${row['id']}`,
      ];
      const came = paths.map((path) =>
        held.app.call(method, path, { token, body: change, headers: { 'If-Match': '"v1"' } }),
      );
      return (await Promise.all(came)).map(({ status, body: { traceId: _, instance: __, ...rest } }) => ({
        status,
        ...rest,
      }));
    };
    for (const [method, change] of [
      ['GET'],
      ['PATCH', { body: 'It came on Friday, and two are missing.' }],
      ['DELETE'],
    ] as const) {
      const [foreign, ...random] = await answers(method, change);
      expect(foreign).toMatchObject({ status: 404, code: 'not_found' });
      for (const one of random) expect(one).toEqual(foreign);
    }
    expect(await stage.sql(b, 'owner', 'select version from app.ticket_comments where id = $1', [row['id']])).toEqual([
      { version: 1 },
    ]);
  });

  it('are neither listed nor made below what one does not see', async () => {
    const token = await stage.token(a, 'owner');
    for (const list of [pathOf(await stage.plant('app.tickets', b)), pathOf(randomUUID())]) {
      expect((await held.app.call('GET', list, { token })).status).toBe(404);
      expect((await held.app.call('POST', list, { token, body: await acceptable() })).status).toBe(404);
    }
  });

  it('need the permission for each change', async () => {
    const { path } = await create(await stage.token(a, 'member'));
    const viewer = await stage.token(a, 'viewer');
    expect((await held.app.call('GET', path, { token: viewer })).status).toBe(200);
    expect((await create(viewer)).body).toMatchObject({
      code: 'permission_missing',
      missingPermission: 'ticket_comment:create',
    });
    const gone = await held.app.call('DELETE', path, {
      token: await stage.token(a, 'member'),
      headers: { 'If-Match': '*' },
    });
    expect([gone.status, gone.body.missingPermission]).toEqual([403, 'ticket_comment:delete']);
  });
});
