import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { plantRole } from '../support/role-graph.js';
import type { Person, Tenant } from '../support/world.js';

/*
 * Files by SQL, as ringfence_app with a live context and no route anywhere near: what is seen follows the record, nothing is
 * written by a statement, and the functions ask for themselves who may.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const TABLES = ['files', 'file_versions', 'storage_usage'];
let app: Client;
let auth: Client;
/** capabilities */
const caps = {} as Record<'owner' | 'member' | 'foreign' | 'bound', string>;
/** files: at a public deal of the member's, at a private one of the member's, of the other tenant */
const files = {} as Record<'public' | 'private' | 'foreign', string>;

const capOf = async (tenant: Tenant, person: Person): Promise<string> =>
  (await plantCapability(db, tenant, person)).cap;
/** One statement as somebody, committed. */
async function doing<Row extends object>(cap: string, text: string, values: unknown[] = []): Promise<Row[]> {
  await app.query('begin');
  await app.query(`select app.enter($1, '{}')`, [cap]);
  const { rows } = await app.query<Row>(text, values);
  await app.query('commit');
  return rows;
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: DatabaseError) => error.code ?? '',
  );
/** The code of a refusal, in a transaction that is rolled back. */
const refusal = (cap: string, text: string, values: unknown[] = []): Promise<string> =>
  acting(app, cap, () => codeOf(app.query(text, values)));
const create = (cap: string, deal: string | undefined, size = 10) =>
  doing<{ file_id: string; upload_key: string }>(
    cap,
    `select * from app.create_file('deal', $1, 'x.txt', 'text/plain', $2, repeat('0', 64))`,
    [deal, size],
  ).then((rows) => rows[0]!);

beforeAll(async () => {
  [app, auth] = [await db.as('app'), await db.as('auth')];
  caps.owner = await capOf(a, a.users.owner);
  caps.member = await capOf(a, a.users.member);
  caps.foreign = await capOf(b, b.users.owner);
  files.public = (await create(caps.member, a.deals['member-public'])).file_id;
  files.private = (await create(caps.member, a.deals['member-private'])).file_id;
  files.foreign = (await create(caps.foreign, b.deals['owner-public'])).file_id;
  // may add files, sees what is public, and changes no deal
  const rights = ['deal:read', 'file:read', 'file:create', 'file:delete'];
  const role = await plantRole(db, a, rights, [a.roles.owner]);
  const filer = await newcomer(db, [a, 'viewer']);
  await db.look('update app.memberships set role_id = $2 where user_id = $1', [filer.id, role]);
  caps.bound = await capOf(a, filer);
});

describe('rows', () => {
  it('are seen by who sees the record, and by nobody else', async () => {
    for (const [cap, seen] of [
      [caps.member, ['public', 'private']],
      [caps.owner, ['public']],
      [caps.bound, ['public']],
      [caps.foreign, ['foreign']],
    ] as const) {
      const expected = seen.map((name) => files[name]).sort();
      const ids = (await doing<{ id: string }>(cap, 'select id from app.files')).map(({ id }) => id);
      const ofVersions = (await doing<{ id: string }>(cap, 'select file_id as id from app.file_versions')).map(
        ({ id }) => id,
      );
      expect([ids.sort(), ofVersions.sort()]).toEqual([expected, expected]);
      expect(await doing(cap, 'select from app.storage_usage')).toHaveLength(1);
    }
    for (const table of TABLES) expect((await app.query(`select from app.${table}`)).rows).toEqual([]);
  });

  it('are written by no statement, not even of who may change the record', async () => {
    for (const table of TABLES)
      for (const text of [
        `insert into app.${table} select * from app.${table}`,
        `update app.${table} set tenant_id = tenant_id`,
        `delete from app.${table}`,
        `truncate app.${table}`,
      ])
        expect([table, text, await refusal(caps.owner, text)]).toEqual([table, text, '42501']);
  });
});

const DISCARD = 'select app.discard_version($1, 1, $2)';
const take = (id: string, number = 1) =>
  doing<{ token: string }>(caps.owner, 'select checking_token as token from app.check_version($1, $2)', [
    id,
    number,
  ]).then((rows) => rows[0]!);
const sweep = () =>
  auth.query<{ file_id: string; number: number }>(`select * from auth.versions_to_sweep('1 day', '30 days', 100)`);
const CALLS: [string, string][] = [
  ['add_file_version', `app.add_file_version($1, 'text/plain', 1, repeat('0', 64))`],
  ['name_upload', `app.name_upload($1, 1, 'x')`],
  ['check_version', `app.check_version($1, null)`],
  ['settle_version', `app.settle_version($1, 1, 'ready', gen_random_uuid())`],
  ['discard_version', `app.discard_version($1, 1, gen_random_uuid())`],
  ['delete_file', `app.delete_file($1)`],
];

