import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { type Base, broken, type Case, REFUSED, UNROUTED } from './cases.js';
import type { Operation, Schema } from './operations.js';
import { arbitraryOf, oddValues, parse } from './values.js';

const ajv = new Ajv2020({ strict: false, logger: false });
(addFormats as unknown as (one: Ajv2020) => void)(ajv);
ajv.addFormat('email', true); // ours are internationalised, which the library's are not

/** Bodies of an operation that takes one, or one on an operation that takes none. */
export function bodyCases(operation: Operation, seed: number, drawn: number): Case[] {
  if (!operation.body) return [...unwantedBody(), ...mediaCases(false)];
  const valid = ajv.compile(operation.body);
  return [
    ...validBodies(operation.body, seed, drawn),
    ...fieldCases(operation.body, valid, seed, drawn),
    ...rootCases(),
    ...surplusCases(),
    ...syntaxCases(operation.needsBody),
    ...mediaCases(true),
  ];
}

const validBodies = (schema: Schema, seed: number, drawn: number): Case[] =>
  fc.sample(arbitraryOf(schema), { seed, numRuns: Math.max(2, drawn * 3) }).map((body) =>
    broken('body: as the schema allows', JSON.stringify(body).slice(0, 60), () => ({ body: JSON.stringify(body) })),
  ); // prettier-ignore

/** Each field, however deep it lies, with values that it should not have; what is wrong, the schema says. */
function fieldCases(schema: Schema, valid: ValidateFunction, seed: number, drawn: number): Case[] {
  return fieldsOf(schema).flatMap(({ at, schema: field, required }, n): Case[] => {
    const name = at.join('.');
    const raws =
      at.length > 1
        ? oddValues(field, seed + n, drawn).filter((_, i) => i % 3 === n % 3)
        : oddValues(field, seed + n, drawn);
    const absent = broken(
      `body: field missing`,
      name,
      (base) => ({ body: JSON.stringify(changed(base, at)) }),
      required ? REFUSED : {},
    );
    return [absent, ...raws.map((raw): Case => fieldCase(at, raw, valid))];
  });
}

/** A case whose mark depends on the whole body: it is decided when the request is made. */
function fieldCase(at: string[], raw: string, valid: ValidateFunction): Case {
  const text = (base: Base): string => JSON.stringify(changed(base, at, HOLE)).replace(JSON.stringify(HOLE), () => raw);
  const one = broken('body: field value', `${at.join('.')}: ${raw.slice(0, 60)}`, (base) => ({ body: text(base) }));
  return {
    ...one,
    make(base, authorization) {
      if (refusable(text(base), valid)) this.refused = true;
      else delete this.refused;
      return requestOfCase(one, base, authorization);
    },
  };
}
const requestOfCase = (one: Case, base: Base, authorization: string | undefined) => one.make(base, authorization);

/** What the contract refuses: no JSON, against the schema, U+0000, no Unicode. */
function refusable(text: string, valid: ValidateFunction): boolean {
  const value = parse(text);
  if (value === undefined || !valid(value)) return true;
  return texts(value).some((one) => one.includes('\0') || !one.isWellFormed());
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...texts(one)]);
}

const HOLE = '\u2400hole\u2400';

/** The valid body with one field otherwise, or without it. */
function changed({ body = {} }: Base, at: string[], value?: string): unknown {
  const copy = structuredClone(body);
  const parent = at.slice(0, -1).reduce<any>((object, name) => (object[name] ??= {}), copy);
  const name = at.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(parent, name);
  else parent[name] = value;
  return copy;
}

interface Field {
  at: string[];
  schema: Schema;
  required: boolean;
}

function fieldsOf({ properties = {}, required = [] }: Schema, above: string[] = []): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const at = [...above, name];
    return [{ at, schema, required: required.includes(name) }, ...(at.length < 4 ? fieldsOf(schema, at) : [])];
  });
}

const rest = ({ body = {} }: Base): string => JSON.stringify(body).slice(1, -1);
const beside = (base: Base, more: string): string => `{${[rest(base), more].filter(Boolean).join(',')}}`;
const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const rootCases = (): Case[] =>
  ['"text"', '1', 'true', 'null', '[]', '[1]', '""', '-0', '1e999'].map((raw) =>
    broken('body: no object', raw, () => ({ body: raw }), REFUSED),
  );

