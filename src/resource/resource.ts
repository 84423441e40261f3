import type { DemoRows } from './demo.js';

interface Declaration {
  /** the entity of its table */
  readonly entity: new () => object;
  /** its chapter in the API document: the tag of its routes, and what they are about in a sentence */
  readonly chapter: { readonly tag: string; readonly description: string };
  /**
   * All columns of its table, in any order. An export of a tenant carries them, and stops where the table has another one:
   * whoever adds a column decides here that it travels.
   */
  readonly columns: readonly string[];
  /** other kinds of records that its rows refer to: these come first, in an import and in the demo */
  readonly refersTo?: readonly string[];
  readonly demo?: DemoRows;
}

/** A kind of record that people work with through the API, as it declares itself to the rest of the house. */
export interface Resource extends Declaration {
  /** as in permission codes, in the singular: `deal` */
  readonly name: string;
  /** with its schema: `app.deals` */
  readonly table: string;
}

const declared = new Map<string, Resource>();

/**
 * Declares a kind of record beside its module, once: archives of tenants, the API document, the demo and the tests read it
 * here, so that adding a module or deleting its folder changes none of them.
 * @param name as in its permission codes and in the call of app.protect_resource or app.protect_shared_resource
 * @throws Error for a name that is malformed or declared twice
 */
export function defineResource(name: string, table: string, declaration: Declaration): Resource {
  if (!/^[a-z_]+$/.test(name)) throw new Error(`resource ${name}: write it in snake_case`);
  if (declared.has(name)) throw new Error(`resource ${name} is declared twice`);
  const resource = Object.freeze({ name, table, ...declaration });
  declared.set(name, resource);
  return resource;
}

/**
 * Every kind of a loaded module; each stands behind those that it refers to, and otherwise by its name.
 * @throws Error where one refers to a kind that nobody declares, or two to each other
 */
export function resources(): readonly Resource[] {
  const ordered: Resource[] = [];
  const waiting = [...declared.values()].sort((a, b) => a.name.localeCompare(b.name));
  while (waiting.length > 0) {
    const there = new Set(ordered.map(({ name }) => name));
    const next = waiting.findIndex(({ name, refersTo = [] }) =>
      refersTo.every((other) => other === name || there.has(other)),
    );
    if (next < 0) throw new Error(`these refer to each other, or to a kind that is not declared: ${waiting.map(({ name }) => name).join(', ')}`); // prettier-ignore
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}