describe('functions', () => {
  it.each(CALLS)('%s asks who may', async (_, call) => {
    const text = `select ${call}`;
    expect({
      hidden: await refusal(caps.owner, text, [files.private]),
      foreign: await refusal(caps.owner, text, [files.foreign]),
      unknown: await refusal(caps.owner, text, [a.id]),
      nobody: await refusal('', text, [files.public]),
      bound: await refusal(caps.bound, text, [files.public]),
    }).toEqual({ hidden: 'P0002', foreign: 'P0002', unknown: 'P0002', nobody: 'P0002', bound: 'RF031' });
    expect(await refusal(caps.owner, text, [files.public])).toMatch(/^(done|RF032)$/);
  });

  it('create_file: at a record that is seen and may be changed, and at what can have files', async () => {
    const text = `select app.create_file($1, $2, 'x', 'text/plain', 1, repeat('0', 64))`;
    const told = (cap: string, type: string, id?: string) => refusal(cap, text, [type, id]);
    expect(await told(caps.owner, 'deal', a.deals['member-private'])).toBe('P0002');
    expect(await told(caps.owner, 'deal', b.deals['owner-public'])).toBe('P0002');
    expect(await told(caps.owner, 'tenant', a.id)).toBe('P0002');
    expect(await told('', 'deal', a.deals['member-public'])).toBe('P0002');
    expect(await told(caps.bound, 'deal', a.deals['member-public'])).toBe('RF031');
    expect(await told(caps.owner, 'deal', a.deals['member-public'])).toBe('done');
  });

  it('draws keys that carry the tenant, and settles nothing that nobody took up', async () => {
    const made = await create(caps.owner, a.deals['owner-public']);
    expect(made.upload_key.startsWith(`${a.id}/${made.file_id}/`)).toBe(true);
    const settle = `select app.settle_version($1, 1, $2, $3)`;
    for (const none of [null, randomUUID()])
      expect(await refusal(caps.owner, settle, [made.file_id, 'ready', none])).toBe('RF032');
    const { token } = await take(made.file_id);
    expect(await refusal(caps.member, 'select app.check_version($1, 1)', [made.file_id])).toBe('RF032');
    for (const status of ['lost', 'deleted', null])
      expect(await refusal(caps.owner, settle, [made.file_id, status, token])).toBe('RF032');
    await doing(caps.owner, settle, [made.file_id, 'quarantined', token]);
    // out of quarantine leads the scan, and nobody who asks
    for (const status of ['ready', 'pending'])
      expect(await refusal(caps.owner, settle, [made.file_id, status, token])).toBe('RF032');
    expect(await refusal(caps.owner, DISCARD, [made.file_id, token])).toBe('RF032');
    expect(await doing(caps.owner, 'select app.settle_scan(true) as settled')).toEqual([{ settled: false }]);
    expect(await db.look('select status from app.file_versions where file_id = $1', [made.file_id])).toEqual([
      { status: 'quarantined' },
    ]);
  });

  it('whoever took so long that another one took it up settles nothing', async () => {
    const { file_id: id } = await create(caps.owner, a.deals['owner-public']);
    const { token: late } = await take(id);
    await db.look(`update app.file_versions set checking_since = now() - interval '16 minutes' where file_id = $1`, [
      id,
    ]);
    const { token } = await take(id);
    for (const status of ['ready', 'quarantined', 'pending'])
      expect(await refusal(caps.owner, 'select app.settle_version($1, 1, $2, $3)', [id, status, late])).toBe('RF032');
    expect(await refusal(caps.owner, DISCARD, [id, late])).toBe('RF032');
    expect(await refusal(caps.owner, DISCARD, [id, token])).toBe('done');
    // whoever sweeps takes it from both
    await db.look('update app.file_versions set swept_at = now() where file_id = $1', [id]);
    expect(await refusal(caps.owner, DISCARD, [id, token])).toBe('RF032');
    await auth.query('select auth.sweep_version($1, $2, 1)', [a.id, id]);
  });

  it('shows nobody a version that was discarded beside one that is offered, and restores none that is alone', async () => {
    const { file_id: id } = await create(caps.owner, a.deals['owner-public']);
    await doing(caps.owner, `select app.settle_version($1, 1, 'ready', $2)`, [id, (await take(id)).token]);
    await doing(caps.owner, `select app.add_file_version($1, 'text/plain', 10, repeat('0', 64))`, [id]);
    await doing(caps.owner, 'select app.discard_version($1, 2, $2)', [id, (await take(id, 2)).token]);
    const seen = 'select number from app.file_versions where file_id = $1';
    expect(await doing(caps.owner, seen, [id])).toEqual([{ number: 1 }]);
    const { file_id: alone } = await create(caps.owner, a.deals['owner-public']);
    await doing(caps.owner, DISCARD, [alone, (await take(alone)).token]);
    expect(await refusal(caps.owner, 'select app.restore_file($1)', [alone])).toBe('P0002');
  });

  it('keeps the room of what is discarded, unseen, until it is swept', async () => {
    const used = async () => (await db.look<{ n: string }>('select bytes as n from app.storage_usage where tenant_id = $1', [a.id]))[0]?.n; // prettier-ignore
    const before = await used();
    const { file_id: id } = await create(caps.owner, a.deals['owner-public'], 1_000);
    const { token } = await take(id);
    await doing(caps.owner, DISCARD, [id, token]);
    expect(Number(await used())).toBe(Number(before) + 4_096); // no less than that, however small
    for (const [table, column] of [
      ['files', 'id'],
      ['file_versions', 'file_id'],
    ])
      // prettier-ignore
      expect(await doing(caps.owner, `select from app.${table} where ${column} = $1`, [id])).toEqual([]);
    expect(await refusal(caps.owner, 'select app.check_version($1, 1)', [id])).toBe('P0002');
    const waits = async () => (await sweep()).rows.some(({ file_id }) => file_id === id);
    expect(await waits()).toBe(false); // its URL lives
    await db.look(`update app.file_versions set created_at = now() - interval '3 hours' where file_id = $1`, [id]);
    expect(await waits()).toBe(true);
    await auth.query('select auth.sweep_version($1, $2, 1)', [a.id, id]);
    expect([await used(), await db.look('select from app.files where id = $1', [id])]).toEqual([before, []]);
  });

  it('of the sweeper and of the installation are not the application’s', async () => {
    for (const call of [
      `auth.versions_to_sweep('0', '0', 1)`, `auth.sweep_version('${a.id}', '${a.id}', 1)`, `auth.unknown_objects('{}')`,
      `auth.versions_to_look_for(1)`, `auth.mark_version('${a.id}', '${a.id}', 1, false)`, `app.set_storage_quota('${a.id}', 1)`,
      `app.remove_version('${a.id}', '${a.id}', 1, '{}')`, `app.reserve_storage('${a.id}', 1)`,
    ]) expect([call, await refusal(caps.owner, `select ${call}`)]).toEqual([call, '42501']); // prettier-ignore
  });
});

