import type { Schema } from './types.js';

/** What a value of a format looks like, for schemas that give no example of their own. */
const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '01936c5e-8a4b-7c21-9f0e-2b6d4c8a1f37',
  'date-time': '2026-11-21T16:00:00.000Z',
  'idn-email': 'ada@acme.example',
  email: 'ada@acme.example',
};

/**
 * A schema in the form of OpenAPI 3.1, which is JSON Schema 2020-12: null is a type, examples are a list, bytes are told by
 * their encoding. The decorators write the form of 3.0.
 */
export function inForm(schema: Schema): Schema {
  const { nullable, example, ...rest } = mapped(schema, inForm);
  const made: Schema = { ...rest };
  const shown = example ?? (made.examples ? undefined : BY_FORMAT[made.format ?? '']);
  if (shown !== undefined) made.examples = [shown];
  if (made.format === 'byte') {
    delete made.format;
    made['contentEncoding'] = 'base64';
  }
  return nullable ? orNull(made) : made;
}

function orNull(schema: Schema): Schema {
  const { $ref, allOf, oneOf, type, description, ...rest } = schema;
  const alternatives = $ref ? [{ $ref }] : (oneOf ?? allOf);
  const told = description === undefined ? {} : { description };
  if (alternatives) return { ...rest, ...told, anyOf: [...alternatives, { type: 'null' }] };
  const types = [type ?? []].flat();
  const values = schema.enum ? { enum: [...new Set([...schema.enum, null])] } : {};
  return { ...rest, ...told, type: [...types, 'null'], ...values };
}

/** The schema with everything that is a schema within it changed. */
export function mapped(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const made: Schema = { ...schema };
  if (schema.properties) {
    made.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, change(property)]),
    );
  }
  if (schema.items) made.items = change(schema.items);
  if (typeof schema.additionalProperties === 'object') made.additionalProperties = change(schema.additionalProperties);
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const all = schema[keyword];
    if (all) made[keyword] = all.map(change);
  }
  return made;
}
