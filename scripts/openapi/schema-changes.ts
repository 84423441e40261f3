/** A JSON Schema (2020-12), as far as the comparison reads it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  [keyword: string]: unknown;
}

/** Two schemas of the same place, and which way the values go: a client sends requests and reads responses. */
interface Pair {
  before: Schema;
  after: Schema;
  way: 'request' | 'response';
  /** words for the place: `items[].amount` */
  place: string;
}

/** Finds in which document a reference leads where. */
export interface Components {
  before: Record<string, Schema>;
  after: Record<string, Schema>;
}

/** What a request may not be any more: keyword, and whether a larger value is the narrower one. */
const BOUNDS: readonly (readonly [keyword: string, largerIsNarrower: boolean])[] = [
  ['minLength', true],
  ['minimum', true],
  ['exclusiveMinimum', true],
  ['minItems', true],
  ['minProperties', true],
  ['maxLength', false],
  ['maximum', false],
  ['exclusiveMaximum', false],
  ['maxItems', false],
  ['maxProperties', false],
];

/** Compares schemas, in words; each change is one that breaks a client that was right before. */
export class SchemaChanges {
  private readonly underWay = new Set<string>();

  constructor(private readonly components: Components) {}

  /** @param way whose values: what clients send must still be taken, what they read must still be understood */
  of(before: Schema, after: Schema, way: Pair['way'], place: string): string[] {
    const key = `${way} ${before.$ref} ${after.$ref}`;
    if (before.$ref && after.$ref && this.underWay.has(key)) return []; // a schema within itself
    this.underWay.add(key);
    const pair: Pair = {
      before: resolved(before, this.components.before),
      after: resolved(after, this.components.after),
      way,
      place,
    };
    const changes = [...this.alternatives(pair), ...this.own(pair)];
    this.underWay.delete(key);
    return changes;
  }

  private own(pair: Pair): string[] {
    if (pair.before.anyOf || pair.after.anyOf) return [];
    const types = typeChanges(pair);
    if (types.length > 0) return types;
    const narrowed = pair.way === 'request' ? requestChanges(pair) : [];
    return [...enumChanges(pair), ...formChanges(pair), ...narrowed, ...this.properties(pair), ...this.inner(pair)];
  }

  private properties(pair: Pair): string[] {
    const { before, after, way, place } = pair;
    const now = after.properties ?? {};
    const had = before.properties ?? {};
    const within = (name: string): string => (place ? `${place}.${name}` : name);
    const changes = Object.entries(had).flatMap(([name, property]) => {
      const next = now[name];
      if (!next) return [`${within(name)} ${way === 'response' ? 'is gone' : 'is not taken any more'}`];
      return [...requiredChanges(pair, name, within(name)), ...this.of(property, next, way, within(name))];
    });
    const added = Object.keys(now).filter((name) => !had[name] && way === 'request' && after.required?.includes(name));
    return [...changes, ...added.map((name) => `${within(name)} is new and required`)];
  }

  /** Elements of lists, and values of maps. */
  private inner({ before, after, way, place }: Pair): string[] {
    const changes: string[] = [];
    if (before.items) changes.push(...this.of(before.items, after.items ?? {}, way, `${place}[]`));
    const [had, has] = [before.additionalProperties, after.additionalProperties];
    if (way === 'request' && had !== false && has === false && !before.properties) {
      changes.push(`${place} takes no properties of the client's own any more`);
    }
    if (typeof had === 'object') changes.push(...this.of(had, typeof has === 'object' ? has : {}, way, `${place}.*`));
    return changes;
  }

  /** One of several: what is sent must still find one that takes it, what is read must be one that was there. */
  private alternatives({ before, after, way, place }: Pair): string[] {
    if (!before.anyOf && !after.anyOf) return [];
    const had = before.anyOf ?? [before];
    const has = after.anyOf ?? [after];
    const [each, others] = way === 'response' ? [has, had] : [had, has];
    return each.flatMap((one) => {
      const tries = others.map((other) =>
        way === 'response' ? this.of(other, one, way, place) : this.of(one, other, way, place),
      );
      if (tries.some((changes) => changes.length === 0)) return [];
      const [nearest] = tries.filter(([change = '']) => !/ of type | null /.test(change)); // another kind altogether
      return nearest ?? [way === 'response' ? `${place} may be something else now` : `${place} takes less than before`];
    });
  }
}

