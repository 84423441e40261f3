import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, type Tokens, useApp } from '../support/app.js';
import { type Bad, deal, hostile, type Operation, operations } from '../support/bad-input.js';
import { useDatabase } from '../support/database.js';
import { operatorToken } from '../support/operators.js';
import { expectProblem, refusalFaults } from '../support/problem.js';
import { send } from '../support/raw-http.js';
import { raised } from '../support/raise.js';
import { PASSWORD } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db);
const { a } = db.world;

let tokens: Tokens;
let operator: string;
let sure: string; // an owner's, at AAL2
beforeAll(async () => {
  operator = await operatorToken(held.app, db);
  sure = (await raised(held.app, db, await held.app.tokens(a.users.owner.email))).accessToken;
});
const { withBody: OPERATIONS, logout: LOGOUT } = operations(db);
const path = `/v1/deals/${a.deals['owner-public']}`;
const named = (all: Operation[]) =>
  all.map((one) => [`${one.method} ${one.path.replace(path, '/v1/deals/{id}')}`, one] as const);

const JSON_TYPE = { 'content-type': 'application/json' };

function ask(method: string, target: string, headers: Record<string, string | string[]> = {}, body?: string | Buffer) {
  const authorization = `Bearer ${tokens.accessToken}`;
  return send(held.app.url, method, target, { authorization, 'if-match': '*', ...headers }, body);
}

/** Names of the cases that were not refused as they should, with what came instead. */
async function unrefused(cases: [what: string, status: number | undefined, ask: () => Promise<Answer>][]) {
  const wrong: string[] = [];
  for (const [what, status, work] of cases) {
    const faults = refusalFaults(await work(), status);
    if (faults.length > 0) wrong.push(`${what}: ${faults.join(', ')}`);
  }
  return wrong;
}

const bodies = ({ method, path: target }: Operation, cases: Bad[]) =>
  unrefused(cases.map(([what, body, status = 400]) => [what, status, () => ask(method, target, JSON_TYPE, body)]));

/** Everything that a request could have written. */
async function fingerprint(): Promise<unknown> {
  const tables = ['app.deals', 'auth.sessions', 'auth.capabilities', 'auth.refresh_tokens', 'auth.users'];
  const parts = tables.map((name) => `(select md5(string_agg(t::text, '|' order by t::text)) from ${name} t)`);
  return db.look(`select ${parts.map((part, n) => `${part} as t${n}`).join(', ')}`);
}

let before: unknown;
beforeEach(async () => {
  tokens = await held.app.tokens(a.users.owner.email);
  before = await fingerprint();
});
afterEach(async () => expect(await fingerprint()).toEqual(before));

describe.each(named([...OPERATIONS, LOGOUT]))('%s', (_, operation) => {
  const rest = (): string => JSON.stringify(operation.good(tokens.refreshToken)).slice(1, -1);

  it('refuses surplus fields, keys that reach for the prototype, depth, and what is no JSON object', async () => {
    expect(await bodies(operation, hostile(rest()))).toEqual([]);
  });

  it('refuses a query, another media type, another charset, another coding, and another answer', async () => {
    const { method, path: target } = operation;
    const text = `{${rest()}}`;
    const typed =
      (type: string, more = {}) =>
      () =>
        ask(method, target, { 'content-type': type, ...more }, text);
    const utf16 = Buffer.from(text, 'utf16le');
    expect(
      await unrefused([
        ...['x=1', 'limit=1', 'access_token=x', '__proto__=1', 'x', 'x[a]=1'].map(
          (query) => [query, 400, () => ask(method, `${target}?${query}`, JSON_TYPE, text)] as never,
        ),
        ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp',
          'application/problem+json', 'text/json', 'x'].map((type) => [type, 415, typed(type)] as never),
        ['no content type', 415, () => ask(method, target, {}, text)],
        ...['latin1', 'x', 'utf-7'].map((set) => [set, 415, typed(`application/json; charset=${set}`)] as never),
        ['utf-16', 415, () => ask(method, target, { 'content-type': 'application/json; charset=utf-16le' }, utf16)],
        ['a coding', 415, typed('application/json', { 'content-encoding': 'x' })],
        ...['text/html', 'image/*', 'application/xml;q=1'].map((accept) => [accept, 406, typed('application/json', { accept })] as never),
      ]), // prettier-ignore
    ).toEqual([]);
  });
});

