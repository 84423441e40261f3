import type { Tree } from '@angular-devkit/schematics';
import type { Names } from './names.ts';
import { LONGEST } from './names.ts';
import { refuse } from './refusal.ts';

/** A resource that is there: its table, and where its code is. */
export interface KnownResource {
  resource: string;
  table: string;
  /** folder in src/modules; undefined where it lies deeper, or is no module's */
  folder: string | undefined;
  /** the migration that made the table */
  migration: string;
  /** it has an owner and a visibility */
  owned: boolean;
  /** the column that names its parent, and the parent's table */
  parent: { column: string; table: string } | undefined;
  /** where its collection is: `/v1/deals` */
  path: string | undefined;
}

export interface Migration {
  path: string;
  file: string;
  number: number;
  text: string;
}

/** What is there already, read from its text: nothing is started, and no database is asked. */
export class WorkingCopy {
  readonly migrations: readonly Migration[];
  readonly modules: readonly string[];
  readonly tables: ReadonlyMap<string, Migration>;
  readonly resources: ReadonlyMap<string, KnownResource>;
  /** what permissions and audit actions begin with */
  readonly subjects: ReadonlySet<string>;

  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
    this.migrations = tree
      .getDir('/migrations')
      .subfiles.filter((file) => /^\d{4}-.*\.ts$/.test(file))
      .sort()
      .map((file) => ({
        path: `/migrations/${file}`,
        file,
        number: Number(file.slice(0, 4)),
        text: tree.readText(`/migrations/${file}`),
      }));
    this.modules = tree
      .getDir('/src/modules')
      .subdirs.filter((folder) => tree.exists(`/src/modules/${folder}/index.ts`));
    this.tables = tablesOf(this.migrations);
    const sources = sourcesOf(tree);
    this.subjects = new Set(
      sources.flatMap(({ text }) =>
        [...text.matchAll(/define(?:Crud)?(?:Permissions?|AuditActions)\(\s*'([a-z_]+)/g)].map(
          ([, subject]) => subject ?? '',
        ),
      ),
    );
    this.resources = new Map([...this.registered(sources)].map((one) => [one.resource, one]));
  }

  private *registered(sources: readonly Source[]): Iterable<KnownResource> {
    for (const [table, migration] of this.tables) {
      const call = new RegExp(
        `protect_(table|resource|shared_resource)\\(\\s*'app\\.${table}',\\s*'([a-z_]+)'([^;]*)`,
      ).exec(migration.text);
      const [, how, resource = '', rest = ''] = call ?? [];
      const folder = folderOf(sources, resource);
      if (!call || folder === undefined) continue;
      const parent = new RegExp(`follow_parent\\('app\\.${table}',\\s*'(\\w+)',\\s*'app\\.(\\w+)'`).exec(
        migration.text,
      );
      yield {
        resource,
        table,
        folder,
        migration: migration.path,
        owned: how === 'resource' || /p_owned => true/.test(rest),
        parent: parent ? { column: parent[1] ?? '', table: parent[2] ?? '' } : undefined,
        path: pathOf(sources, folder),
      };
    }
  }

  get nextNumber(): number {
    return (this.migrations.at(-1)?.number ?? 0) + 1;
  }

  /** @throws Refusal when something of that name is there */
  checkFree({ resource, table, folder }: Names): void {
    if (this.resources.has(resource) || this.modules.includes(folder))
      refuse(
        `There is a module src/modules/${folder} already: give the new one another name, or remove that one first.`,
      );
    if (this.tables.has(table))
      refuse(
        `There is a table app.${table} already (${this.tables.get(table)?.file ?? ''}): give the new one another name.`,
      );
    if (this.subjects.has(resource))
      refuse(`There are permissions or audit actions of ${resource} already: give the new one another name.`);
  }

  /** @throws Refusal when there is no such resource */
  find(resource: string, asked: string): KnownResource {
    const found = this.resources.get(resource);
    const plural = [...this.resources.values()].find(({ table, folder }) => table === resource || folder === resource);
    if (!found && plural) return refuse(`${asked}: ${resource} is a plural: write ${plural.resource}.`);
    return (
      found ??
      refuse(`${asked}: there is no resource ${resource}. There are ${[...this.resources.keys()].sort().join(', ')}.`)
    );
  }

  /** What refers to a table by a foreign key, and is still there. */
  *referring(table: string): Iterable<{ table: string; migration: Migration }> {
    for (const [other, migration] of this.tables)
      if (other !== table && new RegExp(`references app\\.${table}\\b`).test(bodyOf(migration.text, other)))
        yield { table: other, migration };
  }
}

interface Source {
  path: string;
  text: string;
}

function sourcesOf(tree: Tree): Source[] {
  const sources: Source[] = [];
  tree.getDir('/src/modules').visit((path) => {
    if (path.endsWith('.ts') && !path.endsWith('.spec.ts')) sources.push({ path, text: tree.readText(path) });
  });
  return sources;
}

/** Tables of schema app that were made and not dropped. */
function tablesOf(migrations: readonly Migration[]): Map<string, Migration> {
  const tables = new Map<string, Migration>();
  for (const migration of migrations) {
    const up = migration.text.split(/async down\(/)[0] ?? '';
    for (const [, name = ''] of migration.text.matchAll(/create table app\.(\w+)/g)) tables.set(name, migration);
    for (const [, name = ''] of up.matchAll(/drop table app\.(\w+)/g)) tables.delete(name);
    for (const [, name = ''] of migration.text.matchAll(/^ \* Drops: app\.(\w+)$/gm)) tables.delete(name);
  }
  return tables;
}

/** What a migration says of one of the tables that it makes. */
function bodyOf(text: string, table: string): string {
  const start = text.indexOf(`create table app.${table} `);
  const end = text.indexOf('create table', start + 1);
  return start < 0 ? '' : text.slice(start, end < 0 ? undefined : end);
}

function folderOf(sources: readonly Source[], resource: string): string | undefined {
  const permissions = sources.find(({ text }) => text.includes(`defineCrudPermissions('${resource}'`));
  return /^\/src\/modules\/([^/]+)\/[^/]+$/.exec(permissions?.path ?? '')?.[1];
}

function pathOf(sources: readonly Source[], folder: string): string | undefined {
  const controller = sources.find(({ path }) => path === `/src/modules/${folder}/${folder}.controller.ts`);
  const path = /@Controller\('([^']+)'\)/.exec(controller?.text ?? '')?.[1];
  return path === undefined ? undefined : `/${path}`;
}

/** @returns the identifier, which PostgreSQL keeps whole @throws Refusal for one that it would cut */
export function checkIdentifier(identifier: string): string {
  if (identifier.length > LONGEST)
    refuse(
      `${identifier} would have ${identifier.length} letters, and ${LONGEST} is the most: shorten the field or the resource.`,
    );
  return identifier;
}
