import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { StorageUnavailableError } from '../../src/modules/storage/index.js';
import { useDatabase } from '../support/database.js';
import { FileCalls, fileStage, type FileStage, read, sha256Of } from '../support/file-calls.js';
import { grantTo } from '../support/grant.js';
import { runDueJobs, withAdmin } from '../support/jobs.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import { EICAR, ownScanner } from '../support/scanners.js';
import type { Person, Tenant } from '../support/world.js';

/* A file is reachable exactly as long as its record is: for whom, until when, and what becomes of a URL. */

const { db } = useDatabase();
const { a, b } = db.world;
const NOTE = Buffer.from('Signed on Tuesday.\n');
let stage: FileStage;
let owner: FileCalls;
let foreign: FileCalls;

const callsOf = async (person: Person, tenant: Tenant): Promise<FileCalls> =>
  new FileCalls(stage, (await grantTo(stage.app, db, person.id, { tenant: tenant.id })).accessToken);
/** A member of their own with a deal of theirs. */
async function somebody(visibility = 'public'): Promise<{ person: Person; calls: FileCalls; deal: string }> {
  const person = await newcomer(db, [a, 'member']);
  const calls = await callsOf(person, a);
  const body = { title: 'x', amount: '1', currency: 'EUR', visibility };
  const { body: made } = await stage.app.call('POST', '/v1/deals', { token: calls.token, body });
  return { person, calls, deal: made.id };
}
const edit = (calls: FileCalls, deal: string, method: string, body?: object) =>
  stage.app.call(method, `/v1/deals/${deal}`, { token: calls.token, body, headers: { 'If-Match': '*' } });
const version = { contentType: 'text/plain', size: NOTE.length, sha256: sha256Of(NOTE) };

/** Everything that can be done with a file. */
const everything = (id: string): [string, string, unknown?][] => [
  ['GET', `/${id}`],
  ['GET', `/${id}/versions`],
  ['GET', `/${id}/download`],
  ['POST', `/${id}/versions`, version],
  ['POST', `/${id}/complete`, {}],
  ['DELETE', `/${id}`],
  ['POST', `/${id}/restore`],
];
async function refusals(calls: FileCalls, id: string): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const [method, path, body] of everything(id)) {
    const answer = await calls.call(method, path, body);
    const { traceId: _t, instance: _i, ...rest } = answer.body ?? {};
    seen.add(JSON.stringify([answer.status, rest]));
  }
  return seen;
}

beforeAll(async () => {
  stage = await fileStage(db, 'disk');
  owner = await callsOf(a.users.owner, a);
  foreign = await callsOf(b.users.owner, b);
});