describe('sweeping', () => {
  it('marks before anything goes, so that nobody completes or restores what is being removed', async () => {
    const old = (await create(caps.owner, a.deals['owner-public'])).file_id;
    const gone = (await create(caps.owner, a.deals['owner-public'])).file_id;
    const busy = (await create(caps.owner, a.deals['owner-public'])).file_id;
    await db.look(`update app.file_versions set created_at = now() - interval '2 days' where file_id = any ($1)`, [
      [old, busy],
    ]);
    await db.look(`update app.files set deleted_at = now() - interval '31 days' where id = $1`, [gone]);
    await doing(caps.owner, 'select app.check_version($1, 1)', [busy]);
    const found = (await sweep()).rows.map((row) => row.file_id);
    expect(found.sort()).toEqual([old, gone].sort());
    expect(await refusal(caps.owner, 'select app.check_version($1, 1)', [old])).toBe('P0002');
    expect(await refusal(caps.owner, 'select app.restore_file($1)', [gone])).toBe('P0002');
    expect((await sweep()).rows).toHaveLength(2); // until they are gone
    for (const id of [old, gone, busy])
      expect((await auth.query('select auth.sweep_version($1, $2, 1) as swept', [a.id, id])).rows).toEqual([
        { swept: id !== busy },
      ]);
    expect((await sweep()).rows).toEqual([]);
    const entries = await db.look('select action, target_id as id from app.audit_log where target_id = any ($1) and actor_type = $2', [[old, gone], 'task']); // prettier-ignore
    expect(entries).toEqual(
      expect.arrayContaining([
        { action: 'file.abandoned', id: old },
        { action: 'file.purged', id: gone },
      ]),
    );
  });

  it('a file that is restored while the sweeper looks is not swept', async () => {
    const { file_id: id } = await create(caps.owner, a.deals['owner-public']);
    await db.look(`update app.files set deleted_at = now() - interval '31 days' where id = $1`, [id]);
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [caps.owner]);
    await app.query('select app.restore_file($1)', [id]);
    expect((await sweep()).rows).toEqual([]);
    await app.query('commit');
    expect((await sweep()).rows).toEqual([]);
    expect(await doing(caps.owner, 'select from app.files where id = $1', [id])).toHaveLength(1);
  });
});
