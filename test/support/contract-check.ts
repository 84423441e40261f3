/*
 * Checks answers against the OpenAPI document. Jest's environment loads it once for a worker (node-environment.mjs), outside
 * the modules of the spec files, so that a schema is compiled once and not once for each of them. It imports nothing of ours:
 * plain Node strips its types.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';

/** What came back for what was sent. */
export interface Checked {
  method: string;
  /** as it was sent: with its query */
  path: string;
  status: number;
  headers: Headers;
  /** parsed, where it was JSON */
  body: unknown;
  /** the body as it came; where it is left out, whether there was one is not checked */
  text?: string;
}

interface HeaderSpec {
  required?: boolean;
}

interface Answer {
  headers?: Record<string, HeaderSpec>;
  content?: Record<string, { schema?: object }>;
}

interface Operation {
  name: string;
  method: string;
  pattern: RegExp;
  /** how much of the path is no parameter: /members/me goes before /members/{userId} */
  fixed: number;
  responses: Record<string, Answer & { $ref?: string }>;
}

type Json = Record<string, any>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Headers that tell a client something: one that is sent is documented. */
const TELLING = [
  'etag',
  'link',
  'location',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'deprecation',
  'sunset',
  'idempotent-replayed',
  'www-authenticate',
];

const ID = 'contract';
let loaded: { operations: Operation[]; ajv: Ajv2020; document: Json } | undefined;
const compiled = new Map<string, ValidateFunction>();

/**
 * What is wrong with an answer, by the document: an undocumented status, media type, header or property, a header that was
 * promised, a value that its schema refuses. Empty for nothing, and for a path or a method that the document does not have.
 */
export function faultsByContract(answer: Checked): string[] {
  const { operations } = (loaded ??= load());
  const path = answer.path.split('?', 1)[0] ?? '';
  const operation = operations.find(({ method, pattern }) => method === answer.method && pattern.test(path));
  if (!operation) return [];
  const found = operation.responses[answer.status];
  const at = `${operation.name} ${answer.status}`;
  if (!found) {
    const known = Object.keys(operation.responses).join(', ');
    return [`${at}: this status is not documented (there are ${known}); the answer was ${brief(answer)}`];
  }
  const { spec, ref } = deref(found, operation, answer.status);
  return [...headerFaults(answer, spec), ...bodyFaults(answer, spec, ref)].map((fault) => `${at}: ${fault}`);
}

const brief = ({ text, body }: Checked): string => (text ?? JSON.stringify(body) ?? '').slice(0, 200);

function deref(found: Answer & { $ref?: string }, { name }: Operation, status: number): { spec: Answer; ref: string } {
  if (!found.$ref) return { spec: found, ref: `${name} ${status}` };
  return { spec: pointed(found.$ref), ref: found.$ref };
}

const pointed = (ref: string): Json =>
  ref
    .slice(2)
    .split('/')
    .reduce<Json>((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], loaded?.document as Json);

function headerFaults({ headers }: Checked, spec: Answer): string[] {
  const documented = new Map(
    Object.entries(spec.headers ?? {}).map(([name, header]) => {
      const { $ref } = header as { $ref?: string };
      return [name.toLowerCase(), $ref ? pointed($ref) : header];
    }),
  );
  return [
    ...[...documented]
      .filter(([name, { required }]) => required && !headers.has(name))
      .map(([name]) => `the header ${name} is promised, and missing`),
    ...TELLING.filter((name) => headers.has(name) && !documented.has(name)).map(
      (name) => `the header ${name} is not documented`,
    ),
  ];
}

function bodyFaults({ headers, body, text }: Checked, { content }: Answer, ref: string): string[] {
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '';
  if (!content) return text ? [`the document has no body here, and one came: ${text.slice(0, 200)}`] : [];
  if (text === '') return ['the body is missing'];
  const media = content[type];
  if (!media) return [`the media type "${type}" is not documented (there are ${Object.keys(content).join(', ')})`];
  if (!media.schema || !/[/+]json$/.test(type)) return [];
  const validate = validatorOf(`${ref} ${type}`, media.schema);
  if (validate(body)) return [];
  return (validate.errors ?? []).filter(isTelling).map((error) => told(error));
}

/** That none of several schemas fits is said by what is wrong within them. */
const isTelling = ({ keyword }: ErrorObject, _index: number, all: ErrorObject[]): boolean =>
  all.length === 1 || (keyword !== 'anyOf' && keyword !== 'if');

function told({ instancePath, message, keyword, params, data }: ErrorObject): string {
  const extra = keyword === 'additionalProperties' ? ` "${params['additionalProperty']}"` : '';
  const allowed = keyword === 'enum' ? ` ${JSON.stringify(params['allowedValues'])}` : '';
  const is = typeof data === 'object' && data !== null ? '' : ` (it is ${JSON.stringify(data)?.slice(0, 100)})`;
  return `${instancePath || 'the body'} ${message}${extra}${allowed}${is}`;
}

function validatorOf(key: string, schema: object): ValidateFunction {
  let validate = compiled.get(key);
  if (!validate) {
    const { ajv } = loaded as NonNullable<typeof loaded>;
    validate = ajv.compile(schema);
    compiled.set(key, validate);
  }
  return validate;
}

/** The document as the code makes it now (global-setup.mjs); in suites without that, the committed one. */
function load(): NonNullable<typeof loaded> {
  const file = process.env['RINGFENCE_OPENAPI'] ?? new URL('../../openapi.json', import.meta.url);
  const document = closed(JSON.parse(readFileSync(file, 'utf8'))) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true });
  formats.default(ajv);
  ajv.addFormat('idn-email', /^[^\s@]+@[^\s@]+$/u);
  ajv.addSchema({ $id: ID, components: document['components'] });
  const operations = Object.entries<Json>(document['paths'] as Json).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => operationOf(path, method, methods[method] as Json)),
  );
  return { operations: operations.sort((one, other) => other.fixed - one.fixed), ajv, document };
}

function operationOf(path: string, method: string, { operationId, responses }: Json): Operation {
  const upper = method.toUpperCase();
  const pattern = path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
  const fixed = path.split('/').filter((part) => !part.startsWith('{')).length;
  return {
    name: `${upper} ${path} (${operationId})`,
    method: upper,
    pattern: new RegExp(`^${pattern}$`),
    fixed,
    responses,
  };
}

/**
 * Objects have the properties that they document and no others. The document does not say so, since clients are to bear
 * what is added later; we are to document it.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const made = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key.startsWith('example') ? inner : closed(inner)]),
  );
  const schema = made['schema'] as Json | undefined;
  if (schema) made['schema'] = absolute(schema);
  return isOpenObject(made) ? { ...made, additionalProperties: false } : made;
}

const isOpenObject = (schema: Json): boolean =>
  typeof schema['properties'] === 'object' &&
  (schema['type'] === 'object' || (Array.isArray(schema['type']) && schema['type'].includes('object'))) &&
  schema['additionalProperties'] === undefined;

/** References out of an operation lead into the components, which the validator knows by their own name. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' && inner.startsWith('#/')
        ? [key, `${ID}${inner}`]
        : [key, absolute(inner)],
    ),
  );
}
