import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../support/database.js';
import { sealAll, verify } from '../audit/exported.js';
import { emptyDatabase, type Installation, installation } from './installations.js';

const { db } = useDatabase();
const { a, b } = db.world;

let here: Installation;
let there: Installation;
let folder: string;

/** What a log looks like that has lived: old months, some of them gone, a later epoch, transactions of far-away numbers. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-logs-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  here = await installation(db);
  const admin = await db.as('admin');
  await admin.query(`set role ringfence_derive;
    select audit.make_partition(p, replace(p, 'audit_', '') || to_char(m, '_YYYY_MM'), m)
      from unnest(array['audit_log', 'audit_changes']) p, unnest(array['2024-01-01Z', '2024-02-01Z']::timestamptz[]) m;
    reset role`);
  // before all that is there, so in transactions of low numbers
  await admin.query(`insert into app.audit_log (tenant_id, at, id, xact_id, n, actor_type, action, outcome)
    select t, at, uuidv7(at - now()), extract(month from at)::text::xid8, 0, 'job', 'test.planted', 'success'
      from unnest(array['${a.id}', '${b.id}']::uuid[]) t, unnest(array['2024-01-02Z', '2024-02-02Z']::timestamptz[]) at`);
  await admin.query(`set timezone = 'UTC'; update auth.audit_state set epoch = 7`);
  await sealAll(here.app, db);
  await db.service(async (client) => {
    await client.query('select auth.enter_command_line()');
    await client.query(`select * from app.apply_audit_retention('2024-02-01Z', true)`);
  });
  await sealAll(here.app, db);
  there = await installation(await emptyDatabase(db));
}, 60_000);

const exported = async (from: Installation, slug: string): Promise<string> => {
  const to = await mkdtemp(join(folder, 'audit-'));
  expect(await from.run('audit', 'export', slug, '--to', to)).toMatchObject({ code: 0, err: '' });
  return readFile(join(to, 'log.ndjson'), 'utf8');
};

describe('a log that comes from another installation', () => {
  it('brings its old months, what retention took of it, and its epochs', async () => {
    await db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      for (const _ of [1, 2, 3])
        await client.query(`select app.record_platform_audit('test.unnumbered', $1, '{}', null)`, [a.id]);
    });
    const path = join(folder, 'a.tar.gz');
    expect(await here.run('tenant', 'export', 'alpha', '--out', path)).toMatchObject({ code: 0, err: '' });
    // the sealer there goes beyond the transactions of those without a number: as they are, it would never look at them
    await there.db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      await client.query(`select app.record_platform_audit('test.moves_on', null, '{}', null)`);
    });
    await sealAll(there.app, there.db);
    expect(await there.run('tenant', 'import', path)).toMatchObject({ code: 0, err: '' });
    await sealAll(there.app, there.db);
    const text = await exported(there, 'alpha');
    expect(await verify(text)).toMatchObject({ pruned: 1 });
    const epochs = await there.db.look(
      'select distinct epoch from app.audit_checkpoints where tenant_id = $1 order by 1',
      [a.id],
    );
    expect(epochs).toEqual([{ epoch: 7 }, { epoch: 8 }]);
    const order = await there.db.look<{ action: string }>(
      `select l.action from app.audit_leaves f join app.audit_log l on l.tenant_id = f.tenant_id and l.id = f.entry_id
        where f.tenant_id = $1 order by f.seq desc limit 5`, [a.id]); // prettier-ignore
    expect(order.map(({ action }) => action).reverse()).toEqual([
      ...Array<string>(3).fill('test.unnumbered'),
      'platform.tenant_exported',
      'platform.tenant_imported',
    ]);
  });

  it('does not change what counts as removed in another log, in either direction', async () => {
    const path = join(folder, 'b.tar.gz');
    await here.run('tenant', 'suspend', 'alpha');
    await here.run('tenant', 'erase', 'alpha', '--confirm', 'alpha');
    expect(await here.run('tenant', 'export', 'beta', '--out', path)).toMatchObject({ code: 0, err: '' });
    const retain = async (): Promise<void> => {
      await there.db.service(async (client) => {
        await client.query('select auth.enter_command_line()');
        await client.query(`select * from app.apply_audit_retention('2024-03-01Z', true)`);
      });
      await sealAll(there.app, there.db);
    };
    await retain();
    expect(await there.run('tenant', 'import', path)).toMatchObject({ code: 0, err: '' }); // brings a month back
    await sealAll(there.app, there.db);
    const pruned = async (slug: string): Promise<number> => (await verify(await exported(there, slug))).pruned;
    expect([await pruned('alpha'), await pruned('beta'), await pruned('platform')]).toEqual([2, 1, 0]);
    await retain();
    expect([await pruned('alpha'), await pruned('beta'), await pruned('platform')]).toEqual([2, 2, 0]);
  });

  it('of a tenant that was erased where it comes to is refused: that log goes on', async () => {
    const path = join(folder, 'c.tar.gz');
    expect(await there.run('tenant', 'export', 'beta', '--out', path)).toMatchObject({ code: 0 });
    await there.run('tenant', 'suspend', 'beta');
    await there.run('tenant', 'erase', 'beta', '--confirm', 'beta');
    expect(await there.run('tenant', 'import', path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('a log of it'),
    });
  });

  it('loses nothing when entries were written while it came', async () => {
    await there.db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      await client.query(`select app.record_platform_audit('test.later', $1, '{}', null)`, [a.id]);
    });
    await sealAll(there.app, there.db);
    expect(await exported(there, 'alpha')).toContain('"test.later"');
  });
});