/** Fields that no operation has, keys that reach for the prototype, and depth and size beyond every bound. */
function surplusCases(): Case[] {
  const names = [
    'tenantId',
    'tenant_id',
    'owner_id',
    'aal',
    'isAdmin',
    'version',
    'createdAt',
    '',
    'a.b',
    '$ne',
    '\u00e9',
    'constructor ',
    '😀',
  ];
  const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
  const raws = ['{"aal":"aal2"}', 'null', '{}', '{"prototype":{"a":1}}'];
  const add = (kind: string, what: string, more: string, marks: object = REFUSED): Case =>
    broken(kind, what, (base) => ({ body: beside(base, more) }), marks);
  return [
    ...names.map((name) => add('body: unknown field', name, `${JSON.stringify(name)}:"x"`)),
    ...keys.flatMap((key) => raws.map((raw) => add('body: prototype', key, `"${key}":${raw}`))),
    add('body: prototype', '__proto__ spelt with escapes', '"\\u005f_proto__":{"a":1}'),
    add('body: unknown field', 'U+0000', '"a\\u0000":1'),
    add('body: unknown field', 'a lone surrogate', '"\\ud800":1'),
    ...[17, 500, 10_000].map((depth) => add('body: depth', `${depth} arrays`, `"deep":${deep(depth)}`)),
    add('body: depth', '5,000 objects', `"deep":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
    broken('body: depth', '50,000 arrays alone', () => ({ body: deep(50_000) }), REFUSED),
    add('body: size', '5,000 fields', Array.from({ length: 5_000 }, (_, n) => `"f${n}":${n}`).join()),
    add('body: size', '300 kB', `"a":"${'x'.repeat(300_000)}"`),
    broken('body: size', '300 kB of spaces', (base) => ({ body: ' '.repeat(300_000) + beside(base, '') }), REFUSED),
  ];
}

function syntaxCases(needsBody: boolean): Case[] {
  const bad = (what: string, change: (text: string, base: Base) => string | Buffer): Case =>
    broken('body: syntax', what, (base) => ({ body: change(beside(base, ''), base) }), REFUSED);
  const odd = (what: string, change: (text: string, base: Base) => string | Buffer): Case =>
    broken('body: spelling', what, (base) => ({ body: change(beside(base, ''), base) }));
  const bytes =
    (...all: number[]) =>
    (text: string): Buffer =>
      Buffer.concat([
        Buffer.from(text.slice(0, -1)),
        Buffer.from(`${text === '{}' ? '' : ','}"x":"`),
        Buffer.from(all),
        Buffer.from('"}'),
      ]);
  return [
    bad('cut', (text) => text.slice(0, -1)),
    bad('cut in the middle', (text) => (text.length > 2 ? text.slice(0, Math.ceil(text.length / 2)) : '{')),
    bad('something behind', (text) => `${text}x`),
    bad('twice', (text) => text + text),
    bad('a comment', (text) => `/**/${text}`),
    bad('a comma too many', (text) => `${text.slice(0, -1)},}`),
    bad('a control character', (_, base) => beside(base, '"x":"\u0001"')),
    (needsBody ? bad : odd)('nothing', () => ''),
    bad('spaces', () => '   '),
    bad('a bare word', () => 'nonsense'),
    bad('a form', () => 'a=1&b=2'),
    bad('bytes that are no UTF-8', bytes(0xc3, 0x28, 0xff)),
    bad('an overlong encoding', bytes(0xc0, 0xaf)),
    bad('a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)),
    bad('UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')),
    odd('a byte order mark', (text) => `\ufeff${text}`),
    odd('white space around', (text) => `\r\n\t ${text} \n`),
    odd('each field twice', (_text, base) => beside(base, rest(base))),
    odd(
      'other values for the same fields first',
      (_text, base) =>
        `{${[...Object.keys(base.body ?? {}).map((name) => `${JSON.stringify(name)}:null`), rest(base)].filter(Boolean).join(',')}}`,
    ),
    odd('every character escaped', (text) =>
      text.replace(/"((?:[^"\\]|\\.)*)"/g, (whole, inner: string) =>
        inner.includes('\\')
          ? whole
          : `"${Array.from(inner)
              .map((one) => (one.length > 1 ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`))
              .join('')}"`,
      ),
    ),
  ];
}

function mediaCases(takesBody: boolean): Case[] {
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp',
    'application/problem+json', 'text/json', 'x', 'application/json, text/plain', 'application/json; charset=latin1', 'application/json; charset=utf-7',
    'application/json; charset=utf-16le', 'application/json; charset=', 'application/json;', 'application/json; boundary=x']; // prettier-ignore
  const body = takesBody ? {} : { body: '{}' };
  const of = (what: string, change: object, marks: object = REFUSED): Case =>
    broken('media', what, () => ({ ...body, ...change }), marks);
  return [
    ...types.map((contentType) => of(contentType, { contentType }, contentType === 'application/json;' ? {} : REFUSED)),
    of('no content type', { without: ['content-type'] }),
    of('a coding that nobody knows', { headers: [['content-encoding', 'x']] }, { ...REFUSED, ...UNROUTED }),
    of('gzip that is none', { headers: [['content-encoding', 'gzip']] }, { ...REFUSED, ...UNROUTED }),
    of('JSON in capitals', { contentType: 'APPLICATION/JSON; CHARSET="UTF-8"' }, {}),
  ];
}

const unwantedBody = (): Case[] =>
  ['{"a":1}', '[1]', '"x"', '{"__proto__":{}}', 'x', `{"a":${deep(50)}}`, `{"a":"${'x'.repeat(300_000)}"}`].map((raw) =>
    broken('body: where none is taken', raw.slice(0, 40), () => ({ body: raw }), REFUSED),
  );