/** A schema with its references followed, its parts merged, and null among its types. */
function resolved(schema: Schema, components: Record<string, Schema>): Schema {
  const { $ref, allOf, oneOf, ...rest } = schema;
  const target = $ref ? resolved(components[$ref.split('/').at(-1) ?? ''] ?? {}, components) : {};
  const parts = [target, ...(allOf ?? []).map((part) => resolved(part, components)), rest];
  const merged = parts.reduce<Schema>(
    (sum, part) => ({
      ...sum,
      ...part,
      ...(sum.properties || part.properties ? { properties: { ...sum.properties, ...part.properties } } : {}),
      ...(sum.required || part.required ? { required: [...(sum.required ?? []), ...(part.required ?? [])] } : {}),
    }),
    {},
  );
  const anyOf = merged.anyOf ?? oneOf;
  if (anyOf) merged.anyOf = anyOf;
  return unwrapped(merged, components);
}

/** `anyOf: [X, null]` is X that may be null. */
function unwrapped(schema: Schema, components: Record<string, Schema>): Schema {
  const { anyOf, ...rest } = schema;
  if (!anyOf) return schema;
  const others = anyOf.filter(({ type }) => type !== 'null');
  const [only] = others;
  if (others.length !== 1 || !only) return schema;
  const inner = resolved(only, components);
  return { ...rest, ...inner, type: [...typesOf(inner), ...(others.length < anyOf.length ? ['null'] : [])] };
}

const ANY = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

function typesOf({ type, enum: values, const: only, properties }: Schema): string[] {
  if (type !== undefined) return [type].flat();
  if (properties) return ['object'];
  const listed = only === undefined ? values : [only];
  if (!listed) return ANY;
  return [...new Set(listed.map((value) => (value === null ? 'null' : typeof value)))];
}

const holds = (types: string[], type: string): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

function typeChanges({ before, after, way, place }: Pair): string[] {
  const [had, has] = [typesOf(before), typesOf(after)];
  const [each, within] = way === 'response' ? [has, had] : [had, has];
  const odd = each.filter((type) => !holds(within, type));
  if (odd.length === 0) return [];
  const name = place || 'the body';
  if (odd.length === 1 && odd[0] === 'null') {
    return [way === 'response' ? `${name} may be null now` : `${name} may not be null any more`];
  }
  return [`${name} is of type ${has.join(' or ')} now, and was ${had.join(' or ')}`];
}

function requiredChanges({ before, after, way }: Pair, name: string, place: string): string[] {
  const [had, has] = [before.required?.includes(name) ?? false, after.required?.includes(name) ?? false];
  if (way === 'response') return had && !has ? [`${place} may be missing now`] : [];
  return !had && has ? [`${place} is required now`] : [];
}

const listed = ({ enum: values, const: only }: Schema): unknown[] | undefined => (only === undefined ? values : [only]);
const told = (values: unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

function enumChanges({ before, after, way, place }: Pair): string[] {
  const [had, has] = [listed(before), listed(after)];
  if (way === 'response') {
    if (!had) return [];
    if (!has) return [`${place} may be anything now, and was one of ${told(had)}`];
    const more = has.filter((value) => value !== null && !had.includes(value));
    return more.length > 0 ? [`${place} may be ${told(more)} now, which clients do not know`] : [];
  }
  if (!has) return [];
  if (!had) return [`${place} takes only ${told(has)} now`];
  const less = had.filter((value) => value !== null && !has.includes(value));
  return less.length > 0 ? [`${place} does not take ${told(less)} any more`] : [];
}

/** What a value looks like: a client may parse by it. To take more than one form from a request is no break. */
function formChanges({ before, after, way, place }: Pair): string[] {
  return ['format', 'contentEncoding'].flatMap((keyword) => {
    const [had, has] = [before[keyword], after[keyword]] as (string | undefined)[];
    if (had === has || (way === 'request' && has === undefined) || (way === 'response' && had === undefined)) return [];
    return [`${place} has the ${keyword} ${has ?? 'none'} now, and had ${had ?? 'none'}`];
  });
}

function requestChanges({ before, after, place }: Pair): string[] {
  const bounds = BOUNDS.flatMap(([keyword, largerIsNarrower]) => {
    const [had, has] = [before[keyword] as number | undefined, after[keyword] as number | undefined];
    if (has === undefined || had === has) return [];
    const narrower = had === undefined || (largerIsNarrower ? has > had : has < had);
    return narrower ? [`${place} has the ${keyword} ${has} now, and had ${had ?? 'none'}`] : [];
  });
  const pattern = after['pattern'] !== undefined && after['pattern'] !== before['pattern'];
  const unique = after['uniqueItems'] === true && before['uniqueItems'] !== true;
  const usual = before['default'] !== undefined && !same(before['default'], after['default']);
  return [
    ...bounds,
    ...(pattern ? [`${place} must match another pattern now: ${String(after['pattern'])}`] : []),
    ...(unique ? [`${place} must not repeat elements now`] : []),
    ...(usual
      ? [`${place} is ${told([after['default']])} now where it is left out, and was ${told([before['default']])}`]
      : []),
  ];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
