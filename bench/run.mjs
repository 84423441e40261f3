/**
 * `npm run bench [-- --quick]`: the list of deals through Ringfence, beside the same list through three others, on one
 * database and interleaved; then the same reads while many people sign in. See README.md.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanup, cleanUp, cleanUpOnSignals, cpuOf, isCleaningUp, runToEnd } from './lib/processes.mjs';
import { chart, stormTable, table, writeResults } from './lib/report.mjs';
import { summarise } from './lib/stats.mjs';
import { stormRounds, summariseStorm } from './lib/storm.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const say = (line) => void process.stdout.write(`${line}\n`);

// many short rounds: what else the machine does then falls on all four alike
const QUICK = {
  tenants: 100,
  dealsPerTenant: 1_000,
  sessionsPerPerson: 20,
  connections: 20,
  rounds: 12,
  firstWarmupMs: 2_500,
  warmupMs: 250,
  measureMs: 1_000,
  // reads: about a sixth of what the machine can do, so that they do not wait for one another
  storm: { signIns: 50, readsPerSecond: 150, rounds: 9, firstWarmupMs: 1_000, warmupMs: 400, measureMs: 1_000 },
};
const FULL = {
  ...QUICK,
  tenants: 1_000,
  rounds: 30,
  warmupMs: 500,
  measureMs: 2_000,
  storm: { ...QUICK.storm, rounds: 30, measureMs: 2_000 },
};

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = options.quick ? QUICK : FULL;

cleanUpOnSignals();
try {
  await install();
  await runToEnd(process.execPath, [at('../scripts/ensure-built.mjs')], { cwd: at('..') });
  await bench();
} catch (error) {
  // after Ctrl-C whatever was under way fails: that is no news
  if (!isCleaningUp()) process.stderr.write(`\nThe benchmark failed: ${error.message}\n`);
  process.exitCode ??= 1;
} finally {
  await cleanUp();
}
process.exit();

async function install() {
  if (existsSync(at('peers/node_modules/.package-lock.json'))) return;
  say('Installing what Ringfence is measured beside into bench/peers/node_modules (once; about 320 MB) ...');
  await runToEnd('npm', ['ci', '--prefix', at('peers'), '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: at('peers'),
  });
}

async function bench() {
  // imported here: this is the project's own code, which may have been compiled a moment ago
  const [{ settle, startDatabase }, { seed }, servers] = await Promise.all([
    import('./lib/database.mjs'),
    import('./lib/seed.mjs'),
    import('./lib/servers.mjs'),
  ]);
  const { SERVERS, RINGFENCE } = servers;
  say(header());
  const home = await mkdtemp(join(tmpdir(), 'ringfence-bench-'));
  cleanup(() => rm(home, { recursive: true, force: true }));
  const urls = await step('PostgreSQL and schema', () => startDatabase(home, cleanup));
  const password = 'only for this benchmark';
  const people = await step(`${plan.tenants} tenants with ${plan.dealsPerTenant} deals each`, () =>
    seed(urls.service, { ...plan, measured: plan.connections, password }),
  );
  const postgresql = await step('vacuum, statistics', () => settle(urls.admin));
  const { running, ringfence, tokens } = await step('four servers', async () => {
    const ringfence = await servers.startRingfence(urls, home);
    const tokens = await servers.signIn(ringfence, people.readers, password);
    return { tokens, ringfence, running: await servers.startPeers(urls, ringfence, tokens[0]) };
  });
  await step('all four answer the same rows', () => servers.assertSameAnswers(running, tokens));
  const load = (server, warmupMs, measureMs) => loadOn(server, running[server.key], tokens, warmupMs, measureMs);
  await step('warm-up', async () => {
    for (const server of SERVERS) await load(server, 0, plan.firstWarmupMs);
  });
  const rounds = [];
  await step(`${plan.rounds} rounds of four`, async () => {
    for (let n = 0; n < plan.rounds; n += 1) {
      const round = {};
      for (let i = 0; i < SERVERS.length; i += 1) {
        const server = SERVERS[(n + i) % SERVERS.length];
        round[server.key] = await load(server, plan.warmupMs, plan.measureMs);
      }
      rounds.push(round);
    }
  });
  const { signIns, ...storm } = plan.storm;
  const stormy = await step(`${storm.rounds} rounds with ${signIns} people signing in, and without`, async () => {
    const fresh = await servers.signIn(ringfence, people.readers, password); // tokens live ten minutes
    const reads = fresh.map((token) => SERVERS[0].request(ringfence.port, token));
    return stormRounds(ringfence.port, reads, people.others.slice(0, signIns), password, storm);
  });
  const rows = summarise(rounds, SERVERS, RINGFENCE);
  const reads = summariseStorm(stormy);
  say(`\n${table(rows)}\n`);
  say(`${stormTable(reads, `Reads during a storm of ${signIns} parallel sign-ins`)}\n`);
  const machine = {
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgresql,
    date: new Date().toISOString(),
  };
  const mode = options.quick ? 'quick' : 'full';
  await writeResults(
    at('results'),
    { mode, plan, machine, servers: rows, rounds, storm: { ...reads, rounds: stormy } },
    chart(rows, `GET /v1/deals?limit=20, ${plan.connections} connections, median of ${plan.rounds} rounds`),
  );
  say(
    `${machine.cpus} CPUs, Node ${machine.node}, PostgreSQL ${postgresql}. Written: bench/results/latest.json, latest.svg`,
  );
}

async function loadOn(server, { port, pid }, tokens, warmupMs, measureMs) {
  const job = { port, requests: tokens.map((token) => server.request(port, token)), warmupMs, measureMs };
  const before = cpuOf(pid);
  try {
    const result = JSON.parse(await runToEnd(process.execPath, [at('lib/load.mjs'), JSON.stringify(job)]));
    return { ...result, cpu: before === undefined ? null : (cpuOf(pid) - before) / result.answers };
  } catch (error) {
    throw new Error(`${server.label} under load: ${error.message}`, { cause: error });
  }
}

function header() {
  return `GET /v1/deals?limit=20 over ${plan.connections} connections, each with the token of another tenant's owner; ${plan.rounds} rounds in turn.
All four: the same rows, indexes, pool of 10 and fields; ES256 verified once a token, its SHA-256 on each request.
Client, servers and PostgreSQL share this machine: read the ratios, not the figures.`;
}

async function step(name, work) {
  const since = performance.now();
  process.stdout.write(`  ${name} ...`);
  const result = await work();
  say(` ${((performance.now() - since) / 1000).toFixed(1)} s`);
  return result;
}
