import type { Tree } from '@angular-devkit/schematics';
import { refuse } from './refusal.ts';

/* Small edits of lists that people edit, too: each finds its place by the text around it, and changes nothing else. */

const MIGRATIONS = '/migrations/index.ts';
const MODULES = '/src/resource-modules.ts';
const ACTIONS = '/docs/audit-format.md';

/** Puts a migration at the end of the list, and its import behind the others. */
export function listMigration(tree: Tree, file: string, className: string): void {
  edit(tree, MIGRATIONS, (text) => {
    const imports = [...text.matchAll(/^import .*;\n/gm)];
    const last = imports.at(-1);
    const end = text.lastIndexOf('];');
    if (!last || end < 0) return undefined;
    const at = last.index + last[0].length;
    const line = `import { ${className} } from './${file.replace(/\.ts$/, '.js')}';\n`;
    return `${text.slice(0, at)}${line}${text.slice(at, end)}  ${className},\n${text.slice(end)}`;
  });
}

export function unlistMigration(tree: Tree, className: string): void {
  edit(tree, MIGRATIONS, (text) =>
    text
      .replace(new RegExp(`^import \\{ ${className} \\} .*\\n`, 'm'), '')
      .replace(new RegExp(`^  ${className},\\n`, 'm'), ''),
  );
}

/** Puts a module into the list of kinds of records, which is kept by name. */
export function listModule(tree: Tree, folder: string, module: string): void {
  edit(tree, MODULES, (text) => withModules(text, [...modulesOf(text), { folder, module }]));
}

export function unlistModule(tree: Tree, module: string): void {
  edit(tree, MODULES, (text) => withModules(text, modulesOf(text).filter((one) => one.module !== module))); // prettier-ignore
}

interface Listed {
  folder: string;
  module: string;
}

const IMPORT = /^import \{ (\w+) \} from '\.\/modules\/([a-z-]+)\/index\.js';\n/gm;

const modulesOf = (text: string): Listed[] =>
  [...text.matchAll(IMPORT)].map(([, module = '', folder = '']) => ({ module, folder }));

function withModules(text: string, listed: Listed[]): string | undefined {
  const rest = text.replace(IMPORT, '');
  const list = /RESOURCE_MODULES = \[[^\]]*\]/;
  if (!list.test(rest)) return undefined;
  const sorted = listed.sort((one, other) => (one.folder < other.folder ? -1 : 1));
  const imports = sorted.map(({ module, folder }) => `import { ${module} } from './modules/${folder}/index.js';\n`);
  const names = sorted.map(({ module }) => module).join(', ');
  return imports.join('') + rest.replace(list, `RESOURCE_MODULES = [${names}]`);
}

/** Rows of the table of audit actions, which is kept by code. */
export function listActions(
  tree: Tree,
  subject: string,
  actions: readonly (readonly [verb: string, text: string])[],
): void {
  const rows = actions.map(([verb, text]) => `| \`${subject}.${verb}\` | \`${subject}\` | ${text} |`);
  edit(tree, ACTIONS, (text) => withRows(text, (known) => [...known, ...rows].sort(byCode)));
}

export function unlistActions(tree: Tree, subject: string): void {
  edit(tree, ACTIONS, (text) => withRows(text, (known) => known.filter((row) => !row.startsWith(`| \`${subject}.`)))); // prettier-ignore
}

const codeOf = (row: string): string => /`([^`]+)`/.exec(row)?.[1] ?? '';
/** As the catalogue of actions sorts: by code units, so that `ticket.` comes before `ticket_comment.`. */
const byCode = (one: string, other: string): number => (codeOf(one) < codeOf(other) ? -1 : 1);

function withRows(text: string, change: (rows: string[]) => string[]): string | undefined {
  const table = /(\| action \| target \| what was done \|\n\|[-|]+\|\n)((?:\| `.*\|\n)*)/.exec(text);
  if (!table) return undefined;
  const [whole, head = '', rows = ''] = table;
  const changed = change(rows.split('\n').filter(Boolean));
  return text.replace(whole, () => `${head}${changed.map((row) => `${row}\n`).join('')}`);
}

function edit(tree: Tree, path: string, change: (text: string) => string | undefined): void {
  const changed = change(tree.readText(path));
  if (changed === undefined)
    return refuse(`${path.slice(1)} does not look as it did: its list is not found. Nothing was written.`);
  tree.overwrite(path, changed);
}
