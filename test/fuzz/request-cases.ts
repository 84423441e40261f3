import { broken, type Case, queryWith, REFUSED, UNROUTED } from './cases.js';
import type { Operation, Parameter } from './operations.js';
import { oddTexts } from './values.js';

/** Queries, paths, headers and methods. */
export function requestCases(operation: Operation, seed: number, drawn: number): Case[] {
  const of = (place: Parameter['in']): Parameter[] => operation.parameters.filter((one) => one.in === place);
  return [
    broken('valid', 'as it should be', () => ({})),
    ...of('query').flatMap((one, n) => parameterCases(one, seed + n, drawn)),
    ...strayQueries(of('query')),
    ...of('path').flatMap((one, n) => pathCases(operation, one.name, seed + n, drawn)),
    ...headerCases(operation),
    ...authorizationCases(operation),
    ...methodCases(operation),
  ];
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

function parameterCases(parameter: Parameter, seed: number, drawn: number): Case[] {
  const { name, schema, required } = parameter;
  const values = oddTexts(schema, seed, drawn).filter((text) => text.isWellFormed());
  const pair = (value: string): string => `${encodeURIComponent(name)}=${value}`;
  const as = (kind: string, what: string, raw: string, marks: object = {}): Case =>
    broken(kind, `${name}: ${what}`, (base) => ({ query: queryWith(base, raw, name) }), marks);
  const twice = schema.enum?.map(String)[0] ?? '1';
  return [
    ...values.map((text) =>
      as('query: value', text.slice(0, 60), pair(encoded(text)), wrongText(parameter, text) ? REFUSED : {}),
    ),
    as('query: repeated', 'twice', `${pair(twice)}&${pair(twice)}`, REFUSED),
    as('query: repeated', 'a list', `${name}[]=${twice}`, REFUSED),
    as('query: repeated', 'a place in a list', `${name}[0]=${twice}&${name}[1]=${twice}`, REFUSED),
    as('query: repeated', 'an object', `${name}[a]=${twice}`, REFUSED),
    as(
      'query: repeated',
      'the name encoded in two ways',
      `${pair(twice)}&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=${twice}`,
      REFUSED,
    ),
    as('query: spelling', 'no value', name, name === 'cursor' ? REFUSED : {}),
    as('query: spelling', 'nothing', '', required ? REFUSED : {}),
    as('query: spelling', 'bytes that are no UTF-8', pair('%ff%fe')),
    as('query: spelling', 'a broken escape', pair('%E0%A4%A')),
    as('query: spelling', 'U+0000', pair('a%00b'), REFUSED),
    as('query: spelling', 'a surrogate', pair('%ED%A0%80')),
    ...(name === 'cursor' ? cursorCases() : []),
  ];
}

/** What the contract refuses in a parameter, as far as its schema says it of text. */
function wrongText(
  { schema: { type, minimum, maximum, maxLength, enum: choices, format } }: Parameter,
  text: string,
): boolean {
  if (text.includes('\0')) return true;
  if (choices) return !choices.map(String).includes(text);
  if (type === 'integer') {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    return !(number >= (minimum ?? 0) && number <= (maximum ?? Infinity));
  }
  if (format === 'uuid') return !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  return maxLength !== undefined && Array.from(text).length > maxLength;
}

function cursorCases(): Case[] {
  const forged = [
    'AAAA',
    'A'.repeat(22),
    'A'.repeat(600),
    'A'.repeat(601),
    '====',
    'null',
    Buffer.from('{"id":1}').toString('base64'),
    Buffer.alloc(52, 7).toString('base64url'),
  ];
  return forged.map((cursor) =>
    broken(
      'query: cursor',
      cursor.slice(0, 40),
      (base) => ({ query: queryWith(base, `cursor=${encoded(cursor)}`, 'cursor') }),
      REFUSED,
    ),
  );
}

/** Parameters that the operation does not have. */
function strayQueries(known: Parameter[]): Case[] {
  const stray = ['x=1', 'tenantId=x', 'access_token=x', '__proto__=1', '__proto__[a]=1', 'constructor=1', 'toString=1', 'hasOwnProperty=1', 'x[a]=1', 'x[]=1',
    '=1', '%00=1', 'a%00=1', '%E0%A4%A=1', '%ff=1', 'Limit=1', 'limit%20=1', `${'x'.repeat(3_000)}=1`]; // prettier-ignore
  const many = Array.from({ length: 1_200 }, (_, n) => `p${n}=${n}`).join('&');
  const of = (raw: string, marks: object = REFUSED): Case =>
    broken('query: unknown', raw.slice(0, 40), (base) => ({ query: queryWith(base, raw) }), marks);
  const names = new Set(known.map(({ name }) => name));
  return [
    ...stray.map((raw) => of(raw)),
    of(many),
    ...(names.has('limit') ? [] : [of('limit=1'), of('cursor=x')]),
    ...['&', '&&&', '?', '#x'].map((raw) => ({ ...of(raw, UNROUTED), kind: 'query: spelling' })),
  ];
}

function pathCases(operation: Operation, name: string, seed: number, drawn: number): Case[] {
  const at = (what: string, raw: string, marks: object = {}): Case =>
    broken('path', `${name}: ${what.slice(0, 60)}`, () => ({ path: { [name]: raw } }), { ...UNROUTED, ...marks });
  const schema = operation.parameters.find((one) => one.name === name)?.schema ?? {};
  const isUuid = schema.format === 'uuid';
  return [
    ...oddTexts(schema, seed, drawn)
      .filter((text) => text !== '' && !/^\.{1,2}$/.test(text) && text.isWellFormed())
      .map((text) => at(text, encoded(text), isUuid && !/^[0-9a-f-]{36}$/i.test(text) ? REFUSED : {})),
    ...[
      '%00',
      '%ff',
      '%E0%A4%A',
      '%',
      '%2',
      '..%2f..',
      '..%2F..%2Flivez',
      '%2e%2e',
      '%2e',
      '.',
      '..',
      '',
      '%2f',
      'a%2fb',
      ';x=1',
      'a;b',
      '~',
      '*',
      "'",
      '%0d%0aX-Injected:1',
      '%C0%AF',
      '%u0041',
      'x'.repeat(5_000),
      'me',
      'current',
      'usage',
      '{id}',
      ':id',
      '0',
      '-1',
    ].map((raw) => at(raw, raw)),
  ];
}

const ODD_HEADERS: Record<string, string[]> = {
  'if-match': ['', ' ', '""', '"v"', '"v1', 'v1', 'W/"v1"', '"v0"', '"v-1"', '"v1e3"', '"v99999999999999999999"', '"v1", "v2"', '*, "v1"', ',', '"v1"\u00ff', '\u00e9'.repeat(10),
    `"${'x'.repeat(4_000)}"`, Array(500).fill('"v1"').join(','), '"v1"%0d%0aX-Injected: 1'],
  'if-none-match': ['*', '"v1"', 'W/"v1"', ',', '"'],
  'idempotency-key': ['', ' ', 'x', '"', '""', '"a"', 'a b', '\u00e9', 'x'.repeat(4_000), '%0d%0aX-Injected: 1', '__proto__', "'; select 1; --", '\u00f0\u009f\u0098\u0080'],
  'x-request-id': ['', ' ', 'x'.repeat(65), 'x'.repeat(4_000), 'a b', '\u00e9', '<script>', '%0d%0aX-Injected: 1', '__proto__', '../x', '\u00f0\u009f\u0098\u0080'],
  traceparent: ['', 'x', '00-0-0-0', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`, `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`, `00-${'G'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01-extra`, 'x'.repeat(4_000), `cc-${'1'.repeat(32)}-${'1'.repeat(16)}-01`],
  tracestate: ['x', 'x'.repeat(4_000)],
  accept: ['', '*', '*/*;q=0', 'text/html', 'application/xml;q=1', 'application/json;q=2', 'application/json;q=0', '\u00e9', ',,,', 'a/b/c', 'x'.repeat(4_000), Array(500).fill('a/b').join(',')],
  'accept-encoding': ['gzip', 'x', 'identity;q=0', '*;q=0'],
  'accept-language': ['\u00e9', 'x'.repeat(1_000)],
  'user-agent': ['', '\u00e9\u00ff', 'x'.repeat(4_000), "'; select 1; --", '<script>', '\t', '\u00c3\u0028', '\u00ed\u00a0\u0080'],
  'x-forwarded-for': ['x', '1.2.3.4, 5.6.7.8', '::1', '999.1.1.1', 'x'.repeat(4_000)],
  'x-http-method-override': ['DELETE', 'x'],
  range: ['bytes=0-0', 'bytes=-1', 'x'],
  expect: ['200-ok'],
  cookie: ['a=b', '=', 'x'.repeat(4_000)],
  origin: ['null', 'https://evil.example'],
  host: ['evil.example', '', 'a b'],
  'x-tenant-id': ['00000000-0000-0000-0000-000000000000'],
}; // prettier-ignore

function headerCases({ parameters }: Operation): Case[] {
  const odd = Object.entries(ODD_HEADERS).flatMap(([name, values]) =>
    values.map((value) =>
      broken(
        `header: ${/^(if|idem|x-req|trace)/.test(name) ? name : 'other'}`,
        `${name}: ${value.slice(0, 60)}`,
        () => ({ headers: [[name, value]] }),
        name === 'host' || name === 'expect' ? UNROUTED : {},
      ),
    ),
  );
  const demanded = parameters
    .filter((one) => one.in === 'header' && one.required)
    .map(({ name }) => broken('header: missing', name, () => ({ without: [name.toLowerCase()] }), REFUSED));
  const bytes = ['a\r\nX-Injected: 1', 'a\nX-Injected: 1', 'a\rb', 'a\0b', 'a\u0001b', 'a\r\n folded'];
  const raw = ['if-match', 'idempotency-key', 'x-request-id', 'traceparent', 'accept'].flatMap((name) =>
    bytes.map((value) =>
      broken(
        'header: bytes',
        `${name}: ${JSON.stringify(value)}`,
        () => ({ headers: [[name, value]], raw: true }),
        UNROUTED,
      ),
    ),
  );
  const large = broken(
    'header: bytes',
    '20 kB',
    () => ({ headers: [['x-large', 'x'.repeat(20_000)]], raw: true }),
    UNROUTED,
  );
  const lengths = ['-1', 'x', '1, 2', '99999999999999999999'].map((value) =>
    broken(
      'header: bytes',
      `content-length: ${value}`,
      () => ({ headers: [['content-length', value]], raw: true }),
      UNROUTED,
    ),
  );
  return [...odd, ...demanded, ...raw, large, ...lengths];
}

function authorizationCases({ access }: Operation): Case[] {
  const values = ['', ' ', 'Bearer', 'Bearer ', 'Bearer x', 'Bearer a.b.c', 'Basic YTpi', 'bearer null', `Bearer ${'x'.repeat(5_000)}`, 'Bearer rf_test_x_y', 'Bearer rf_', 'Bearer \u00e9',
    `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`, 'Bearer rf_live_00000000_%00', 'Digest x="y"', 'Bearer a b c']; // prettier-ignore
  const marks = access === 'public' ? {} : REFUSED;
  return values.map((authorization) =>
    broken('authorization', authorization.slice(0, 40), () => ({ authorization }), marks),
  );
}

/** Methods that the path does not take are no operation's. */
function methodCases({ siblings }: Operation): Case[] {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'QUERY'];
  return methods
    .filter((method) => !siblings.has(method))
    .map((method) => broken('method', method, () => ({ method }), UNROUTED));
}
