import { type Schema, SchemaChanges } from './schema-changes.js';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface Header {
  $ref?: string;
  required?: boolean;
  schema?: Schema;
}

interface Answer {
  $ref?: string;
  headers?: Record<string, Header>;
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, Answer>;
  security?: Record<string, string[]>[];
  [extension: `x-${string}`]: unknown;
}

/** An OpenAPI 3.1 document, as far as the comparison reads it. */
export interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components?: {
    schemas?: Record<string, Schema>;
    responses?: Record<string, Answer>;
    headers?: Record<string, Header>;
  };
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * What a client that was right by the one contract would meet as a break in the other, each in words, with the operation it
 * concerns. Additions that clients are told to bear (operations, optional fields of requests, fields of responses, refusals)
 * are none.
 */
export function breakingChanges(before: Contract, after: Contract): string[] {
  const comparison = new Comparison(before, after);
  return [...new Set(comparison.all())];
}

class Comparison {
  private readonly schemas: SchemaChanges;

  constructor(
    private readonly before: Contract,
    private readonly after: Contract,
  ) {
    this.schemas = new SchemaChanges({
      before: before.components?.schemas ?? {},
      after: after.components?.schemas ?? {},
    });
  }

  all(): string[] {
    const now = operationsOf(this.after);
    return [...operationsOf(this.before)].flatMap(([key, [name, operation]]) => {
      const next = now.get(key)?.[1];
      if (!next) return [`${name} is gone`];
      return this.operation(operation, next).map((change) => `${name}: ${change}`);
    });
  }

  private operation(before: Operation, after: Operation): string[] {
    const renamed = before.operationId !== after.operationId;
    return [
      ...(renamed ? [`its operationId is ${after.operationId} now, and was ${before.operationId}`] : []),
      ...accessChanges(before, after),
      ...this.parameters(before.parameters ?? [], after.parameters ?? []),
      ...this.body(before.requestBody, after.requestBody),
      ...this.answers(before.responses ?? {}, after.responses ?? {}),
    ];
  }

  private parameters(before: Parameter[], after: Parameter[]): string[] {
    const words = ({ name, in: where }: Parameter): string => `the ${where} parameter ${name}`;
    const nth = (list: Parameter[], { name, in: where }: Parameter): Parameter | undefined =>
      list.find((other) => other.in === where && (where === 'path' || other.name.toLowerCase() === name.toLowerCase()));
    const changes = before.flatMap((one) => {
      const next = nth(after, one);
      if (!next) return [`${words(one)} is not taken any more`];
      const required = next.required && !one.required ? [`${words(one)} is required now`] : [];
      return [...required, ...this.schemas.of(one.schema ?? {}, next.schema ?? {}, 'request', words(one))];
    });
    const added = after.filter((one) => one.required && !nth(before, one));
    return [...changes, ...added.map((one) => `${words(one)} is new and required`)];
  }

  private body(before: Operation['requestBody'], after: Operation['requestBody']): string[] {
    if (!before) return after?.required ? ['it takes a body now, and demands it'] : [];
    if (!after) return ['it takes no body any more'];
    const required = after.required && !before.required ? ['its body is required now'] : [];
    const content = Object.entries(before.content ?? {}).flatMap(([type, { schema = {} }]) => {
      const next = after.content?.[type];
      if (!next) return [`it does not take ${type} any more`];
      return this.schemas.of(schema, next.schema ?? {}, 'request', '').map((change) => `in its body, ${change}`);
    });
    return [...required, ...content];
  }

  private answers(before: Record<string, Answer>, after: Record<string, Answer>): string[] {
    const gone = Object.keys(before).filter((status) => !after[status]);
    const added = Object.keys(after).filter((status) => !before[status] && Number(status) < 400);
    return [
      ...gone.map((status) => `the status ${status} is gone`),
      ...added.map((status) => `it may answer ${status} now, which clients do not know`),
      ...Object.entries(before).flatMap(([status, answer]) => {
        const next = after[status];
        return next ? this.answer(answer, next).map((change) => `in its ${status}, ${change}`) : [];
      }),
    ];
  }

  private answer(one: Answer, other: Answer): string[] {
    const [before, after] = [pointed(one, this.before), pointed(other, this.after)];
    const headers = Object.entries(before.headers ?? {}).flatMap(([name, header]) => {
      const next = Object.entries(after.headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
      if (!next) return [`the header ${name} is gone`];
      return this.header(name, headerOf(header, this.before), headerOf(next, this.after));
    });
    const content = Object.entries(before.content ?? {}).flatMap(([type, { schema = {} }]) => {
      const next = after.content?.[type];
      return next ? this.schemas.of(schema, next.schema ?? {}, 'response', '') : [`there is no ${type} any more`];
    });
    const body = !before.content && after.content ? ['there is a body now'] : [];
    return [...headers, ...content, ...body];
  }

  private header(name: string, before: Header, after: Header): string[] {
    const words = `the header ${name}`;
    const missing = before.required && !after.required ? [`${words} may be missing now`] : [];
    return [...missing, ...this.schemas.of(before.schema ?? {}, after.schema ?? {}, 'response', words)];
  }
}

/** By method and path, whatever the parameters of the path are called: clients send no names. */
function operationsOf({ paths }: Contract): Map<string, [name: string, operation: Operation]> {
  return new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        const name = `${method.toUpperCase()} ${path}`;
        return operation ? [[name.replace(/\{\w+\}/g, '{}'), [name, operation]] as const] : [];
      }).map(([key, [name, operation]]): [string, [string, Operation]] => [key, [name, operation]]),
    ),
  );
}

function accessChanges(before: Operation, after: Operation): string[] {
  const [had, has] = [schemesOf(before), schemesOf(after)];
  const refused = had.length === 0 ? (has.length > 0 ? ['it needs authentication now'] : []) : [];
  const gone = has.length === 0 ? [] : had.filter((scheme) => !has.includes(scheme));
  const permission = after['x-permission'] !== undefined && after['x-permission'] !== before['x-permission'];
  const aal = after['x-aal'] !== undefined && before['x-aal'] === undefined;
  const [age, was] = [after['x-aal-max-age'] as number | undefined, before['x-aal-max-age'] as number | undefined];
  const stricter = age !== undefined && (was === undefined || age < was);
  return [
    ...refused,
    ...gone.map((scheme) => `it does not take the security scheme ${scheme} any more`),
    ...(permission ? [`it needs the permission ${String(after['x-permission'])} now`] : []),
    ...(aal ? ['it needs AAL2 now'] : []),
    ...(stricter ? [`its second factor may be ${age} seconds old now, and might be ${was ?? 'of any age'}`] : []),
  ];
}

/** Alternatives; those of one alternative go together. */
const schemesOf = ({ security = [] }: Operation): string[] =>
  security.map((alternative) => Object.keys(alternative).sort().join(' with '));

const last = (ref: string): string => ref.split('/').at(-1) ?? '';

const pointed = (answer: Answer, { components }: Contract): Answer =>
  answer.$ref ? (components?.responses?.[last(answer.$ref)] ?? {}) : answer;

const headerOf = (header: Header, { components }: Contract): Header =>
  header.$ref ? (components?.headers?.[last(header.$ref)] ?? {}) : header;