describe('who', () => {
  it('is of another tenant finds nothing, by any door, as if it had never been', async () => {
    const mine = a.deals['owner-public'] as string;
    const id = await owner.made(NOTE, mine);
    expect(await refusals(foreign, id)).toEqual(await refusals(foreign, randomUUID()));
    expect([...(await refusals(foreign, id))]).toEqual([expect.stringMatching(/^\[404,.*not_found/)]);
    expectProblem(await foreign.announce(NOTE, mine), 404, 'not_found');
    expect((await foreign.call('GET', `?resourceType=deal&resourceId=${mine}`)).body).toEqual({
      items: [],
      nextCursor: null,
    });
    expect((await foreign.call('GET', '')).body.items).toEqual([]);
    expect((await foreign.call('GET', '/usage')).body).toEqual({ bytes: 0, bytesAtMost: 10 * 1024 ** 3 });
    const theirs = await foreign.announce(NOTE, b.deals['owner-public'] as string);
    expect(new URL(theirs.body.upload.url).pathname).toContain(`/${b.id}/${theirs.body.id}/`);
    expect(theirs.text).not.toContain(a.id);
    // what was uploaded for one tenant is not completed for another, and a URL is for one object
    const other = new URL(theirs.body.upload.url);
    other.pathname = other.pathname.replace(b.id, a.id);
    expect((await owner.send({ ...theirs.body.upload, url: other.href }, NOTE)).status).toBe(403);
  });

  it('does not see the record finds nothing; who sees it and may not change it reads alone', async () => {
    const { calls, deal } = await somebody('private');
    const id = await calls.made(NOTE, deal);
    expect([...(await refusals(owner, id))]).toEqual([expect.stringMatching(/^\[404,.*not_found/)]);
    expectProblem(await owner.announce(NOTE, deal), 404, 'not_found');
    expect((await owner.call('GET', '?limit=100')).body.items.map((file: { id: string }) => file.id)).not.toContain(id);
    await edit(calls, deal, 'PATCH', { visibility: 'public' });
    expect((await owner.call('GET', `/${id}`)).status).toBe(200);

    const reader = await callsOf(await newcomer(db, [a, 'viewer']), a);
    expect([(await reader.call('GET', `/${id}`)).status, (await reader.download(id)).status]).toEqual([200, 303]);
    expect((await reader.announce(NOTE, deal)).body).toMatchObject({
      code: 'permission_missing',
      missingPermission: 'file:create',
    });
    expect((await reader.call('DELETE', `/${id}`)).body).toMatchObject({ missingPermission: 'file:delete' });
  });

  it('may add files and not change the record is refused by the record', async () => {
    const id = await foreign.made(NOTE, b.deals['owner-public'] as string);
    const member = await callsOf(await newcomer(db, [b, 'member']), b);
    expect((await member.call('POST', `/${id}/versions`, version)).status).toBe(201);
    await db.look(`delete from app.role_permissions where role_id = $1 and permission = 'deal:update'`, [
      b.roles.member,
    ]);
    expect((await member.call('GET', `/${id}`)).status).toBe(200);
    expectProblem(await member.announce(NOTE, b.deals['owner-public'] as string), 403, 'record_not_writable');
    for (const [method, path, body] of everything(id).slice(3, 6))
      expectProblem(await member.call(method, path, body), 403, 'record_not_writable');
    await db.look(`insert into app.role_permissions values ($1, $2, 'deal:update')`, [b.id, b.roles.member]);
  });
});

describe('access that is lost', () => {
  // prettier-ignore
  const losses: [string, number, number, (s: Awaited<ReturnType<typeof somebody>>) => Promise<unknown>][] = [
    ['the record is deleted', 404, 404, ({ deal }) => edit(owner, deal, 'DELETE')],
    ['the record is hidden', 404, 404, async ({ deal }) => {
      await stage.app.call('POST', `/v1/deals/${deal}/transfer`, { token: owner.token, body: { ownerId: a.users.owner.id } });
      await edit(owner, deal, 'PATCH', { visibility: 'private' });
    }],
    ['the role is lost', 403, 303, ({ person }) =>
      db.look('update app.memberships set role_id = $2 where user_id = $1', [person.id, a.roles.viewer])],
    ['the membership is suspended', 403, 403, ({ person }) =>
      db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [person.id])],
    ['the session is ended', 401, 401, ({ person }) => db.look('delete from auth.sessions where user_id = $1', [person.id])],
  ];

  it.each(losses)('%s: nothing is completed (%i), nor given out (%i)', async (_, changes, downloads, lose) => {
    const one = await somebody();
    const id = await one.calls.sent(NOTE, one.deal);
    const ready = await one.calls.made(NOTE, one.deal);
    expect((await one.calls.download(ready)).status).toBe(303);
    await lose(one);
    const refused = [
      await one.calls.announce(NOTE, one.deal),
      await one.calls.call('POST', `/${ready}/versions`, version),
      await one.calls.complete(id),
      await one.calls.complete(ready),
      await one.calls.call('DELETE', `/${ready}`),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => changes));
    expect((await one.calls.download(ready)).status).toBe(downloads);
    expect(await db.look(`select from app.file_versions where file_id = $1 and status = 'ready'`, [id])).toEqual([]);
  });

  it('while the bytes are inspected: they are refused at the end', async () => {
    const one = await somebody();
    const id = await one.calls.sent(NOTE, one.deal);
    const own = stage.driver.read.bind(stage.driver);
    stage.driver.read = async (...args) => {
      await edit(owner, one.deal, 'DELETE');
      return own(...args);
    };
    try {
      expectProblem(await one.calls.complete(id), 404, 'not_found');
    } finally {
      stage.driver.read = own;
    }
    expect(await db.look('select status from app.file_versions where file_id = $1', [id])).toEqual([
      { status: 'pending' },
    ]);
  });

  it('a URL outlives it by its seconds and no longer; a file goes with its record, and not back', async () => {
    const one = await somebody();
    const id = await one.calls.made(NOTE, one.deal);
    const { url } = await owner.download(id);
    await edit(owner, one.deal, 'DELETE');
    expect((await owner.download(id)).status).toBe(404);
    expect((await read(url)).status).toBe(200);
    stage.clock.offset = 61_000;
    expect((await read(url)).status).toBe(403);
    stage.clock.offset = 0;
    expectProblem(await owner.call('POST', `/${id}/restore`), 404, 'not_found');
    expect(await db.look('select from app.files where id = $1 and deleted_at is not null', [id])).toHaveLength(1);
  });

  it('a record that goes while a file is made at it takes the file along', async () => {
    for (let n = 0; n < 4; n += 1) {
      const one = await somebody();
      await Promise.all([
        ...Array.from({ length: 4 }, () => one.calls.announce(NOTE, one.deal)),
        edit(owner, one.deal, 'DELETE'),
      ]);
      expect(await db.look('select from app.files where resource_id = $1 and deleted_at is null', [one.deal])).toEqual(
        [],
      );
    }
  });
});