describe.each(named(OPERATIONS))('%s', (_, operation) => {
  const change = (field: string, raw: string): string => {
    const { [field]: _gone, ...others } = operation.good(tokens.refreshToken);
    return `{${[JSON.stringify(others).slice(1, -1), `${JSON.stringify(field)}:${raw}`].filter(Boolean).join(',')}}`;
  };

  it.each(Object.entries(operation.fields))('refuses what %s cannot be', async (field, { max, optional: may }) => {
    const { [field]: _gone, ...others } = operation.good(tokens.refreshToken);
    const raws = ['null', '[]', '{}', '["a"]', '{"a":"b"}', '1', '0', 'true', '1e999', '""', '"a\\u0000b"', '"\\u0000"',
      '"\\ud800"', '"\\udc00\\ud800"', '{"toString":1}', '{"length":1}']; // prettier-ignore
    if (field !== 'password' && field !== 'refreshToken') raws.push('" "', '"\\t\\n"', '"\\u2028"');
    if (max !== undefined)
      raws.push(`"${'x'.repeat(max + 1)}"`, `"${'x'.repeat(200_000)}"`, `"${'é'.repeat(max + 1)}"`);
    const cases = raws.map((raw): Bad => [raw.slice(0, 40), change(field, raw)]);
    for (const bytes of ['\xff', '\xc3\x28', '\xc0\xaf', '\xed\xa0\x80']) {
      cases.push([`bytes that are no UTF-8`, Buffer.from(change(field, `"a${bytes}"`), 'latin1')]);
    }
    if (!may) cases.push(['missing', JSON.stringify(others)]);
    expect(await bodies(operation, cases)).toEqual([]);
  });

  it('refuses an empty body, sent or not', async () => {
    const { method, path: target } = operation;
    expect(
      await unrefused([
        ['no body', 400, () => ask(method, target)],
        ['an empty body', 400, () => ask(method, target, { ...JSON_TYPE, 'content-length': '0' }, '')],
        ['an empty object', 400, () => ask(method, target, JSON_TYPE, '{}')],
        ['an empty array', 400, () => ask(method, target, JSON_TYPE, '[]')],
      ]),
    ).toEqual([]);
  });
});

describe('the words of a deal', () => {
  const amounts = ['1e5', '-1', '+1', '1.234', '1.', '.5', '1,5', '1_000', '0x10', ' 1', '1 ', '1\n', 'NaN', 'Infinity', 'EUR 1',
    '99999999999999999999', '12345678901234567', '١٢', '１２', '1\u200b', '1٫5', '1.2.3', '--1', "1'--"]; // prettier-ignore
  const currencies = ['eur', 'EURO', 'EU', 'EU1', '€', 'EUR ', 'EUR\n', 'ＥＵＲ', 'ÉUR'];
  const choices = ['LEAD', 'lead ', 'won\n', 'public,private', 'toString', '__proto__', 'Private'];
  const emails = [
    'x',
    'x@',
    '@x',
    'a@b',
    'a b@c.de',
    'a@b.de\n',
    'a@b.de, c@d.ef',
    `${'x'.repeat(65)}@b.de`,
    'a@b@c.de',
  ];

  it.each([
    ['amount', amounts],
    ['currency', currencies],
    ['stage', choices],
    ['visibility', choices],
  ])('refuses forms of %s that only look right', async (field, values) => {
    for (const operation of OPERATIONS.filter(({ path: target }) => target.startsWith('/v1/deals'))) {
      const cases = values.map((value): Bad => [value, JSON.stringify({ ...deal, [field]: value })]);
      expect(await bodies(operation, cases)).toEqual([]);
    }
  });

  it('refuses what is no address, at sign-in', async () => {
    const cases = emails.map((email): Bad => [email, JSON.stringify({ email, password: PASSWORD })]);
    expect(await bodies(OPERATIONS[0] as Operation, cases)).toEqual([]);
  });

  it('refuses a change without If-Match, or with garbage for one', async () => {
    const body = JSON.stringify(deal);
    const garbage = [
      'garbage',
      'v1',
      '"v1',
      'W/"v1"',
      '"v-1"',
      '"v1e0"',
      '"v99999999999999999999"',
      '""',
      '"v0"',
      '*x',
      ',',
    ];
    const how = (tag: string, method: string) => () =>
      ask(
        method,
        path,
        { ...(method === 'PATCH' ? JSON_TYPE : {}), 'if-match': tag },
        method === 'PATCH' ? body : undefined,
      );
    expect(
      await unrefused(
        ['PATCH', 'DELETE'].flatMap((method) => [
          [`${method} none`, 428, how('', method)],
          ...garbage.map((tag) => [`${method} ${tag}`, 412, how(tag, method)]),
        ]) as never,
      ),
    ).toEqual([]);
  });
});

