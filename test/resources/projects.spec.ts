import { beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { CreateProjectRequest } from '../../src/modules/projects/dto/requests.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { useRecords } from '../support/record-stage.js';

const { db } = useDatabase();
const held = useApp(db);
const stage = useRecords(db, held);
const { a, b } = db.world;

/** A body that is accepted. */
const acceptable = async (): Promise<Record<string, unknown>> => ({ name: 'First project' });

const somewhere = async (): Promise<string> => '/v1/projects';

/** One that was made over HTTP, and where it is. */
async function create(token: string, more: object = {}): Promise<Answer & { path: string }> {
  const made = await held.app.call('POST', await somewhere(), { token, body: { ...(await acceptable()), ...more } });
  return { ...made, path: made.headers.get('location') ?? '' };
}

describe('what a request for a project may hold', () => {
  const faults = async (body: object): Promise<string[]> =>
    (await validate(plainToInstance(CreateProjectRequest, body), { whitelist: true, forbidNonWhitelisted: true })).map(
      ({ property }) => property,
    );
  const good = { name: 'First project' };

  it('is what the table keeps, and nothing else', async () => {
    expect(await faults(good)).toEqual([]);
    expect(await faults({ ...good, tenantId: randomUUID() })).toEqual(['tenantId']);
  });

  it.each([
    ['name', ''],
    ['name', null],
  ])('has no %s %j', async (field, value) => {
    expect(await faults({ ...good, [field]: value })).toEqual([field]);
  });
});

describe('app.projects, as the role of the application', () => {
  // stage.sql rolls back: what one statement changes or deletes is there for the next
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    own = await stage.plant('app.projects', a);
    foreign = await stage.plant('app.projects', b);
  });

  it('has the rows of one’s own tenant, and none without a context', async () => {
    const all = 'select id from app.projects';
    expect(await stage.sql(a, 'viewer', all)).toEqual([{ id: own }]);
    expect(await stage.sql(b, 'viewer', all)).toEqual([{ id: foreign }]);
    expect(await stage.nobody(all)).toEqual([]);
  });

  it('changes none of another tenant, and moves none there', async () => {
    for (const text of [
      'update app.projects set name = name where id = $1 returning id',
      'delete from app.projects where id = $1 returning id',
    ]) {
      expect(await stage.sql(a, 'owner', text, [foreign])).toEqual([]);
      expect(await stage.sql(a, 'owner', text, [own])).toEqual([{ id: own }]);
    }
    expect(await stage.sql(a, 'owner', 'update app.projects set tenant_id = $1 where id = $2', [b.id, own])).toBe(
      '42501',
    );
  });

  it('asks for the right to each command', async () => {
    const text = 'update app.projects set name = name where id = $1 returning id';
    expect(await stage.sql(a, 'viewer', text, [own])).toEqual([]);
    expect(await stage.sql(a, 'member', text, [own])).toEqual([{ id: own }]);
    expect(await stage.sql(a, 'member', 'delete from app.projects where id = $1 returning id', [own])).toEqual([]);
  });
});

describe('projects over HTTP', () => {
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
    const change = { name: 'Another project' };
    expect((await held.app.call('PATCH', path, { token, body: change })).status).toBe(428);
    const changed = await held.app.call('PATCH', path, { token, body: change, headers: { 'If-Match': '"v1"' } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(changed.body).toMatchObject({ ...sent, ...change });
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v1"' } })).status).toBe(412);
    expect((await held.app.call('DELETE', path, { token, headers: { 'If-Match': '"v2"' } })).status).toBe(204);
    expect((await held.app.call('GET', path, { token })).status).toBe(404);
  });

  it('of another tenant are as if they had never been', async () => {
    const row = await stage.planter.plant('app.projects', b.id);
    const token = await stage.token(a, 'owner');
    const answers = async (method: string, change?: object): Promise<unknown[]> => {
      const paths = [row['id'], randomUUID()].map((id) => `/v1/projects/${id}`);
      const came = paths.map((path) =>
        held.app.call(method, path, { token, body: change, headers: { 'If-Match': '"v1"' } }),
      );
      return (await Promise.all(came)).map(({ status, body: { traceId: _, instance: __, ...rest } }) => ({
        status,
        ...rest,
      }));
    };
    for (const [method, change] of [['GET'], ['PATCH', { name: 'Another project' }], ['DELETE']] as const) {
      const [foreign, ...random] = await answers(method, change);
      expect(foreign).toMatchObject({ status: 404, code: 'not_found' });
      for (const one of random) expect(one).toEqual(foreign);
    }
    expect(await stage.sql(b, 'owner', 'select version from app.projects where id = $1', [row['id']])).toEqual([
      { version: 1 },
    ]);
  });

  it('need the permission for each change', async () => {
    const { path } = await create(await stage.token(a, 'member'));
    const viewer = await stage.token(a, 'viewer');
    expect((await held.app.call('GET', path, { token: viewer })).status).toBe(200);
    expect((await create(viewer)).body).toMatchObject({
      code: 'permission_missing',
      missingPermission: 'project:create',
    });
    const gone = await held.app.call('DELETE', path, {
      token: await stage.token(a, 'member'),
      headers: { 'If-Match': '*' },
    });
    expect([gone.status, gone.body.missingPermission]).toEqual([403, 'project:delete']);
  });
});
