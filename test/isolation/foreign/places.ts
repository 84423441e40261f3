import type { Change } from '../../fuzz/cases.js';
import type { Base } from '../../fuzz/cases.js';
import type { Operation, Schema } from '../../fuzz/operations.js';

/** Where a request carries an id. */
export interface IdPlace {
  in: 'path' | 'query' | 'body';
  /** how it is reached: names of properties, `*` for each item of a list */
  way: string[];
  /** the last of them that is a name */
  name: string;
  /** what the place beside it may say of the kind: `resourceType` of `resourceId` */
  typeBeside?: { name: string; choices?: string[] };
}

/** By its format, or by a name that says so; a tenant is named by its slug. */
const isId = (name: string, schema: Schema): boolean =>
  schema.format === 'uuid' || /(^id|Ids?|_id)$/.test(name) || name === 'tenant';

/** Every place of an operation that takes an id, in its body at any depth. */
export function idPlacesOf({ parameters, body }: Operation): IdPlace[] {
  const of = (place: 'path' | 'query'): IdPlace[] => {
    const all = parameters.filter((one) => one.in === place);
    const schemas = Object.fromEntries(all.map(({ name, schema }) => [name, schema]));
    return all.flatMap(({ name, schema }) => (isId(name, schema) ? [{ in: place, way: [name], name, ...beside(name, schemas) }] : [])); // prettier-ignore
  };
  return [...of('path'), ...of('query'), ...(body ? inBody(body, []) : [])];
}

function inBody(schema: Schema, way: string[]): IdPlace[] {
  const parts = [schema, ...[schema.allOf, schema.anyOf, schema.oneOf].flatMap((some) => some ?? [])];
  return parts.flatMap(({ properties = {}, items }) => [
    ...Object.entries(properties).flatMap(([name, one]) => at(name, one, [...way, name], properties)),
    ...(items ? inBody(items, [...way, '*']) : []),
  ]);
}

function at(name: string, schema: Schema, way: string[], siblings: Record<string, Schema>): IdPlace[] {
  const list = schema.items && !schema.items.properties ? schema.items : undefined;
  if (isId(name, list ?? schema)) return [{ in: 'body', way: list ? [...way, '*'] : way, name, ...beside(name, siblings) }]; // prettier-ignore
  return inBody(schema, way);
}

function beside(name: string, siblings: Record<string, Schema>): Pick<IdPlace, 'typeBeside'> {
  const type = name.replace(/Id$/, 'Type');
  if (type === name || !siblings[type]) return {};
  const choices = siblings[type].enum?.map(String);
  return { typeBeside: { name: type, ...(choices ? { choices } : {}) } };
}

/** The valid request with another id in one place. @param type what the place beside it is to say */
export function withId(base: Base, { in: where, way, typeBeside }: IdPlace, id: string, type?: string): Change {
  const [name = ''] = way;
  if (where === 'path') return { path: { [name]: id } };
  const typed = type !== undefined && typeBeside ? { [typeBeside.name]: type } : {};
  if (where === 'query') return { query: new URLSearchParams({ ...base.query, ...typed, [name]: id }).toString() };
  const body = structuredClone(base.body ?? {});
  put(body, way, id);
  if (Object.keys(typed).length > 0) Object.assign(parentOf(body, way), typed);
  return { body: JSON.stringify(body) };
}

function put(at: any, [step = '', ...rest]: string[], id: string): void {
  const key = step === '*' ? 0 : step;
  if (rest.length === 0) at[key] = id;
  else put((at[key] ??= rest[0] === '*' ? [] : {}), rest, id);
}

const parentOf = (body: object, way: string[]): object =>
  way.slice(0, -1).reduce((at: any, step) => at[step === '*' ? 0 : step], body);
