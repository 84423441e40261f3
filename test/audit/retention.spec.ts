import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import { INSTALLATION } from '../support/audit.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { download, linesOf, sealAll, verify } from './exported.js';

const { db } = useDatabase();
const held = useApp(db);
const { a, b } = db.world;
let folder: string;

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const env = { SERVICE_DATABASE_URL: db.connections.service, RINGFENCE_HOME: join(folder, 'none') };
  const print = (line: string): void => void lines.push(line);
  return { code: await runCli(args, COMMANDS, { env, out: print, err: print }), text: lines.join('\n') };
}

/** The first of the month, so many months ago. */
const monthAgo = (months: number): string => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months)).toISOString();
};
const ym = (months: number): string => monthAgo(months).slice(0, 7);

/** A month of the past, with so many entries of a tenant, as if time had gone by. */
async function plantMonth(months: number, count: number): Promise<void> {
  const admin = await db.as('admin');
  await admin.query('set role ringfence_derive');
  for (const parent of ['audit_log', 'audit_changes'])
    await admin.query('select audit.make_partition($1, $2, $3)', [
      parent,
      `${parent.replace('audit_', '')}_${ym(months).replace('-', '_')}`,
      monthAgo(months),
    ]);
  await admin.query('reset role');
  await admin.query(
    `insert into app.audit_log (tenant_id, at, id, xact_id, n, actor_type, action, outcome)
       select $1, x.at, uuidv7(x.at - clock_timestamp()), $4, n, 'job', 'test.planted', 'success'
         from generate_series(0, $3 - 1) n cross join lateral (select $2::timestamptz + n * interval '1 hour' as at) x`,
    [a.id, monthAgo(months), count, String(9 - months)], // by a transaction from before all others
  );
  await admin.end();
}

const partitions = async (): Promise<string[]> =>
  (await db.look<{ name: string }>(`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'app.audit_log'::regclass`))
    .map(({ name }) => name).sort(); // prettier-ignore
const exported = async (): Promise<string> =>
  (await download(held.app, (await grantTo(held.app, db, a.users.owner.id, { tenant: a.id, aal: 2 })).accessToken))
    .text;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-retention-'));
  await plantMonth(3, 300);
  await plantMonth(2, 20);
  await plantMonth(1, 10);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('retention of the audit log', () => {
  it('refuses to drop what has no number yet', async () => {
    const { code, text } = await run('audit', 'retain', '--keep-months', '1');
    expect([code, text]).toEqual([1, expect.stringContaining('has no number yet')]);
    expect(await partitions()).toContain(`audit.log_${ym(3).replace('-', '_')}`);
  });

  it('says what it would drop, and drops nothing', async () => {
    await sealAll(held.app, db);
    const before = await partitions();
    const { code, text } = await run('audit', 'retain', '--keep-months', '1', '--dry-run');
    expect([code, text]).toEqual([
      0,
      `would drop  ${ym(3)}  300 rows of 1 logs\nwould drop  ${ym(2)}  20 rows of 1 logs`,
    ]);
    expect(await partitions()).toEqual(before);
  });

  it('drops whole months, and says so in each log that lost rows and in the installation’s', async () => {
    const text = await exported();
    await verify(text);
    const dropped = await run('audit', 'retain', '--keep-months', '1');
    expect([dropped.code, dropped.text]).toEqual([
      0,
      `dropped  ${ym(3)}  300 rows of 1 logs\ndropped  ${ym(2)}  20 rows of 1 logs`,
    ]);
    expect((await partitions())[0]).toBe(`audit.log_${ym(1).replace('-', '_')}`);
    const gone = await (await db.as('admin')).query('select to_regclass($1) as there', [`audit.changes_${ym(3).replace('-', '_')}`]); // prettier-ignore
    expect(gone.rows).toEqual([{ there: null }]);
    const noted = await db.look<{ log: string; details: object; actor_type: string }>(
      `select tenant_id as log, actor_type, details from app.audit_log where action = 'audit.retention_applied' order by xact_id, tenant_id, n`,
    );
    const note = (log: string, months: number, rows: number): object => ({
      log,
      actor_type: 'command_line',
      details: {
        ...{ from: `${ym(months)}-01T00:00:00.000000Z`, to: `${ym(months - 1)}-01T00:00:00.000000Z` },
        ...(log === INSTALLATION ? { rows: 0, rowsOfAllLogs: rows } : { rows }), // none of the rows was its own
      },
    });
    expect(noted).toEqual([
      note(INSTALLATION, 3, 300),
      note(INSTALLATION, 2, 20),
      note(a.id, 3, 300),
      note(a.id, 2, 20),
    ]);
    expect(await run('audit', 'retain', '--keep-months', '1')).toEqual({
      code: 0,
      text: 'Nothing is older than 1 months before this one.',
    });
  });

  it('leaves exports that verify, with the hashes of what went', async () => {
    await sealAll(held.app, db);
    const text = await exported();
    const proved = await verify(text);
    expect(proved.pruned).toBe(320);
    expect(linesOf(text).filter(({ entry }) => entry?.['action'] === 'test.planted')).toHaveLength(10);
    const early = linesOf(text).find(({ checkpoint }) => checkpoint)?.checkpoint ?? '';
    await verify(text, { checkpoints: [early] });
  });

  it('leaves every remaining row proved, over the API', async () => {
    const token = (await grantTo(held.app, db, a.users.owner.id, { tenant: a.id })).accessToken;
    const [entry] = (await held.app.call('GET', '/v1/audit-log?action=test.planted&limit=1', { token })).body.items;
    const { status, body } = await held.app.call('GET', `/v1/audit-log/${entry.id}/proof`, { token });
    expect([status, body.seq]).toEqual([200, entry.seq]);
    expect(body.inclusionPath.length).toBeGreaterThan(5);
  });

  it('never takes this month, nor one that is not over, nor asks nobody', async () => {
    const before = await partitions();
    await sealAll(held.app, db);
    const tried = await db.service(async (client) => {
      await client.query('select auth.enter_command_line()');
      return client.query(`select * from app.apply_audit_retention(now() + interval '10 years', true)`);
    });
    expect(tried).toHaveLength(1); // last month
    expect(await partitions()).toEqual(before.slice(1));
    await expect(db.look(`select * from app.apply_audit_retention(now(), true)`)).rejects.toMatchObject({
      code: 'RF023',
    });
    for (const role of ['app', 'auth', 'owner'] as const)
      await expect(
        (await db.as(role)).query(`select * from app.apply_audit_retention(now(), false)`),
      ).rejects.toMatchObject({ code: '42501' });
  });

  it('leaves the log append-only everywhere', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ name: string; on: string[] }>(`
      select c.oid::regclass::text as name, array_agg(t.tgname::text order by t.tgname) as on
        from pg_class c join pg_trigger t on t.tgrelid = c.oid and t.tgenabled = 'A'
       where c.relkind in ('r', 'p') and (c.relnamespace = 'audit'::regnamespace or c.oid::regclass::text ~ '^app.audit_') group by 1`);
    expect(rows.length).toBeGreaterThanOrEqual(2 + 2 * (await partitions()).length);
    for (const { name, on } of rows) expect([name, on]).toEqual([name, ['append_only', 'no_truncate']]);
    const [month] = await partitions();
    for (const sql of [
      `delete from ${month}`,
      `truncate ${month}`,
      'update app.audit_leaves set seq = 0',
      'delete from app.audit_checkpoints',
    ])
      await expect(admin.query(sql)).rejects.toMatchObject({ code: 'RF026' });
  });
});

