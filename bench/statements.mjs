/**
 * `node bench/statements.mjs` (after `npm run build`): what the statements of one request cost on one server connection,
 * pipelined, so that the backend is what is waited for. Medians of interleaved rounds; the figures behind docs/adr/0001 and
 * 0003. Loopback only; about a minute.
 */
import { randomBytes, createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { settle, startDatabase } from './lib/database.mjs';
import { cleanup, cleanUp, cleanUpOnSignals } from './lib/processes.mjs';
import { seed } from './lib/seed.mjs';

const ROUNDS = 9;
const UNITS_A_ROUND = 300;

const LIST =
  'select id, title, amount, currency, stage, visibility, owner_id, created_at, updated_at from app.deals order by id desc limit 21';
const ENTER = (cap) => ['select * from app.enter($1, $2)', [cap, '{}']];
const CLEAN = ['close all; deallocate all; unlisten *; reset all'];

/** Each variant is the list of statements of one unit. */
const variants = (cap) => ({
  'BEGIN, COMMIT': [['begin'], ['commit']],
  'BEGIN, app.enter, COMMIT': [['begin'], ENTER(cap), ['commit']],
  'the same as two statements': [
    ['begin'],
    ["select set_config('app.cap', $1, true), set_config('request.jwt.claims', $2, true)", [cap, '{}']],
    ['select session_id, user_id, tenant_id, role_id, permissions, subordinate_role_ids, aal from app.context()', []],
    ['commit'],
  ],
  'BEGIN, app.enter, list, COMMIT': [['begin'], ENTER(cap), [LIST, []], ['commit']],
  '... and the four resets': [['begin'], ENTER(cap), [LIST, []], ['commit'], CLEAN],
  '... and DISCARD ALL': [['begin'], ENTER(cap), [LIST, []], ['commit'], ['discard all']],
});

cleanUpOnSignals();
try {
  const home = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
  cleanup(() => rm(home, { recursive: true, force: true }));
  const urls = await startDatabase(home, cleanup);
  await seed(urls.service, {
    tenants: 100,
    dealsPerTenant: 1000,
    sessionsPerPerson: 20,
    measured: 1,
    password: 'x'.repeat(16),
  });
  const cap = await plantCapability(urls.service);
  const version = await settle(urls.admin);
  await measure(urls.app, cap);
  console.log(
    `\nPostgreSQL ${version}, Node ${process.version}; microseconds a unit, median of ${ROUNDS} rounds (min..max)`,
  );
} catch (error) {
  process.stderr.write(`\nThe benchmark failed: ${error.stack}\n`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
process.exit();

async function measure(url, cap) {
  const client = new pg.Client({ connectionString: url, pipeline: true });
  await client.connect();
  const units = Object.entries(variants(cap)).map(([label, statements]) => ({ label, statements, rounds: [] }));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const unit of units) {
      const since = performance.now();
      await Promise.all(Array.from({ length: UNITS_A_ROUND }, () => send(client, unit.statements)));
      if (round > 0) unit.rounds.push(((performance.now() - since) / UNITS_A_ROUND) * 1000); // the first one warms up
    }
  }
  await client.end();
  for (const { label, rounds } of units) {
    const sorted = rounds.toSorted((a, b) => a - b).map((us) => us.toFixed(0));
    console.log(`${label.padEnd(34)} ${sorted[ROUNDS >> 1].padStart(6)}  (${sorted[0]}..${sorted.at(-1)})`);
  }
}

function send(client, statements) {
  return Promise.all(
    statements.map(([text, values]) => client.query(values ? { text, values, queryMode: 'extended' } : text)),
  );
}

async function plantCapability(serviceUrl) {
  const client = new pg.Client({ connectionString: serviceUrl });
  await client.connect();
  const cap = randomBytes(32).toString('base64url');
  await client.query(
    `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at)
     select $1, session_id, user_id, tenant_id, role_id, 1, now() + interval '1 hour' from auth.capabilities limit 1`,
    [createHash('sha256').update(cap).digest()],
  );
  await client.end();
  return cap;
}
