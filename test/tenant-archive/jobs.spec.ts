import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OldArchives } from '../../src/modules/sweeping/files/old-archives.js';
import { ArchiveExporter } from '../../src/modules/platform/archives/archive-exporter.js';
import { ArchiveRuns } from '../../src/modules/platform/archives/archive-runs.js';
import { readArchive } from '../../src/modules/platform/tenant-archive/archive-reader.js';
import { STORAGE_DRIVER, type StorageDriver, StorageUnavailableError } from '../../src/modules/storage/index.js';
import type { Answer } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { makeDue, runDueJobs, withAdmin } from '../support/jobs.js';
import { newOperator } from '../support/operators.js';
import { expectProblem } from '../support/problem.js';
import { sha256 } from '../support/transfer.js';
import { type Installation, installation, objectsOf, plantFile, rowsOf } from './installations.js';

const { db } = useDatabase();
const { a, b } = db.world;
const NIL = '00000000-0000-0000-0000-000000000000';
const TENANT = `/v1/platform/tenants/${a.id}`;
let here: Installation;
let folder: string;
let operator: string;
let token: string;

beforeAll(async () => {
  here = await installation(db);
  folder = await mkdtemp(join(tmpdir(), 'ringfence-jobs-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  operator = (await newOperator(db)).id;
  token = (await grantTo(here.app, db, operator, { aal: 2 })).accessToken;
  await plantFile(here, a.id, a.deals['owner-public'] ?? '', Buffer.from('of alpha'));
}, 60_000);

const post = (path: string, body?: object, as = token): Promise<Answer> =>
  here.app.call('POST', path, { token: as, body });
const get = (path: string, as = token): Promise<Answer> => here.app.call('GET', path, { token: as });
const work = (): Promise<void> => runDueJobs(here.app, ['tenant-archive']);
const rowOf = async (id: string): Promise<Record<string, any>> =>
  (await db.look<Record<string, any>>('select * from auth.tenant_archives where id = $1', [id]))[0] ?? {};
const entries = (action: string, log: string): Promise<unknown[]> =>
  db.look(
    `select actor_type as type, actor_id as actor from app.audit_log where outcome = 'success' and action = $1 and tenant_id = $2`,
    [`platform.${action}`, log],
  );
const mine = () => ({ type: 'operator', actor: operator });

/** Asks for an export. @returns its path */
async function asked(): Promise<string> {
  const { status, body, headers } = await post(`${TENANT}/exports`);
  expect([status, body]).toEqual([202, { id: expect.any(String), status: 'queued' }]);
  expect(headers.get('location')).toBe(`${TENANT}/exports/${body.id}`);
  return `${TENANT}/exports/${body.id}`;
}
const idOf = (path: string): string => path.split('/').at(-1) ?? '';
/** What a queue does that believes its worker dead. */
const deliverAgain = (id: string): Promise<unknown> =>
  withAdmin(db, `update pgboss.job set state = 'created', completed_on = null, start_after = now() where id = $1`, [
    id,
  ]);

describe('an export that an operator asks for', () => {
  let path: string;

  it('is no one’s else: not of members, not below AAL2', async () => {
    const owner = (await grantTo(here.app, db, a.users.owner.id, { tenant: a.id, aal: 2 })).accessToken;
    const low = (await grantTo(here.app, db, operator, { aal: 1 })).accessToken;
    path = await asked();
    for (const call of [post(`${TENANT}/exports`, undefined, owner), get(path, owner), get(`${path}/download`, owner)])
      expectProblem(await call, 403, 'not_an_operator');
    for (const call of [post(`${TENANT}/exports`, undefined, low), get(`${path}/download`, low)])
      expectProblem(await call, 403, 'aal2_required');
    const app = await db.as('app');
    await expect(app.query('select from auth.tenant_archives')).rejects.toThrow('permission denied');
    expectProblem(await get(path.replace(a.id, b.id)), 404);
  });

  it('waits for its turn, alone', async () => {
    expectProblem(await post(`${TENANT}/exports`), 409, 'tenant_archive_under_way');
    expect((await get(path)).body).toMatchObject({
      status: 'queued',
      tenantId: a.id,
      requestedBy: operator,
      size: null,
    });
    expectProblem(await get(`${path}/download`), 409, 'not_ready');
  });

  it('holds what the command line’s holds, and is what its checksum says', async () => {
    await work();
    const { body: view } = await get(path);
    expect(view).toMatchObject({ status: 'done', error: null, missingFiles: 0 });
    const url = `${here.app.url}${path}/download`;
    const { status, headers } = await fetch(url, { redirect: 'manual', headers: { authorization: `Bearer ${token}` } });
    expect([status, headers.get('cache-control')]).toEqual([303, 'no-store']);
    const { pathname, search } = new URL(headers.get('location') ?? '');
    const answer = await fetch(here.app.url + pathname + search);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=alpha-\d{4}-\d\d-\d\d\.tar\.gz$/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([bytes.length, sha256(bytes)]).toEqual([view.size, view.sha256]);
    const [one, two] = [join(folder, 'one.tar.gz'), join(folder, 'two.tar.gz')];
    await pipeline(Readable.from([bytes]), createWriteStream(one));
    expect(await here.run('tenant', 'export', 'alpha', '--out', two)).toMatchObject({ code: 0, err: '' });
    const [got, told] = [await contentsOf(one), await contentsOf(two)];
    expect(got.tables.filter(({ name }) => !name.startsWith('app.audit'))).toEqual(
      told.tables.filter(({ name }) => !name.startsWith('app.audit')),
    );
    expect(got.tables.map(({ name }) => name)).toEqual(told.tables.map(({ name }) => name));
    expect([got.tenant, got.files, got.verifier]).toEqual([told.tenant, { ...told.files, count: 1 }, told.verifier]);
  });

  it('is recorded as whoever asked, at each step', async () => {
    for (const log of [NIL, a.id]) {
      expect(await entries('tenant_export_requested', log)).toEqual([mine()]);
      expect((await entries('tenant_exported', log)).filter((entry) => (entry as any).type === 'operator')).toEqual([
        mine(),
      ]);
      expect(await entries('tenant_export_downloaded', log)).toEqual([mine()]);
    }
  });

  it('may be delivered twice: the second does nothing', async () => {
    const before = await rowOf(idOf(path));
    await deliverAgain(idOf(path));
    await work();
    expect(await rowOf(idOf(path))).toEqual(before);
    expect(Object.keys(await objectsOf(here.store, a.id))).toContain(before['object_key']);
  });

  it('begins anew after a worker that was killed, and leaves nothing of its first try', async () => {
    const again = await asked();
    await db.service((client) => client.query('select auth.begin_tenant_archive($1)', [idOf(again)]));
    const { object_key: left } = await rowOf(idOf(again));
    await here.store.write(left, Readable.from(['half']), { contentType: 'application/gzip' });
    // what another run says counts not
    const late = 'select auth.finish_tenant_archive($1, 7, null, null, null, null) as done';
    expect(await db.service((client) => client.query(late, [idOf(again)]))).toEqual([{ done: false }]);
    await work();
    expect((await get(again)).body).toMatchObject({ status: 'done' });
    expect(Object.keys(await objectsOf(here.store, a.id))).not.toContain(left);
  });

  it('is not run for an operator who is one no longer', async () => {
    const before = Object.keys(await objectsOf(here.store, a.id));
    const gone = await newOperator(db);
    const { accessToken } = await grantTo(here.app, db, gone.id, { aal: 2 });
    const { body } = await post(`${TENANT}/exports`, undefined, accessToken);
    await db.look('delete from auth.operators where user_id = $1', [gone.id]);
    await work();
    expect((await get(`${TENANT}/exports/${body.id}`)).body).toMatchObject({
      status: 'failed',
      error: 'not_an_operator',
    });
    expect(Object.keys(await objectsOf(here.store, a.id))).toEqual(before);
  });

  it('stops with its process, leaves nothing, and is taken up again', async () => {
    const before = Object.keys(await objectsOf(here.store, a.id));
    const again = await asked();
    const run = await here.app.nest.get(ArchiveRuns, { strict: false }).begin(idOf(again));
    const store = here.app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    const write = store.write.bind(store);
    const going = new AbortController();
    store.write = (key, source, terms) => {
      source.once('readable', () => going.abort());
      return write(key, source, terms);
    };
    const exporter = here.app.nest.get(ArchiveExporter, { strict: false });
    await expect(exporter.run(run!, going.signal)).rejects.toThrow();
    store.write = write;
    expect(going.signal.aborted).toBe(true);
    expect(Object.keys(await objectsOf(here.store, a.id))).toEqual(before);
    await work();
    expect((await get(again)).body).toMatchObject({ status: 'done' });
  });

  it('fails at once where the store has other bytes than were uploaded', async () => {
    const key = await plantFile(here, a.id, a.deals['owner-public'] ?? '', Buffer.from('right'));
    await here.store.write(key, Readable.from(['wrong']), { contentType: 'text/plain' });
    const damaged = await asked();
    await work();
    expect((await get(damaged)).body).toMatchObject({ status: 'failed', error: 'object_damaged' });
    await here.store.write(key, Readable.from(['right']), { contentType: 'text/plain' });
  });

  it('waits for a store that is away, and fails when it stays so', async () => {
    const store = here.app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new StorageUnavailableError(new Error('away')));
    const failing = await asked();
    for (const status of ['queued', 'queued', 'failed']) {
      await makeDue(db);
      await work();
      expect((await get(failing)).body).toMatchObject({ status, error: 'storage_unavailable' });
    }
    store.write = write;
  });

  it('is failed where its last worker was lost, and gone once it has expired; known objects are no strays', async () => {
    const sweeper = here.app.nest.get(OldArchives, { strict: false });
    const { object_key: key } = await rowOf(idOf(path));
    const unknown = async () =>
      withAdmin<{ key: string }>(db, 'select key from auth.unknown_objects(array[$1]) as x (key)', [key]);
    expect(await unknown()).toEqual([]);
    await sweeper.run(new AbortController().signal);
    expect(await here.store.head(key)).toBeDefined();
    const lost = await asked();
    await withAdmin(db, `update pgboss.job set state = 'failed' where id = $1`, [idOf(lost)]);
    await withAdmin(db, `update auth.tenant_archives set expires_at = now() - interval '1 second' where id = $1`, [
      idOf(path),
    ]);
    expectProblem(await get(`${path}/download`), 410, 'export_expired');
    await sweeper.run(new AbortController().signal);
    expect(await here.store.head(key)).toBeUndefined();
    expect(await rowOf(idOf(path))).toMatchObject({ status: 'done', object_key: null });
    expect((await get(lost)).body).toMatchObject({ status: 'failed', error: 'worker_lost' });
    expect(await unknown()).toEqual([{ key }]);
  });
});

describe('an erasure that an operator asks for', () => {
  const erase = (confirm?: string, as?: string) => post(`${TENANT}/erasure`, { confirm }, as);

  it('wants the slug once more, and a tenant that is suspended', async () => {
    expectProblem(await erase(), 400);
    expectProblem(await erase('beta'), 422, 'confirmation_mismatch');
    expectProblem(await erase('alpha'), 409, 'tenant_not_suspended');
    expectProblem(await post(`/v1/platform/tenants/${NIL}/erasure`, { confirm: 'alpha' }), 404);
    expect(await db.look(`select from auth.tenant_archives where op = 'erase'`)).toEqual([]);
  });

  it('does nothing for an operator who is one no longer, nor where the tenant was resumed', async () => {
    const before = [await rowsOf(db, b.id), await objectsOf(here.store, a.id)];
    await here.run('tenant', 'suspend', 'alpha');
    const gone = await newOperator(db);
    const { accessToken } = await grantTo(here.app, db, gone.id, { aal: 2 });
    const { body: one } = await erase('alpha', accessToken);
    await db.look('delete from auth.operators where user_id = $1', [gone.id]);
    await work();
    expect((await get(`/v1/platform/erasures/${one.id}`)).body).toMatchObject({
      status: 'failed',
      error: 'not_an_operator',
    });
    const { body: two } = await erase('alpha');
    await here.run('tenant', 'resume', 'alpha');
    await work();
    expect((await get(`/v1/platform/erasures/${two.id}`)).body).toMatchObject({
      status: 'failed',
      error: 'tenant_not_suspended',
    });
    expect([await rowsOf(db, b.id), await objectsOf(here.store, a.id)]).toEqual(before);
  });

  it('takes all but the log, exports too, and certifies it; delivered again, it certifies the same', async () => {
    await here.run('tenant', 'suspend', 'alpha');
    const { status, body, headers } = await erase('alpha');
    expect([status, headers.get('location')]).toEqual([202, `/v1/platform/erasures/${body.id}`]);
    expectProblem(await post(`${TENANT}/exports`), 409, 'tenant_archive_under_way');
    await work();
    const { body: view } = await get(`/v1/platform/erasures/${body.id}`);
    expect(view).toMatchObject({ status: 'done', slug: 'alpha', tenantId: a.id });
    expect(createHash('sha256').update(view.certificate).digest('hex')).toBe(view.sha256);
    expect(JSON.parse(view.certificate)).toMatchObject({
      format: 'ringfence-erasure-1',
      tenant: { id: a.id, slug: 'alpha' },
    });
    const entry = `select details ->> 'sha256' as sum from app.audit_log where tenant_id = '${NIL}' and action = 'platform.tenant_erased'`;
    expect(await db.look(entry)).toEqual([{ sum: view.sha256 }]);
    expect(await entries('tenant_erased', NIL)).toEqual([mine()]);
    expect(await objectsOf(here.store, a.id)).toEqual({});
    expect(await db.look(`select from auth.tenant_archives where tenant_id = $1 and op = 'export'`, [a.id])).toEqual(
      [],
    );
    expectProblem(await get(TENANT), 404);
    expect(await withAdmin(db, 'select from auth.vault_keys where tenant_id = $1', [a.id])).toEqual([]);
    // as after a crash between the last statement of the erasure and the row's; another tenant has the name by now
    await here.run('tenant', 'create', 'alpha', '--name', 'Other', '--admin-email', 'x@other.example');
    await here.run('tenant', 'suspend', 'alpha');
    await withAdmin(
      db,
      `update auth.tenant_archives set status = 'running', certificate = null, sha256 = null where id = $1`,
      [body.id],
    );
    await deliverAgain(body.id);
    await work();
    expect((await get(`/v1/platform/erasures/${body.id}`)).body).toMatchObject({
      status: 'done',
      certificate: view.certificate,
      sha256: view.sha256,
    });
    expect(await db.look(`select slug from app.tenants where slug = 'alpha'`)).toEqual([{ slug: 'alpha' }]);
  });
});

/** What an archive says that it holds; its sums are checked while it is read. */
async function contentsOf(path: string): ReturnType<typeof readArchive> {
  return readArchive(path, {});
}
