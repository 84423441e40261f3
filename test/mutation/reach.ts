import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import type { TestEnvironment } from '../support/environment.js';
import { type Definition, FUNCTIONS, sequenceOf } from './function-mutants.js';
import { Lane } from './lane.js';
import type { Change, Mutant } from './mutant.js';
import { allSpecs, took } from './specs.js';

/*
 * Which spec reaches which refusal. All of them are watched at once, and each spec runs once: what no spec reaches, no spec
 * notices when it is gone, and what is reached needs no other spec than those.
 */

const HELPER = 'src/reached.ts';
const DATABASE = 'test/support/database.ts';
const DROP = '(admin) => admin.query(`drop database if exists ${name} with (force)`)';

const changed = (text: string, changes: readonly Omit<Change, 'file'>[]): string =>
  [...changes]
    .sort((x, y) => y.from - x.from)
    .reduce((done, { from, to, by }) => done.slice(0, from) + by + done.slice(to), text);

/** Makes a copy of the project write down what its specs reach. */
async function watchCode(folder: string, mutants: readonly Mutant[]): Promise<void> {
  const changes = new Map<string, Change[]>();
  for (const [number, { watch }] of mutants.entries()) {
    if (watch?.in !== 'code') continue;
    const change = watch.change(number);
    changes.set(change.file, [...(changes.get(change.file) ?? []), change]);
  }
  await copyFile('test/mutation/reached.ts', join(folder, HELPER));
  for (const [file, of] of changes) {
    const path = relative(dirname(file), HELPER).replace(/\.ts$/, '.js');
    const from = path.startsWith('.') ? path : `./${path}`;
    const text = changed(await readFile(file, 'utf8'), of);
    await writeFile(join(folder, file), `import { wasReached } from '${from}';${text}`);
  }
  const support = await readFile(DATABASE, 'utf8');
  if (!support.includes(DROP)) throw new Error(`${DATABASE} drops its database otherwise`);
  const looking = `async (admin) => { await (await import('../mutation/look.js')).look(urlFor(connections.admin, { database: name })); await admin.query(\`drop database if exists \${name} with (force)\`); }`;
  await writeFile(join(folder, DATABASE), support.replace(DROP, looking));
}

/** The same in a database that specs are to clone. */
async function watchDatabase(url: string, mutants: readonly Mutant[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create schema mutation; grant usage on schema mutation to public');
  const { rows } = await client.query<Definition>(FUNCTIONS);
  for (const { name, text } of rows) {
    const changes: Omit<Change, 'file'>[] = [];
    for (const [number, { watch }] of mutants.entries()) {
      if (watch?.in !== 'database' || watch.of !== name) continue;
      await client.query(`create sequence ${sequenceOf(number)}; grant usage on ${sequenceOf(number)} to public`);
      changes.push(watch.change(number));
    }
    if (changes.length > 0) await client.query(changed(text, changes));
  }
  await client.end();
}

/**
 * Runs each spec once. @param template a database of their own that they clone
 * @returns the specs that reached each refusal, by its id
 */
export async function reach(
  mutants: readonly Mutant[],
  { folders, template, environment }: { folders: string[]; template: string; environment: TestEnvironment },
): Promise<Map<string, Set<string>>> {
  const file = join(folders[0] ?? '', 'reached');
  await writeFile(file, '');
  await watchDatabase(template, mutants);
  const specs = allSpecs();
  const total = specs.length;
  const work = async (folder: string): Promise<void> => {
    await watchCode(folder, mutants);
    const lane = new Lane(folder);
    for (let spec = specs.shift(); spec; spec = specs.shift()) {
      const { seconds } = await lane.run(spec, environment, { REACHED: file, REACHED_BY: spec });
      took(spec, seconds);
      if (specs.length % 10 === 0) console.log(`which spec reaches what: ${total - specs.length}/${total}`);
    }
    lane.end();
  };
  await Promise.all(folders.map(work));
  const found = new Map<string, Set<string>>(mutants.map(({ id }) => [id, new Set()]));
  for (const line of (await readFile(file, 'utf8')).split('\n').filter(Boolean)) {
    const [number = '', spec = ''] = line.split(' ');
    found.get(mutants[Number(number)]?.id ?? '')?.add(spec);
  }
  return found;
}
