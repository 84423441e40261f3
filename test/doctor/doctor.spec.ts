import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/config/index.js';
import { withCatalogue } from '../../src/database/catalogue.js';
import { ALLOWED } from '../../src/modules/doctor/allowed.js';
import type { Check } from '../../src/modules/doctor/check.js';
import { CHECKS } from '../../src/modules/doctor/checks/index.js';
import { examine, type Rules } from '../../src/modules/doctor/doctor.js';
import { PROTECTIONS_IN_ORDER } from '../../src/modules/doctor/protections.js';
import type { Report } from '../../src/modules/doctor/report.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import { seedDemo } from '../../src/start/demo/seed.js';
import { pageOf } from '../../src/start/doctor/page.js';
import { tableOf } from '../../src/start/doctor/table.js';
import { testRing, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { MemoHasher } from '../support/memo-hasher.js';
import { operatorToken } from '../support/operators.js';
import { expectProblem } from '../support/problem.js';

const { db } = useDatabase();
const held = useApp(db);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ask = (rules: Partial<Rules> = {}, roles: readonly ('app' | 'service')[] = ['app', 'service']): Promise<Report> =>
  withCatalogue(db.connections.app, (app) =>
    withCatalogue(db.connections.service, (service) => {
      const all = { app, service };
      return examine(Object.fromEntries(roles.map((role) => [role, all[role]])), { production: false, ...rules });
    }),
  );

const bad = ({ checks }: Report) => checks.filter(({ status }) => status === 'found' || status === 'skipped');

const check = (change: Partial<Check>): Check => ({
  id: 'sample',
  title: 'A sample',
  severity: 'BLOCK',
  why: 'Because.',
  mend: 'Do <b>this</b>.',
  asks: 'app',
  sql: `select 'app.<deals>' as object, 'it is "open"' as detail`,
  ...change,
});

async function cli(args: string[], env: NodeJS.ProcessEnv = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const { app: APP_DATABASE_URL, service: SERVICE_DATABASE_URL } = db.connections;
  const code = await runCli(['doctor', ...args], COMMANDS, {
    env: { APP_DATABASE_URL, SERVICE_DATABASE_URL, NO_COLOR: '1', ...env },
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('the migrated database with the demo in it', () => {
  beforeAll(async () => {
    const hasher = new MemoHasher({ env: { PASSWORD_HASH_CONCURRENCY: 2 } } as Config);
    await seedDemo(db.connections.service, held.app.url, { hasher, ring: testRing }, () => Promise.resolve());
  });

  it('has nothing that is not allowed, and every allowance is used', async () => {
    const report = await ask();
    expect(bad(report)).toEqual([]);
    expect(report.verdict).toBe('PASS');
    expect(report.checks.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
    expect(report).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      server: expect.stringMatching(/^\d+\.\d+/),
      database: new URL(db.connections.app).pathname.slice(1),
      roles: ['ringfence_app', 'ringfence_service'],
    });
  });

  it('is not fit for production: its server is the embedded one', async () => {
    const bogus = { check: 'no-such-check', object: 'app.deals', reason: 'None.', date: '2026-01-02' };
    const report = await ask({ production: true, allowed: [...ALLOWED, bogus] });
    expect(bad(report).map(({ id, findings }) => [id, findings[0]?.detail])).toEqual([
      ['server-version', expect.stringMatching(/security fixes are missing/)],
      ['allowance-unused', 'there is no check no-such-check'],
    ]);
    expect(report.verdict).toBe('BLOCK');
  });

  it('is what migrations/protections.txt says: else run `npm run schema:protections`', async () => {
    const lines = await withCatalogue(db.connections.service, (select) =>
      select<{ line: string }>(PROTECTIONS_IN_ORDER),
    );
    const file = await readFile('migrations/protections.txt', 'utf8');
    expect(lines.map(({ line }) => `${line}\n`).join('')).toBe(file);
  });

  it('is reported to operators, with all that the command says', async () => {
    const token = await operatorToken(held.app, db);
    const { status, body, headers } = await held.app.call('GET', '/v1/platform/isolation', { token });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect({ ...body, at: '' }).toEqual({ ...(await ask()), at: '' });
    const low = await operatorToken(held.app, db, 1);
    expectProblem(await held.app.call('GET', '/v1/platform/isolation', { token: low }), 403, 'aal2_required');
  });
});

describe('the report', () => {
  it('counts what cannot run as a fault: nothing is known of it', async () => {
    const [first, second] = (await ask({ checks: [check({ sql: 'select 1 from pg_authid' }), check({ id: 'other' })] }))
      .checks;
    expect(first).toMatchObject({
      status: 'skipped',
      skipped: expect.stringMatching(/permission denied.*db bootstrap/),
    });
    expect(second).toMatchObject({ status: 'found', findings: [{ object: 'app.<deals>' }] });
    const without = await ask({ checks: [check({ asks: 'service' })] }, ['app']);
    expect(without.checks[0]).toMatchObject({ status: 'skipped', skipped: 'no connection of ringfence_service' });
    expect(without.verdict).toBe('FIX');
  });

  it('accepts what is allowed by check and object, and names allowances that match nothing', async () => {
    const allowance = { check: 'sample', object: 'app.<deals>', reason: 'It is <i>meant</i>.', date: '2026-01-02' };
    const accepted = await ask({ checks: [check({})], allowed: [allowance] });
    expect(accepted.verdict).toBe('PASS');
    expect(accepted.checks).toMatchObject([
      { status: 'accepted', findings: [{ allowed: { reason: 'It is <i>meant</i>.', date: '2026-01-02' } }] },
    ]);
    for (const other of [{ object: 'app.other' }, { check: 'fence' }, { only: 'development' as const }]) {
      const rules = { checks: [check({})], allowed: [{ ...allowance, ...other }], production: true };
      expect((await ask(rules)).verdict).toBe('BLOCK');
    }
    const unused = await ask({ checks: [check({ sql: 'select 1 where false' })], allowed: [allowance] });
    expect(unused.verdict).toBe('FIX');
    expect(unused.checks.at(-1)).toMatchObject({ id: 'allowance-unused', findings: [{ object: 'app.<deals>' }] });
  });

  it('is a page that loads nothing, runs nothing and escapes what it names', async () => {
    const page = pageOf(await ask({ checks: [check({})] }));
    expect(page).toContain('<code>app.&lt;deals&gt;</code>: it is &quot;open&quot;');
    expect(page).toContain('Do &lt;b&gt;this&lt;/b&gt;.');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/i);
    expect(page).toMatch(/^<!doctype html>[^]*class="verdict BLOCK"[^]*<\/html>\n$/);
  });

  it('is a table with colours where they are wanted only', async () => {
    const report = await ask({ checks: [check({})] });
    expect(tableOf(report, true).join('\n')).toContain('\u001b[');
    const plain = tableOf(report, false).join('\n');
    expect(plain).not.toContain('\u001b[');
    expect(plain).toMatch(
      /^BLOCK +sample +A sample\n +app\.<deals>: it is "open"\n +Because\.\n +Do <b>this<\/b>\.\n +docs\/doctor\/sample\.md$/m,
    );
  });
});

describe('the command', () => {
  it('prints nothing but JSON with --json, writes the page beside it, and ends with 2 on a BLOCK', async () => {
    const file = join(folder, 'report.html');
    const { code, out } = await cli(['--json', '--html', file], { NODE_ENV: 'production' });
    expect(JSON.parse(out)).toMatchObject({ verdict: 'BLOCK', checks: expect.any(Array) });
    expect(await readFile(file, 'utf8')).toContain('<strong>BLOCK</strong>');
    expect(code).toBe(2);
  });

  it('prints a table and ends with 0', async () => {
    const { code, out } = await cli([]);
    expect(out).toMatch(/^PASS {2}Every protection is in place/m);
    expect(code).toBe(0);
  });

  it('ends with 1 where checks could not run', async () => {
    const { code, out } = await cli([], { SERVICE_DATABASE_URL: '' });
    expect(out).toMatch(/^skipped +drift/m);
    expect(code).toBe(1);
  });

  it('says that migrations are pending instead of judging an older schema', async () => {
    const owner = await db.as('owner');
    await owner.query(`delete from meta.migrations where name like 'CreateDeals%'`);
    const { code, out } = await cli([]);
    await owner.query(
      `insert into meta.migrations (timestamp, name) values (1764000000008, 'CreateDeals1764000000008')`,
    );
    expect(out).toMatch(/^Migrations are pending \(CreateDeals1764000000008\): run them first/);
    expect(code).toBe(2);
  });

  it('says how to begin where nothing is known', async () => {
    const { code, err } = await cli([], { APP_DATABASE_URL: '', SERVICE_DATABASE_URL: '', RINGFENCE_HOME: folder });
    expect(err).toMatch(/APP_DATABASE_URL is not set, and there is no .*npm start/s);
    expect(code).toBe(1);
  });
});
