/*
 * `npm run generate`: adds a resource, or takes one out again, with the schematics of this repository. All of it is decided
 * in memory and written at the end; what is made from the code (the API document, the client, the error codes) follows.
 * Node runs these files as they stand: they use no syntax that would have to be compiled.
 */
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';
import type { DryRunEvent } from '@angular-devkit/schematics';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Refusal } from '../lib/refusal.ts';
import { createMigrationOf } from '../remove/find.ts';
import { type Wish, wishOf } from './arguments.ts';
import { isReleased } from './released.ts';
import { Undo } from './undo.ts';

const root = join(import.meta.dirname, '..', '..');

const CLIENT = 'clients/typescript/src/generated';

/** What is made from the code, and the command that makes it. */
const DOCUMENTS: readonly (readonly [script: string, ...paths: string[]])[] = [
  [
    'openapi',
    'openapi.json',
    `${CLIENT}/sdk.gen.ts`,
    `${CLIENT}/types.gen.ts`,
    `${CLIENT}/index.ts`,
    `${CLIENT}/client.gen.ts`,
  ],
  ['docs:errors', 'docs/error-codes.md'],
  ['schema:protections', 'migrations/protections.txt'],
];

async function main(): Promise<void> {
  process.chdir(root);
  const wish = wishOf(process.argv.slice(2));
  const created = wish.schematic === 'remove' ? createMigrationOf(root, String(wish.options['name'])) : undefined;
  if (created) wish.options['released'] ??= isReleased(root, created.path);
  const undo = new Undo(root);
  const lines = await run(wish, undo);
  for (const line of lines) console.log(line);
  if (wish.dryRun) return console.log('\nNothing was written.');
  try {
    for (const [script, ...paths] of DOCUMENTS) {
      for (const path of paths) undo.keep(path);
      write(script);
      console.log(`written ${paths[0] ?? script} (npm run ${script})`);
    }
  } catch (error) {
    undo.restore();
    throw error;
  }
  if (wish.schematic === 'remove') undo.removeEmptyFolders();
  console.log(`\n${afterwards(wish, created?.className)}`);
}

/** @returns a line for each file */
async function run({ schematic, options, dryRun }: Wish, undo: Undo): Promise<string[]> {
  const flow = new NodeWorkflow(root, { dryRun, schemaValidation: true });
  const lines: string[] = [];
  let errors = '';
  flow.reporter.subscribe((event) => {
    if (event.kind === 'error') errors += `${event.path}: ${event.description}\n`;
    else {
      lines.push(`${VERBS[event.kind]} ${event.path.replace(/^\//, '')}`);
      undo.keep(event.path.replace(/^\//, ''));
    }
  });
  await new Promise<void>((resolve, reject) => {
    flow
      .execute({ collection: join(root, 'schematics', 'collection.json'), schematic, options })
      .subscribe({ error: reject, complete: () => resolve() });
  });
  if (errors) throw new Refusal(errors);
  return lines;
}

const VERBS: Record<Exclude<DryRunEvent['kind'], 'error'>, string> = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  rename: 'renamed',
};

function write(script: string): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run ${script} failed, and everything is as it was:\n${stdout}${stderr}`);
}

function afterwards({ schematic, options }: Wish, migration = ''): string {
  const name = String(options['name']);
  if (schematic === 'resource')
    return `Next:
  npm test -- test/resources                  its tests, among others
  npm start                                   migrates a database of development, and serves
  npm run generate -- remove ${name.padEnd(16)} takes it out again`;
  return options['released']
    ? 'The next migration drops its table, with its rows; the one that made it stays, since databases have run it.'
    : `Its migration is gone, since no commit has it. A database that ran it had better take it back before, while its code is
there: npm run ringfence -- db revert ${migration}
Too late? Generate it once more as it was, revert, and remove it again; or throw away an embedded database: it is the
folder .ringfence.`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
});
