import type { Operation } from '../../fuzz/operations.js';
import type { Relation } from '../../support/catalogue.js';
import type { IdPlace } from './places.js';

/** What an id is of: `app.deals.id`, a table and its column; and what the request calls it, where it says so. */
export interface Kind {
  column: string;
  type?: string;
}

export interface Registered {
  resource: string;
  table: string;
}

const MEMBER = 'app.memberships.user_id';

/** Parts of a path that have other names than their tables. */
const SEGMENTS: Readonly<Record<string, string>> = {
  members: MEMBER,
  totp: 'auth.factors.id',
  exports: 'auth.tenant_archives.id',
  erasures: 'auth.tenant_archives.id',
};

/** Names of fields that say more of who than of what. */
const NAMES: Readonly<Record<string, string>> = {
  ownerId: MEMBER,
  heirId: MEMBER,
  actorId: MEMBER,
  userId: MEMBER,
  parentIds: 'app.roles.id', // a role stands below roles
  tenant: 'app.tenants.slug',
};

/** What the log is filtered by: whatever was acted on. */
const ANYTHING = 'targetId';

/** Places that look like ids and name nothing of a tenant, with the reason. */
const NO_IDS: Readonly<Record<string, string>> = {
  'credential.id': 'of a device, which signs for it: the specs of passkeys try those of others',
  'credential.rawId': 'the same once more',
};

const snake = (name: string): string => name.replaceAll('-', '_').replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`);
const plurals = (word: string): string[] => [`${word}s`, `${word}es`, word.replace(/y$/, 'ies')];

/**
 * Says of which kind an id is that a place takes: by the foreign keys of the table that the operation is about, by the part
 * of the path in front of it, by its name. A new kind of record is known by its table, its routes and auth.resources.
 */
export class Kinds {
  constructor(
    private readonly relations: ReadonlyMap<string, Relation>,
    private readonly registered: readonly Registered[],
  ) {}

  /** @returns undefined where it cannot be said: that is a fault of the matrix, and shall be found */
  of(operation: Operation, place: IdPlace): readonly Kind[] | undefined {
    if (place.in === 'body' && NO_IDS[place.way.join('.')]) return [];
    if (place.typeBeside) return this.said(place);
    const own = this.tableOf(operation);
    const column =
      (place.in === 'path' ? this.inPath(operation, place.name, own) : undefined) ??
      this.referred(own, place.name) ??
      NAMES[place.name] ??
      this.named(snake(place.name).replace(/_ids?$/, ''));
    return column === undefined ? undefined : [{ column }];
  }

  /** Every kind of which there may be an id. */
  all(): readonly Kind[] {
    const ids = [...this.relations.values()].filter((one) => one.schema === 'app' && this.has(one.name, 'id'));
    return [...ids.filter(({ partitionOf }) => !partitionOf).map(({ name }) => `${name}.id`), MEMBER].map((column) => ({ column })); // prettier-ignore
  }

  /** Of each kind that the field beside it may name. */
  private said({ name, typeBeside }: IdPlace): readonly Kind[] | undefined {
    if (name === ANYTHING) return this.all();
    const kinds = this.registered.map(({ resource, table }) => ({ column: `${table}.id`, type: resource }));
    const { choices } = typeBeside!;
    if (!choices) return kinds;
    const named = kinds.filter(({ type }) => choices.includes(type));
    return named.length < choices.length ? undefined : named;
  }

  private has(table: string, column: string): boolean {
    return this.relations.get(table)?.columns.some(({ name }) => name === column) ?? false;
  }

  /** The table of the records that the operation is about. */
  private tableOf({ path, permission }: Operation): string | undefined {
    const registered = this.registered.find(({ resource }) => resource === permission?.split(':')[0]);
    if (registered) return registered.table;
    const [, first = ''] = /^\/v1\/([\w-]+)/.exec(path) ?? [];
    const table = `app.${snake(first)}`;
    return this.relations.has(table) ? table : undefined;
  }

  private inPath({ path }: Operation, parameter: string, own: string | undefined): string | undefined {
    const parts = path.split('/');
    const at = parts.indexOf(`{${parameter}}`);
    const segment = parts[at - 1] ?? '';
    if (SEGMENTS[segment]) return SEGMENTS[segment];
    const [first, ...others] = this.ofSegment(segment, parts.slice(0, at - 1));
    if (first && others.length === 0) return first;
    const isLast = parts.findLastIndex((part) => part.startsWith('{')) === at;
    return isLast && parameter === 'id' && own ? `${own}.id` : this.referred(own, parameter);
  }

  /** `comments` below `tickets` are app.ticket_comments. */
  private ofSegment(segment: string, before: string[]): string[] {
    const word = snake(segment);
    const above = before.filter((part) => part && !part.startsWith('{')).map(snake);
    const beneath = [...this.relations.values()].filter(({ schema, plain, partitionOf }) => {
      const prefix = plain.endsWith(`_${word}`) ? plain.slice(0, -word.length - 1) : '';
      return schema === 'app' && !partitionOf && prefix && above.some((part) => plurals(prefix).includes(part));
    });
    const plain = ['app', 'auth'].map((schema) => `${schema}.${word}`).filter((name) => this.has(name, 'id'));
    return (beneath.length > 0 ? beneath.map(({ name }) => name) : plain.slice(0, 1)).map((name) => `${name}.id`);
  }

  /** What the column of that name refers to, in a table. */
  private referred(table: string | undefined, name: string): string | undefined {
    for (const { columns, references, referenced } of this.relations.get(table ?? '')?.foreignKeys ?? []) {
      const n = columns.indexOf(snake(name));
      if (n >= 0 && columns[n] !== 'tenant_id') return `${references}.${referenced[n]}`;
    }
    return undefined;
  }

  private named(word: string): string | undefined {
    const tables = plurals(word).flatMap((plural) => ['app', 'auth'].map((schema) => `${schema}.${plural}`));
    const found = tables.find((name) => this.has(name, 'id'));
    return found && `${found}.id`;
  }
}
