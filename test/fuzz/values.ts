import fc from 'fast-check';
import type { Schema } from './operations.js';

const quote = (text: string): string => JSON.stringify(text);

/** Values as JSON text (some of it is none), whatever the field is. */
const ANY_FIELD: readonly string[] = [
  ...['null', '[]', '{}', '[null]', '["a"]', '[["a"]]', '{"a":"b"}', 'true', 'false', '0', '1', '-1', '-0', '1.5'],
  ...['1e308', '-1e308', '1e999', '1e-400', '9007199254740993', '9223372036854775808', '2147483648', '-2147483649'],
  ...['NaN', 'Infinity', '0x10', '01', '+1', '1_000', "'a'", 'undefined', ''],
  ...['"NaN"', '"Infinity"', '"null"', '"true"', '"0x10"', '"1e3"', '"١٢"', '"１２"', '"1,5"', '"-0"'],
  ...['""', '" "', '"\\t\\n"', '"\\u2028"', '"\\u00a0"', '"\\u200b"', '"\\ufeff"', '"x"', '" x "'],
  ...['"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"a\\ud83d"', '"\\uffff"', '"\\u001b[31m"', '"\\u007f"'],
  ...['"a\\r\\nX-Injected: 1"', '"\\u202Egnp.exe"', '"\u05d0\u05d1 \u0627"', '"😀"', '"👩‍👩‍👧‍👦"', '"e\\u0301"', '"Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢"'],
  ...['"\'; select 1; --"', '"\\\\"', '"{{x}}"', '"${jndi:ldap://x}"', '"<script>alert(1)</script>"', '"%00"', '"%s%n"'],
  ...['"../../etc/passwd"', '"__proto__"', '"constructor"', '{"toString":1}', '{"length":1000000000}', '{"__proto__":{"a":1}}'],
  ...['"00000000-0000-0000-0000-000000000000"', '"ffffffff-ffff-ffff-ffff-ffffffffffff"', '"{00000000-0000-4000-8000-000000000000}"'],
  ...['"2026-02-30T00:00:00Z"', '"294277-01-01T00:00:00Z"', '"-infinity"', '"now"', '"epoch"', '"0000-00-00"'],
  ...['x@', '@x', 'a@b@c.de', 'a b@c.de', 'a@b.de\n', '"@"@example.com', 'ä@ü.de', 'a@xn--a.de', `${'x'.repeat(65)}@b.de`].map(quote),
  quote('x'.repeat(70_000)),
  quote('😀'.repeat(5_000)),
  `${'['.repeat(20)}${']'.repeat(20)}`,
  `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`,
]; // prettier-ignore

/** JSON texts of values near the bounds that the schema draws, inside and outside. */
function nearBounds(schema: Schema): string[] {
  const { minLength = 0, maxLength, minimum, maximum, minItems, maxItems } = schema;
  const texts = (length: number): string[] =>
    length < 0 || length > 100_000 ? [] : ['x', '😀', 'é', 'e\u0301', '\u202e'].map((one) => quote(one.repeat(length)));
  const item = schema.items ? JSON.stringify(sample(schema.items)) : '1';
  const lists = (length: number): string[] =>
    length < 0 || length > 20_000 ? [] : [`[${Array(length).fill(item).join()}]`];
  return [
    ...(maxLength === undefined ? [] : [maxLength, maxLength + 1].flatMap(texts)),
    ...(minLength > 1 ? [minLength, minLength - 1].flatMap(texts) : []),
    ...[minimum, maximum].flatMap((bound) =>
      bound === undefined ? [] : [bound - 1, bound, bound + 1, bound + 0.5].map(String),
    ),
    ...[minItems, maxItems].flatMap((bound) => (bound === undefined ? [] : [bound - 1, bound, bound + 1].flatMap(lists))),
    ...(schema.enum ?? []).flatMap((one) => [quote(`${String(one)} `), quote(String(one).toUpperCase()), quote(`${String(one)}\n`)]),
    ...(schema.enum ?? []).map((one) => JSON.stringify([one])),
    ...(schema.items ? [`[${item},${item}]`, `[${item},null]`, `[${item},${quote('\0')}]`, `{"0":${item},"length":1}`] : []),
  ]; // prettier-ignore
}

/** What the field is sent in place of a good value, as JSON text; what of it is wrong, the schema says. */
export function oddValues(schema: Schema, seed: number, drawn: number): string[] {
  const anyText = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 40,
  });
  const random = fc.sample(fc.oneof(fc.json(), anyText.map(quote), fc.string({ unit: 'binary' }).map(quote)), {
    seed,
    numRuns: drawn,
  }); // prettier-ignore
  return [...new Set([...ANY_FIELD, ...nearBounds(schema), ...random])];
}

/** The same for what stands in a query or a path: text as it is, neither quoted nor encoded. */
export function oddTexts(schema: Schema, seed: number, drawn: number): string[] {
  const near = nearBounds(schema).map((raw) => (typeof parse(raw) === 'string' ? (parse(raw) as string) : raw));
  const quoted = ANY_FIELD.flatMap((raw) => (/^"/.test(raw) ? [String(parse(raw))] : [raw]));
  const random = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), {
    seed,
    numRuns: drawn,
  });
  return [...new Set([...quoted, ...near, ...random])].filter((text) => text.length <= 2_000);
}

export function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

/** Something that passes for a value of the schema. */
export function sample(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'array') return Array(schema.minItems ?? 0).fill(sample(schema.items ?? {}));
  if (type === 'object') return sampleObject(schema);
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  return fc.sample(arbitraryOf(schema), { seed: 1, numRuns: 1 })[0];
}

export const sampleObject = ({ properties = {}, required = [] }: Schema): Record<string, unknown> =>
  Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]));

/** Values that the schema allows. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const { minLength = 0, maxLength = 60, pattern, format } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (type === 'object' || schema.properties) return objectOf(schema);
  if (type === 'array')
    return fc.array(arbitraryOf(schema.items ?? {}), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.min(schema.maxItems ?? 5, 5),
    });
  if (type === 'integer' || type === 'number')
    return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, Number.MAX_SAFE_INTEGER) });
  if (type === 'boolean') return fc.boolean();
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern) return matching(pattern, schema);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

const objectOf = ({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, arbitraryOf(one)])), {
    requiredKeys: required.filter((name) => name in properties),
  });

function matching(pattern: string, { example }: Schema): fc.Arbitrary<unknown> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return fc.constant(example ?? 'x'); // a form of pattern that cannot be drawn from
  }
}
