/**
 * `node bench/audit.mjs [--quick]` (after `npm run build`): what the audit log costs those who write. POST and PATCH of a
 * deal through Ringfence, in turn with the log and with it switched off in this database alone (no triggers on deals, and
 * a function that records nothing); then the same with fifty connections on one tenant. See README.md.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { settle, startDatabase } from './lib/database.mjs';
import { cleanup, cleanUp, cleanUpOnSignals, runToEnd } from './lib/processes.mjs';
import { seed } from './lib/seed.mjs';
import { signIn, startRingfence } from './lib/servers.mjs';
import { median } from './lib/stats.mjs';

const GOAL = 0.75;
const LOAD = fileURLToPath(new URL('./lib/mutation-load.mjs', import.meta.url));
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const [ROUNDS, MEASURE_MS] = options.quick ? [8, 800] : [30, 2_000];
const PASSWORD = 'only for this benchmark';
const RECORD = 'app.record_audit(p_action text, p_target_type text, p_target uuid, p_request jsonb, p_details jsonb)';
const UNITS = 400;

cleanUpOnSignals();
try {
  const home = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
  cleanup(() => rm(home, { recursive: true, force: true }));
  const urls = await startDatabase(home, cleanup);
  const plan = { tenants: 50, dealsPerTenant: 200, sessionsPerPerson: 20, measured: 20, password: PASSWORD };
  const { readers } = await seed(urls.service, plan);
  const version = await settle(urls.admin);
  const server = await startRingfence(urls, home);
  const many = await signIn(server, readers, PASSWORD);
  const one = await signIn(
    server,
    Array.from({ length: 50 }, () => readers[0]),
    PASSWORD,
  );
  const admin = new pg.Client({ connectionString: urls.admin });
  await admin.connect();
  cleanup(() => admin.end());
  const log = await auditSwitch(admin);
  report('POST and PATCH of a deal, 20 connections, each another tenant', await compare(server, log, many), GOAL);
  report('the same, 50 connections on one tenant', await compare(server, log, one));
  await log(true);
  await functions(urls, admin);
  console.log(
    `\nPostgreSQL ${version}, Node ${process.version}; medians of ${ROUNDS} rounds in turn. Read the ratios.`,
  );
} catch (error) {
  process.stderr.write(`\nThe benchmark failed: ${error.stack}\n`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
process.exit();

/** @returns what switches the log of deals on and off */
async function auditSwitch(admin) {
  const { rows } =
    await admin.query(`select pg_get_functiondef(p.oid) as def from pg_proc p where p.proname = 'record_audit'
    and p.pronamespace = 'app'::regnamespace`);
  const off = `create or replace function ${RECORD} returns void language plpgsql security definer set search_path = '' as 'begin end'`;
  const triggers = ['insert', 'update', 'delete'].map((op) => `audit_${op}`);
  return async (on) => {
    await admin.query(on ? rows[0].def : off);
    for (const name of triggers)
      await admin.query(`alter table app.deals ${on ? 'enable always' : 'disable'} trigger ${name}`);
  };
}

/** Rounds with and without in turn, the order turned round each time. @returns rounds of {with, without} */
async function compare({ port }, log, tokens) {
  const load = async (on, warmupMs, measureMs) => {
    await log(on);
    return JSON.parse(await runToEnd(process.execPath, [LOAD, JSON.stringify({ port, tokens, warmupMs, measureMs })]));
  };
  for (const on of [true, false]) await load(on, 0, 1_500);
  const rounds = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    const round = {};
    for (const on of n % 2 === 0 ? [true, false] : [false, true])
      round[on ? 'with' : 'without'] = await load(on, 200, MEASURE_MS);
    rounds.push(round);
  }
  return rounds;
}

function report(title, rounds, goal) {
  console.log(`\n${title}\n             changes/s   p50 ms   p99 ms   longest wait ms   longest silence ms`);
  for (const which of ['with', 'without']) {
    const of = (name) => median(rounds.map((round) => round[which][name]));
    const worst = (name) => Math.max(...rounds.map((round) => round[which][name]));
    const cells = [
      of('rps').toFixed(0),
      of('p50').toFixed(1),
      of('p99').toFixed(1),
      worst('max').toFixed(0),
      worst('gap').toFixed(0),
    ];
    console.log(`${which.padEnd(10)}${cells.map((cell, i) => cell.padStart([12, 9, 9, 18, 21][i])).join('')}`);
  }
  const ratios = rounds.map((round) => round.with.rps / round.without.rps).sort((a, b) => a - b);
  const ratio = median(ratios);
  const verdict = goal ? `, goal ${goal.toFixed(2)}: ${ratio >= goal ? 'reached' : 'short'}` : '';
  console.log(`with / without ${ratio.toFixed(2)} (${ratios[0].toFixed(2)}..${ratios.at(-1).toFixed(2)})${verdict}`);
}

/** What the functions of the log cost the server, as it counts them itself: one transaction makes a deal and changes it. */
async function functions(urls, admin) {
  const cap = randomBytes(32).toString('base64url');
  await admin.query(
    `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
     select sha256($1::text::bytea), c.session_id, c.user_id, c.tenant_id, c.role_id, 1, now() + interval '1 hour'
       from auth.capabilities c join app.roles r on r.id = c.role_id where r.slug = 'owner' limit 1`,
    [cap],
  );
  await admin.query(`alter role ringfence_app in database ringfence_bench set track_functions = 'all'`);
  const client = new pg.Client({ connectionString: urls.app });
  await client.connect();
  const request = JSON.stringify({ id: 'bench', address: '203.0.113.9', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' });
  for (let n = 0; n < UNITS; n += 1) {
    await client.query('begin');
    await client.query(`select app.enter($1, '{}')`, [cap]);
    const made = await client.query(
      `insert into app.deals (title, amount, currency) values ('x', 1, 'EUR') returning id`,
    );
    await client.query(`update app.deals set title = 'y', stage = 'won' where id = $1`, [made.rows[0].id]);
    await client.query(`select app.record_audit('deal.created', 'deal', $1, $2, null)`, [made.rows[0].id, request]);
    await client.query('commit');
  }
  await client.end();
  await new Promise((done) => setTimeout(done, 500));
  const { rows } = await admin.query(
    `select funcname, calls, 1000 * total_time / calls as total, 1000 * self_time / calls as self from pg_stat_user_functions
      where funcname ~ 'audit|vault|personal' order by total desc`,
  );
  console.log('\nmicroseconds a call        calls    with what it calls    itself');
  for (const { funcname, calls, total, self } of rows)
    console.log(
      `${funcname.padEnd(24)}${calls.padStart(8)}${total.toFixed(0).padStart(22)}${self.toFixed(0).padStart(10)}`,
    );
}
