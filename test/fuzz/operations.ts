/** JSON Schema 2020-12, as far as the document uses it. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: boolean | Schema;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  example?: unknown;
  examples?: unknown[];
  $ref?: string;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

export interface Operation {
  id: string;
  method: string;
  /** as in the document, with {parameters} */
  path: string;
  parameters: Parameter[];
  /** of the body, with every reference resolved */
  body?: Schema;
  /** a request without a body is none */
  needsBody: boolean;
  statuses: ReadonlySet<number>;
  access: 'public' | 'session' | 'member' | 'operator' | 'permission';
  /** as `deal:update` */
  permission?: string;
  /** methods that its path takes */
  siblings: ReadonlySet<string>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
type Document = Record<string, any>;

/** Every operation of an OpenAPI document, in its order. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries<Document>(document['paths']).flatMap(([path, item]) => {
    const methods = METHODS.filter((method) => item[method]);
    const siblings = new Set(methods.map((method) => method.toUpperCase()));
    return methods.map((method) => operationOf(document, path, method, { item, siblings }));
  });
}

function operationOf(
  document: Document,
  path: string,
  method: string,
  { item, siblings }: { item: Document; siblings: Set<string> },
): Operation {
  const told = item[method] as Document;
  const parameters = [...(item['parameters'] ?? []), ...(told['parameters'] ?? [])].map((one) =>
    resolved(document, one),
  ) as unknown as Parameter[];
  const body = told['requestBody'] && resolved(document, told['requestBody'])['content']?.['application/json']?.schema;
  return {
    id: told['operationId'],
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((one) => ({
      ...one,
      schema: resolved(document, one.schema ?? {}),
    })),
    needsBody: told['requestBody']?.required === true,
    ...(body ? { body: resolved(document, body) } : {}),
    statuses: new Set(Object.keys(told['responses']).map(Number)),
    access: accessOf(told),
    ...(told['x-permission'] ? { permission: told['x-permission'] as string } : {}),
    siblings,
  };
}

function accessOf(told: Document): Operation['access'] {
  if ((told['security'] ?? []).length === 0) return 'public';
  if (told['x-operator']) return 'operator';
  if (told['x-member']) return 'member';
  return told['x-permission'] ? 'permission' : 'session';
}

/** The value without references; what refers to itself ends after a few rounds. */
function resolved(document: Document, value: any, depth = 0): any {
  if (typeof value !== 'object' || value === null || depth > 12) return value;
  if (Array.isArray(value)) return value.map((one) => resolved(document, one, depth + 1));
  if (typeof value.$ref === 'string') {
    const found = (value.$ref as string)
      .slice(2)
      .split('/')
      .reduce((at: any, name) => at?.[name], document);
    return resolved(document, found, depth + 1);
  }
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(document, one, depth + 1)]));
}
