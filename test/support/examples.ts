/*
 * The bodies and parameters that the OpenAPI document shows, made fit to be sent: what an example cannot know (ids, secrets,
 * who somebody is, what is one of a kind) is taken from a call that is known to work. All else is sent as it is shown.
 */

type Json = Record<string, any>;

/** Says who or which: of the tests' own people and tenants. */
const NAMES = new Set(['email', 'adminEmail', 'tenant', 'slug', 'confirm']);
const UNKNOWABLE = new Set(['uuid', 'password', 'date-time']);

const schemaAt = (document: Json, schema: Json = {}): Json =>
  schema['$ref'] ? (document['components'].schemas[schema['$ref'].split('/').at(-1)] as Json) : schema;

function isLive(name: string, schema: Json): boolean {
  const { format, items } = schema as { format?: string; items?: Json };
  if (NAMES.has(name) || UNKNOWABLE.has(format ?? '') || UNKNOWABLE.has(items?.['format'])) return true;
  return schema['$ref'] !== undefined || schema['allOf'] !== undefined; // a credential of a device, say
}

/** What the document shows as the body of an operation; undefined where it takes none. */
export function shownBody(operation: Json): Json | undefined {
  const media = operation['requestBody']?.content?.['application/json'];
  const [first] = Object.values<Json>(media?.examples ?? {});
  return first?.['value'] ?? media?.example;
}

/** @param works the body of a call that works: a field that an example cannot know, and that is not in there, is left out */
export function exampleBody(document: Json, operation: Json, works: unknown): unknown {
  const shown = shownBody(operation);
  if (!shown) return works;
  const known = (works ?? {}) as Json;
  const { properties = {} } = schemaAt(document, operation['requestBody'].content['application/json'].schema);
  return Object.fromEntries(
    Object.entries(shown).flatMap(([name, value]) => {
      if (!isLive(name, properties[name] ?? {})) return [[name, value]];
      return name in known ? [[name, known[name]]] : [];
    }),
  );
}

/** The query that the document shows: what has an example or a default, and an id only where it is demanded. */
export function exampleQuery(operation: Json, live: Record<string, string>): string {
  const parameters = ((operation['parameters'] ?? []) as Json[]).filter((one) => one['in'] === 'query');
  const values = parameters.flatMap(({ name, required, example, schema }): [string, string][] => {
    if (isLive(name, schema) && !required) return [];
    const value = live[name] ?? example ?? schema.examples?.[0] ?? schema.default;
    return value === undefined ? [] : [[name, String(value)]];
  });
  return values.length > 0 ? `?${new URLSearchParams(values).toString()}` : '';
}