describe('queries and paths', () => {
  it.each(['0', '101', '-1', '1.5', '1e1', '0x10', 'abc', '', ' 1', '1 ', '+1', '١', '１', 'NaN', '00000000001', 'null', '1,2',
    '9'.repeat(30)])('limit=%s is refused', async (limit) => {
    const target = `/v1/deals?limit=${encodeURIComponent(limit)}`;
    expect(await unrefused([[limit, 400, () => ask('GET', target)]])).toEqual([]);
  }); // prettier-ignore

  it('a parameter that is repeated, nested, unknown, blank or not text is refused', async () => {
    const queries = ['limit=1&limit=1', 'limit=1&limit=2', 'limit[a]=1', 'limit[]=1', 'limit[]=1&limit[]=2', 'limit.a=1', 'x=1', 'x',
      'Limit=1', 'tenantId=x', `tenant_id=${a.id}`, '__proto__=1', '__proto__[limit]=1', 'constructor=1', 'toString=1', 'valueOf=1', 'stage=', 'stage=LEAD',
      'stage=lead&stage=won', 'stage[]=lead', 'ownerId=', 'ownerId=1', 'ownerId=null', `ownerId=${a.id}x`, `ownerId={${a.id}}`,
      'cursor=', 'cursor=%20', 'cursor=%00', 'cursor=a&cursor=b', `cursor=${'A'.repeat(601)}`, 'cursor=%ff', 'stage=%00', 'stage=%ED%A0%80',
      'ownerId=%ff', `x=${'x'.repeat(8_000)}`]; // prettier-ignore
    expect(await unrefused(queries.map((query) => [query, 400, () => ask('GET', `/v1/deals?${query}`)]))).toEqual([]);
  });

  it('a repeated parameter is named as such', async () => {
    for (const query of ['limit=1&limit=1', 'cursor=&cursor=', 'stage=won&limit=2&stage=won']) {
      expectProblem(await ask('GET', `/v1/deals?${query}`), 400, 'parameter_repeated');
    }
  });

  it('every GET of the document refuses a parameter that it does not declare, and a body', async () => {
    const { paths } = (await held.app.call('GET', '/openapi.json')).body;
    const gets = Object.keys(paths).filter((one) => paths[one].get);
    expect(gets).toEqual(expect.arrayContaining(['/v1/deals', '/v1/deals/{id}', '/v1/auth/me', '/livez', '/readyz']));
    const targets = gets.map((one) => one.replace('{id}', a.deals['owner-public'] ?? ''));
    const as = (target: string): Record<string, string> =>
      target.startsWith('/v1/platform/')
        ? { authorization: `Bearer ${operator}` }
        : target.endsWith('/export')
          ? { authorization: `Bearer ${sure}` }
          : {};
    expect(
      await unrefused(
        targets.flatMap((target) => [
          [`${target} query`, 400, () => ask('GET', `${target}?surplus=1`, as(target))],
          [`${target} body`, 400, () => ask('GET', target, { ...as(target), ...JSON_TYPE }, '{"a":1}')],
        ]),
      ),
    ).toEqual([]);
  });

  const ids = ['1', 'null', 'undefined', '%00', '%ff', '%zz', '%', '%c0%af', '%ED%A0%80', '%20', '*', '{id}', "'--", '..%2f..',
    '%C3%A9', `${a.id}%00`, `${a.id}%0a`, `${a.id}x`, `{${a.id}}`, a.id.replace(/-/g, ''), `urn:uuid:${a.id}`, 'x'.repeat(8_000)]; // prettier-ignore

  it.each(ids.map((id) => [id.replaceAll(a.id, 'UUID').slice(0, 20), id]))(
    'the path /v1/deals/%s is refused',
    async (_, id) => {
      const target = `/v1/deals/${id}`;
      expect(
        await unrefused([
          ['GET', 400, () => ask('GET', target)],
          ['PATCH', 400, () => ask('PATCH', target, JSON_TYPE, JSON.stringify(deal))],
          ['DELETE', 400, () => ask('DELETE', target)],
        ]),
      ).toEqual([]);
    },
  );
});
