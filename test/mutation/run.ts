import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { urlFor } from '../../src/database/bootstrap/bootstrap.js';
import { startEnvironment, TEMPLATE, type TestEnvironment } from '../support/environment.js';
import { codeMutants } from './code-mutants.js';
import type { Mutant, Outcome } from './mutant.js';
import { functionMutants } from './function-mutants.js';
import { Lane } from './lane.js';
import { reach } from './reach.js';
import { readTable, writeTable } from './report.js';
import { learn, likeliest, took } from './specs.js';
import { sqlMutants } from './sql-mutants.js';

/*
 * npm run test:mutation [-- --only policy,refusal] [--match text] [--new] [--first 12] [--side-by-side 2]
 * Takes each protection out, alone, in a copy, and runs specs until one goes red. What leaves all of them green is printed,
 * and stands as NOT COVERED in docs/protections.md. --first: so many of the likeliest specs only; --new: what the table lacks
 * or has as not covered.
 */
const { values: wish } = parseArgs({
  options: {
    only: { type: 'string' },
    match: { type: 'string' },
    new: { type: 'boolean', default: false },
    first: { type: 'string', default: '1000' },
    'side-by-side': { type: 'string', default: '2' },
  },
});
const COPIED = ['src', 'migrations', 'test', 'scripts', 'docs', 'clients', 'examples', 'schematics', 'package.json', 'tsconfig.json', 'jest.config.mjs', 'openapi.json', 'README.md', 'CONTRIBUTING.md', 'ormconfig.ts']; // prettier-ignore

interface Place {
  lane: Lane;
  environment: TestEnvironment;
}

// what the boot finds in the catalogue has specs of its own; here the protections' own specs are to speak
const BOOT = 'src/modules/doctor/boot.ts';
const REFUSAL = 'throw new UnsafeDatabaseError(faults)';
const strict = await readFile(BOOT, 'utf8');
if (!strict.includes(REFUSAL))
  throw new Error(`${BOOT} does not say "${REFUSAL}": each start would judge in place of the specs`);
const lenient = strict.replace(REFUSAL, 'return');

const environment = await startEnvironment();
const told = JSON.parse(await readFile(process.env['RINGFENCE_TEST'] ?? '', 'utf8')) as TestEnvironment;
const admin = new pg.Client({ connectionString: told.connections.admin });
await admin.connect();
const known = new Map((await readTable()).map((outcome) => [outcome.id, outcome]));
const kinds = wish.only?.split(',');
const template = new pg.Client({ connectionString: urlFor(told.connections.admin, { database: TEMPLATE }) });
await template.connect();
const all = [...(await sqlMutants(template)), ...(await functionMutants(template)), ...codeMutants()];
await template.end();
const queue = all
  .filter(({ kind, id }) => (!kinds || kinds.includes(kind)) && (!wish.match || id.includes(wish.match)))
  .filter(({ id }) => !wish.new || !known.get(id)?.noticedBy);
const total = queue.length;
const outcomes = new Map<string, Outcome>();
const green = new Set<string>();
let stopped = false;
process.once('SIGINT', () => (stopped = true));

async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-mutants-'));
  for (const name of COPIED) await cp(name, join(folder, name), { recursive: true }).catch(() => undefined);
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, BOOT), lenient);
  return folder;
}

/** @returns the spec that went red */
async function firstRed({ lane, environment: own }: Place, specs: readonly string[]): Promise<string | null> {
  for (const spec of specs) {
    const { red, seconds } = await lane.run(spec, own);
    took(spec, seconds);
    if (red) return spec;
  }
  return null;
}

/** @throws Error for a spec that is red by itself: it says nothing about what was taken out */
async function mustBeGreen(place: Place, spec: string): Promise<void> {
  if (green.has(spec)) return;
  const red = await firstRed({ ...place, environment: told }, [spec]);
  if (red) throw new Error(`${spec} is red with nothing taken out: mend it first`);
  green.add(spec);
}

async function tried(place: Place, mutant: Mutant, n: number): Promise<Outcome> {
  const { sql, change } = mutant;
  const name = `mutant_${n}`;
  if (sql) {
    await admin.query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
    const client = new pg.Client({ connectionString: urlFor(told.connections.admin, { database: name }) });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }
  const source = change && join(place.lane.folder, change.file);
  const before = source ? await readFile(source, 'utf8') : '';
  if (source) await writeFile(source, before.slice(0, change.from) + change.by + before.slice(change.to));
  try {
    const own = { ...place, environment: { ...told, ...(sql ? { template: name } : {}) } };
    const reaching = reached.get(mutant.id);
    const specs = likeliest(mutant, known.get(mutant.id)?.noticedBy)
      .filter((spec) => !reaching || reaching.has(spec))
      .slice(0, Number(wish.first));
    const noticedBy = await firstRed(own, specs);
    return { id: mutant.id, kind: mutant.kind, noticedBy };
  } finally {
    if (source) await writeFile(source, before);
    if (sql) await admin.query(`drop database if exists ${name} with (force)`);
  }
}

/** What stands in the way of a judgement counts as not covered, and is told. */
async function judged(place: Place, mutant: Mutant, n: number): Promise<Outcome> {
  try {
    const outcome = await tried(place, mutant, n);
    if (outcome.noticedBy) {
      await mustBeGreen(place, outcome.noticedBy);
      learn(mutant, outcome.noticedBy);
    }
    return outcome;
  } catch (error) {
    console.log(`${mutant.id}: ${(error as Error).message}`);
    return { id: mutant.id, kind: mutant.kind, noticedBy: null };
  }
}

async function work(): Promise<void> {
  const place = { lane: new Lane(await copy()), environment: told };
  for (let mutant = queue.shift(); mutant && !stopped; mutant = queue.shift()) {
    const n = total - queue.length;
    const began = Date.now();
    const outcome = await judged(place, mutant, n);
    outcomes.set(outcome.id, outcome);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    console.log(`${n}/${total} ${seconds}s ${outcome.noticedBy ?? 'NOT COVERED'} <- ${outcome.id}`);
    await writeTable(all, new Map([...known, ...outcomes]));
  }
  place.lane.end();
  await rm(place.lane.folder, { recursive: true, force: true });
}

const lanes = Number(wish['side-by-side']);
const watched = queue.filter(({ watch }) => watch);
const reached = watched.length > 0 ? await reachedBySpecs() : new Map<string, Set<string>>();

async function reachedBySpecs(): Promise<Map<string, Set<string>>> {
  const name = 'watched';
  await admin.query(`create database ${name} template ${TEMPLATE}`);
  const folders = await Promise.all(Array.from({ length: lanes }, copy));
  const template = urlFor(told.connections.admin, { database: name });
  const found = await reach(watched, { folders, template, environment: { ...told, template: name } });
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await admin.query(`drop database ${name}`);
  return found;
}

await Promise.all(Array.from({ length: lanes }, work));
await admin.end();
await environment.stop();
const open = [...outcomes.values()].filter(({ noticedBy }) => noticedBy === null);
console.log(`${outcomes.size} of ${total} tried; not covered: ${open.length}`);
for (const { id } of open) console.log(`  ${id}`);
process.exitCode = open.length > 0 ? 1 : 0;
