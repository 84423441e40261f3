import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node/index.js';
import {
  callRule,
  HostCreateTree,
  HostTree,
  type Rule,
  type SchematicContext,
  type Tree,
} from '@angular-devkit/schematics';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';

const SCHEMATIC = resolve('schematics/resource');
const LISTS = ['migrations/index.ts', 'src/resource-modules.ts', 'docs/audit-format.md'];

/** What of this repository the generator looks at, as it is, and nowhere else. */
export function treeOf(...folders: string[]): Tree {
  const tree = new HostTree();
  const migrations = readdirSync('migrations').filter((file) => /^\d{4}-/.test(file));
  const modules = folders.flatMap((folder) =>
    readdirSync(`src/modules/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `src/modules/${folder}/${file}`),
  );
  for (const path of [...LISTS, ...migrations.map((file) => `migrations/${file}`), ...modules])
    tree.create(path, readFileSync(path));
  return tree;
}

/** Runs a schematic's rule on a tree; templates come from the disk. Nothing is written there. */
export async function run(rule: Rule, tree: Tree): Promise<Tree> {
  const files = (path: string): Tree =>
    new HostCreateTree(new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(join(SCHEMATIC, path))));
  const engine = { createSourceFromUrl: (url: { href: string }) => () => files(url.href.replace(/^file:\/*/, './')) };
  return lastValueFrom(callRule(rule, tree, { engine, debug: false, strategy: 0 } as unknown as SchematicContext));
}

/** Every file of a tree, by path. */
export function contentOf(tree: Tree): Record<string, string> {
  const all: Record<string, string> = {};
  tree.visit((path) => (all[path] = tree.readText(path)));
  return all;
}
