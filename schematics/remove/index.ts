import type { Rule, Tree } from '@angular-devkit/schematics';
import { pascal, singularOf } from '../lib/names.ts';
import { pretty } from '../lib/pretty.ts';
import { refuse } from '../lib/refusal.ts';
import { listMigration, unlistActions, unlistMigration, unlistModule } from '../lib/wiring.ts';
import { type KnownResource, type Migration, WorkingCopy } from '../lib/working-copy.ts';
import { wrapped } from '../resource/migration.ts';

export interface RemoveOptions {
  name: string;
  /** its migration has run elsewhere: it stays, and another one drops the table */
  released: boolean;
}

/** Takes a generated resource out again: module, lists, spec, and its migration or the table that it made. */
export const remove =
  ({ name, released }: RemoveOptions): Rule =>
  (tree) => {
    const copy = new WorkingCopy(tree);
    const found = copy.find(name, 'remove');
    const migration = created(copy, found);
    checkUnneeded(copy, found, migration);
    removeCode(tree, found);
    if (released) dropTable(tree, copy, found, migration);
    else {
      unlistMigration(tree, classOf(migration));
      tree.delete(migration.path);
    }
    return pretty();
  };

function created(copy: WorkingCopy, { resource, table, migration }: KnownResource): Migration {
  const found = copy.migrations.find(({ path }) => path === migration);
  if (!found || !/^\d{4}-create-/.test(found.file) || !found.text.includes(`forget_resource('${resource}')`))
    return refuse(
      `${resource} was not generated: the migration that makes app.${table} is written by hand, and so its removal is, too.`,
    );
  return found;
}

/** @throws Refusal while something else needs it */
function checkUnneeded(copy: WorkingCopy, { resource, table, folder }: KnownResource, own: Migration): void {
  const referring = [...copy.referring(table)].map((other) => singularOf(copy, other.table));
  if (referring.length > 0)
    refuse(
      `${resource} stays: ${[...new Set(referring)].join(' and ')} refer${referring.length > 1 ? '' : 's'} to it. Remove ${referring.length > 1 ? 'them' : 'that'} first.`,
    );
  const later = copy.migrations.filter(
    ({ number, text }) => number > own.number && new RegExp(`\\bapp\\.${table}\\b`).test(text),
  );
  if (later.length > 0)
    refuse(
      `${resource} stays: ${later.map(({ path }) => path.slice(1)).join(' and ')} speak${later.length > 1 ? '' : 's'} of app.${table}, too. Take that back first.`,
    );
  const users = usersOf(copy.tree, folder ?? '');
  if (users.length > 0)
    refuse(`${resource} stays: ${users.join(' and ')} import${users.length > 1 ? '' : 's'} it. Change that first.`);
}

function usersOf(tree: Tree, folder: string): string[] {
  const users: string[] = [];
  for (const root of ['/src', '/test', '/scripts', '/examples'])
    tree.getDir(root).visit((path) => {
      const own = path.startsWith(`/src/modules/${folder}/`) || path === `/test/resources/${folder}.spec.ts`;
      if (own || path === '/src/resource-modules.ts' || !/\.m?ts$/.test(path)) return;
      if (new RegExp(`^(import|export|\\}).* from '[^']*/${folder}/[^']*'`, 'm').test(tree.readText(path)))
        users.push(path.slice(1));
    });
  return users;
}

function removeCode(tree: Tree, { resource, folder = '', table }: KnownResource): void {
  const paths: string[] = [];
  tree.getDir(`/src/modules/${folder}`).visit((path) => paths.push(path));
  for (const path of [...paths, `/test/resources/${folder}.spec.ts`]) if (tree.exists(path)) tree.delete(path);
  unlistModule(tree, `${pascal(table)}Module`);
  unlistActions(tree, resource);
}

const classOf = ({ text }: Migration): string => /export class (\w+)/.exec(text)?.[1] ?? '';

/** Up is the other's down, and down its up: the rows are gone either way. */
function dropTable(tree: Tree, copy: WorkingCopy, { table, folder = '' }: KnownResource, migration: Migration): void {
  const number = String(copy.nextNumber).padStart(4, '0');
  const file = `${number}-drop-${folder}.ts`;
  const name = `Drop${pascal(table)}${String(1_764_000_000_000 + copy.nextNumber)}`;
  const create = classOf(migration);
  tree.create(
    `/migrations/${file}`,
    `import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ${create} } from './${migration.file.replace(/\.ts$/, '.js')}';

/**
${wrapped(`Why: ${table.replaceAll('_', ' ')} are no part of the product any more, and their table and rows go. What the audit log says of them stays. Taken back, the table is there again, and empty.`)}
 *
 * Drops: app.${table}
 */
export class ${name} implements MigrationInterface {
  name = '${name}';

  up(q: QueryRunner): Promise<void> {
    return new ${create}().down(q);
  }

  down(q: QueryRunner): Promise<void> {
    return new ${create}().up(q);
  }
}
`,
  );
  listMigration(tree, file, name);
}