describe('room', () => {
  it('is never given twice, however many ask at once', async () => {
    const deal = b.deals['owner-public'] as string;
    const { bytes } = (await foreign.call('GET', '/usage')).body;
    const most = bytes + 3 * 4_096 + 1; // small files take that much
    await db.look('update app.storage_usage set bytes_at_most = $2 where tenant_id = $1', [b.id, most]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => foreign.announce(NOTE, deal)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 409, 'storage_quota_exceeded');
    expect((await foreign.call('GET', '/usage')).body).toEqual({ bytes: most - 1, bytesAtMost: most });
    const sums = await db.look(
      'select sum(greatest(size, 4096))::int as n from app.file_versions where tenant_id = $1',
      [b.id],
    );
    expect(sums).toEqual([{ n: most - 1 }]);
    await db.look('update app.storage_usage set bytes_at_most = 1e9 where tenant_id = $1', [b.id]);
  });
});

describe('a store that is down', () => {
  const down = async <T>(method: 'move' | 'read' | 'createUpload', work: () => Promise<T>): Promise<T> => {
    const { driver } = stage;
    const own = driver[method].bind(driver);
    const failing = () => Promise.reject(new StorageUnavailableError(new Error('planted')));
    Object.assign(driver, { [method]: failing });
    return work().finally(() => Object.assign(driver, { [method]: own }));
  };

  it.each(['move', 'read'] as const)('at %s: 503, and the same upload is completed when it is back', async (method) => {
    const id = await owner.sent(NOTE, a.deals['owner-public'] as string);
    const answer = await down(method, () => owner.complete(id));
    expectProblem(answer, 503, 'storage_unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect((await owner.complete(id)).body).toMatchObject({ status: 'ready' });
  });

  it('when a file is announced: 503, and nobody sees a file', async () => {
    const listed = async () =>
      (await owner.call('GET', `?resourceType=deal&resourceId=${a.deals['owner-public']}`)).body;
    const before = await listed();
    expectProblem(await down('createUpload', () => owner.announce(NOTE, a.deals['owner-public'] as string)), 503);
    expect(await listed()).toEqual(before);
    expect(await db.look(`select from app.file_versions where status = 'rejected'`)).toHaveLength(1); // swept within hours
  });

  it('is waited for without a transaction', async () => {
    const id = await owner.sent(NOTE, a.deals['owner-public'] as string);
    const own = stage.driver.read.bind(stage.driver);
    const open: unknown[] = [];
    stage.driver.read = async (...args) => {
      open.push(...(await withAdmin(db, `select state, query from pg_stat_activity where datname = current_database()
        and usename = 'ringfence_app' and state like 'idle in transaction%'`))); // prettier-ignore
      return own(...args);
    };
    // a token that does not list the permission makes the guard open a transaction first
    const granted = await newcomer(db, [a, 'viewer']);
    const late = await callsOf(granted, a);
    await db.look('update app.memberships set role_id = $2 where user_id = $1', [granted.id, a.roles.member]);
    expect((await late.complete(id)).status).toBe(200);
    stage.driver.read = own;
    expect(open).toEqual([]);
  });

  it('bytes that are lost: 410', async () => {
    const id = await owner.made(NOTE, a.deals['owner-public'] as string);
    await db.look(`update app.file_versions set status = 'lost' where file_id = $1`, [id]);
    expect((await owner.call('GET', `/${id}`)).body.status).toBe('lost');
    expectProblem(await owner.call('GET', `/${id}/download`), 410, 'file_lost');
    expectProblem(await owner.complete(id), 409, 'file_lost');
  });
});

describe('with a scanner', () => {
  let scanned: FileStage;
  let calls: FileCalls;
  const deal = a.deals['owner-public'] as string;
  beforeAll(async () => {
    const scanner = await ownScanner();
    db.beforeDrop(scanner.close);
    scanned = await fileStage(db, 'disk', { CLAMD_URL: scanner.url });
    calls = new FileCalls(scanned, (await grantTo(scanned.app, db, a.users.owner.id)).accessToken);
  });
  const actions = (id: string) =>
    db.look(`select action from app.audit_log where target_id = $1 and actor_type = 'job' order by at`, [id]);

  it('a file is quarantined until it is clean', async () => {
    const id = await calls.sent(NOTE, deal);
    expect((await calls.complete(id)).body).toMatchObject({ status: 'quarantined' });
    expectProblem(await calls.call('GET', `/${id}/download`), 409, 'not_ready');
    await runDueJobs(scanned.app);
    expect((await calls.call('GET', `/${id}`)).body.status).toBe('ready');
    expect((await read((await calls.download(id)).url)).status).toBe(200);
    expect(await actions(id)).toEqual([{ action: 'file.cleared' }]);
  });

  it('one that is not goes, with its bytes and its room', async () => {
    const { bytes } = (await calls.call('GET', '/usage')).body;
    const id = await calls.made(Buffer.from(EICAR), deal);
    await runDueJobs(scanned.app);
    expectProblem(await calls.call('GET', `/${id}`), 404, 'not_found');
    expect((await calls.call('GET', '/usage')).body.bytes).toBe(bytes);
    for await (const left of scanned.driver.list(`${a.id}/${id}`)) expect(left).toBeUndefined();
    expect(await actions(id)).toEqual([{ action: 'file.infected' }]);
  });

  it('whose person left is scanned for whoever completes it again', async () => {
    const leaver = await newcomer(db, [a, 'member']);
    const theirs = new FileCalls(scanned, (await grantTo(scanned.app, db, leaver.id, { tenant: a.id })).accessToken);
    const id = await theirs.made(NOTE, deal);
    await db.look('delete from app.memberships where user_id = $1', [leaver.id]);
    await runDueJobs(scanned.app);
    expect((await calls.call('GET', `/${id}`)).body.status).toBe('quarantined');
    expect((await calls.complete(id)).body.status).toBe('quarantined');
    await runDueJobs(scanned.app);
    expect((await calls.call('GET', `/${id}`)).body.status).toBe('ready');
  });
});