describe('an export by whoever runs the installation', () => {
  it('is a folder that an auditor verifies alone, and is on record', async () => {
    await sealAll(held.app, db);
    const to = join(folder, 'export');
    const { code, text } = await run('audit', 'export', a.slug, '--to', to);
    expect([code, text]).toEqual([0, expect.stringContaining('README.txt beside it says how to verify them.')]);
    expect((await readdir(to)).sort()).toEqual(['README.txt', 'keys.txt', 'log.ndjson', 'ringfence-audit-verify.mjs']);
    const keys = (await readFile(join(to, 'keys.txt'), 'utf8')).trim().split('\n');
    const log = await readFile(join(to, 'log.ndjson'), 'utf8');
    const proved = await verify(log, { keys });
    expect(proved.openings).toBeGreaterThan(0);
    expect(linesOf(log).slice(1)).toEqual(linesOf(await exported()).slice(1));
    expect(await run('audit', 'export', a.slug, '--to', to)).toMatchObject({
      code: 1,
      text: expect.stringContaining('is there already'),
    });
    const marks = await db.look(
      `select tenant_id from app.audit_log where action = 'audit.exported' and actor_type = 'command_line' order by 1`,
    );
    expect(marks).toEqual([{ tenant_id: INSTALLATION }, { tenant_id: a.id }]);
  });

  it('has the installation’s own log, too, and no log of nobody', async () => {
    await sealAll(held.app, db);
    const to = join(folder, 'platform');
    expect((await run('audit', 'export', 'platform', '--to', to)).code).toBe(0);
    const lines = linesOf(await readFile(join(to, 'log.ndjson'), 'utf8'));
    expect(lines[0]?.header?.tenantId).toBe(INSTALLATION);
    expect(lines.map(({ entry }) => entry?.['action'])).toContain('audit.exported');
    expect(lines.filter(({ entry }) => entry && entry['tenantId'] !== INSTALLATION)).toEqual([]);
    expect(await run('audit', 'export', 'nobody', '--to', join(folder, 'x'))).toMatchObject({
      code: 1,
      text: expect.stringContaining('There is no tenant nobody'),
    });
    await expect(db.look('select * from app.audit_openings_of($1, $2)', [b.id, []])).rejects.toMatchObject({
      code: 'RF023',
    });
  });
});
