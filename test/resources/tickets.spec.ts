import { beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { CreateTicketRequest } from '../../src/modules/tickets/dto/requests.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { useRecords } from '../support/record-stage.js';

const { db } = useDatabase();
const held = useApp(db);
const stage = useRecords(db, held);
const { a, b } = db.world;

/** A body that is accepted. */
const acceptable = async (): Promise<Record<string, unknown>> => ({
  title: 'First ticket',
  body: 'It came on Tuesday, and is in order.',
});

const somewhere = async (): Promise<string> => '/v1/tickets';

/** One that was made over HTTP, and where it is. */
async function create(token: string, more: object = {}): Promise<Answer & { path: string }> {
  const made = await held.app.call('POST', await somewhere(), { token, body: { ...(await acceptable()), ...more } });
  return { ...made, path: made.headers.get('location') ?? '' };
}

describe('what a request for a ticket may hold', () => {
  const faults = async (body: object): Promise<string[]> =>
    (await validate(plainToInstance(CreateTicketRequest, body), { whitelist: true, forbidNonWhitelisted: true })).map(
      ({ property }) => property,
    );
  const good = { title: 'First ticket', body: 'It came on Tuesday, and is in order.', projectId: randomUUID() };

  it('is what the table keeps, and nothing else', async () => {
    expect(await faults(good)).toEqual([]);
    expect(await faults({ ...good, tenantId: randomUUID() })).toEqual(['tenantId']);
  });

  it.each([
    ['title', ''],
    ['body', ''],
    ['projectId', 'none'],
    ['title', null],
    ['body', null],
  ])('has no %s %j', async (field, value) => {
    expect(await faults({ ...good, [field]: value })).toEqual([field]);
  });
});

describe('app.tickets, as the role of the application', () => {
  // stage.sql rolls back: what one statement changes or deletes is there for the next
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    own = await stage.plant('app.tickets', a);
    foreign = await stage.plant('app.tickets', b);
  });

  it('has the rows of one’s own tenant, and none without a context', async () => {
    const all = 'select id from app.tickets';
    expect(await stage.sql(a, 'viewer', all)).toEqual([{ id: own }]);
    expect(await stage.sql(b, 'viewer', all)).toEqual([{ id: foreign }]);
    expect(await stage.nobody(all)).toEqual([]);
  });

  it('changes none of another tenant, and moves none there', async () => {
    for (const text of [
      'update app.tickets set title = title where id = $1 returning id',
      'delete from app.tickets where id = $1 returning id',
    ]) {
      expect(await stage.sql(a, 'owner', text, [foreign])).toEqual([]);
      expect(await stage.sql(a, 'owner', text, [own])).toEqual([{ id: own }]);
    }
    expect(await stage.sql(a, 'owner', 'update app.tickets set tenant_id = $1 where id = $2', [b.id, own])).toBe(
      '42501',
    );
  });

  it('asks for the right to each command', async () => {
    const text = 'update app.tickets set title = title where id = $1 returning id';
    expect(await stage.sql(a, 'viewer', text, [own])).toEqual([]);
    expect(await stage.sql(a, 'member', text, [own])).toEqual([{ id: own }]);
    expect(await stage.sql(a, 'member', 'delete from app.tickets where id = $1 returning id', [own])).toEqual([]);
  });

  it('names no project of another tenant', async () => {
    const other = await stage.plant('app.projects', b);
    const text = 'update app.tickets set project_id = $1 where id = $2 returning id';
    expect(await stage.sql(a, 'owner', text, [other, own])).toBe('RF042');
    expect(await stage.sql(a, 'owner', text, [await stage.plant('app.projects', a), own])).toEqual([{ id: own }]);
  });
});

describe('tickets over HTTP', () => {
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
    const change = { title: 'Another ticket' };
    expect((await held.app.call('PATCH', path, { token, body: change })).status).toBe(428);
    const changed = await held.app.call('PATCH', path, { token, body: change, headers: { 'If-Match': '"v1"' } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(changed.body).toMatchObject({ ...sent, ...change });
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v1"' } })).status).toBe(412);
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v2"' } })).status).toBe(204);
    expect((await held.app.call('GET', path, { token })).status).toBe(404);
  });

  it('of another tenant are as if they had never been', async () => {
    const row = await stage.planter.plant('app.tickets', b.id);
    const token = await stage.token(a, 'owner');
    const answers = async (method: string, change?: object): Promise<unknown[]> => {
      const paths = [row['id'], randomUUID()].map((id) => `/v1/tickets/${id}`);
      const came = paths.map((path) =>
        held.app.call(method, path, { token, body: change, headers: { 'If-Match': '"v1"' } }),
      );
      return (await Promise.all(came)).map(({ status, body: { traceId: _, instance: __, ...rest } }) => ({
        status,
        ...rest,
      }));
    };
    for (const [method, change] of [['GET'], ['PATCH', { title: 'Another ticket' }], ['DELETE']] as const) {
      const [foreign, ...random] = await answers(method, change);
      expect(foreign).toMatchObject({ status: 404, code: 'not_found' });
      for (const one of random) expect(one).toEqual(foreign);
    }
    expect(await stage.sql(b, 'owner', 'select version from app.tickets where id = $1', [row['id']])).toEqual([
      { version: 1 },
    ]);
  });

  it('name no project that one does not see', async () => {
    const token = await stage.token(a, 'owner');
    for (const id of [await stage.plant('app.projects', b), randomUUID()])
      expect((await create(token, { projectId: id })).body).toMatchObject({
        code: 'reference_not_found',
        errors: [{ field: 'projectId' }],
      });
  });

  it('lose their project when it goes, and are emptied of it by null', async () => {
    const token = await stage.token(a, 'owner');
    const named = await stage.plant('app.projects', a);
    const made = await create(token, { projectId: named });
    expect(made.body.projectId).toBe(named);
    await db.look('delete from app.projects where id = $1', [named]);
    expect((await held.app.call('GET', made.path, { token })).body.projectId).toBeNull();
    const other = { projectId: await stage.plant('app.projects', a) };
    const headers = { 'If-Match': '*' };
    expect((await held.app.call('PATCH', made.path, { token, headers, body: other })).body).toMatchObject(other);
    const emptied = await held.app.call('PATCH', made.path, { token, headers, body: { projectId: null } });
    expect(emptied.body.projectId).toBeNull();
  });

  it('are found by their project', async () => {
    const token = await stage.token(a, 'owner');
    const { body: made, path } = await create(token, { projectId: await stage.plant('app.projects', a) });
    const list = path.slice(0, path.lastIndexOf('/'));
    const found = async (value: unknown): Promise<string[]> => {
      const { items } = (
        await held.app.call('GET', `${list}?projectId=${encodeURIComponent(String(value))}`, { token })
      ).body;
      return items.map(({ id }: { id: string }) => id);
    };
    expect(await found(made.projectId)).toContain(made.id);
    expect(await found(randomUUID())).not.toContain(made.id);
  });

  it('need the permission for each change', async () => {
    const { path } = await create(await stage.token(a, 'member'));
    const viewer = await stage.token(a, 'viewer');
    expect((await held.app.call('GET', path, { token: viewer })).status).toBe(200);
    expect((await create(viewer)).body).toMatchObject({
      code: 'permission_missing',
      missingPermission: 'ticket:create',
    });
    const gone = await held.app.call('DELETE', path, {
      token: await stage.token(a, 'member'),
      headers: { 'If-Match': '*' },
    });
    expect([gone.status, gone.body.missingPermission]).toEqual([403, 'ticket:delete']);
  });
});
