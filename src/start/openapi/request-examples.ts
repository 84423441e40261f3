import type { Media, Schema } from './types.js';

const SECRET = '********';
const DEPTH = 6;

/**
 * An example of a body, from the examples of its fields: what is required, and what has an example of its own. Secrets are
 * left for whoever sends it.
 */
export function withExample(media: Media, schemas: Record<string, Schema>): Media {
  if (media.example !== undefined || media.examples || !media.schema) return media;
  return { ...media, example: exampleOf(media.schema, schemas, DEPTH) };
}

function exampleOf(schema: Schema, schemas: Record<string, Schema>, depth: number): unknown {
  const { $ref, examples, default: usual, enum: choices, format, type } = schema;
  if ($ref) return depth > 0 ? exampleOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas, depth - 1) : {};
  if (examples?.length) return examples[0];
  if (usual !== undefined) return usual;
  if (choices) return choices[0];
  if (format === 'password') return SECRET;
  const kind = [type].flat()[0];
  if (kind === 'array') return schema.items ? [exampleOf(schema.items, schemas, depth - 1)] : [];
  if (kind === 'object' || schema.properties) return objectOf(schema, schemas, depth);
  const alternative = (schema.allOf ?? schema.anyOf ?? schema.oneOf)?.[0];
  if (alternative) return exampleOf(alternative, schemas, depth - 1);
  return kind === 'integer' || kind === 'number' ? (schema['minimum'] ?? 1) : kind === 'boolean' ? true : 'text';
}

function objectOf(schema: Schema, schemas: Record<string, Schema>, depth: number): Record<string, unknown> {
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([name, property]) => schema.required?.includes(name) || isTold(property),
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, schemas, depth)]));
}

/** An id that is made up fits nowhere, so that one that may be left out is. */
const isTold = ({ examples, format }: Schema): boolean => Boolean(examples?.length) && format !== 'uuid';
