import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomInt, randomUUID } from 'node:crypto';
import { startApp, type Answer, type TestApp } from '../support/app.js';
import { hostile } from '../support/bad-input.js';
import { useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { faultsOf } from '../support/problem.js';

/*
 * Every operation of the OpenAPI document is sent what it cannot mean, in every form that its own schema suggests. It
 * answers with a status that the document names and a valid problem, never with 500. Nothing is listed by hand.
 */

interface Operation {
  name: string;
  method: string;
  path: string;
  /** the body's schema, if it takes one */
  schema?: Schema;
  statuses: Set<number>;
}

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  format?: string;
  enum?: string[];
  example?: unknown;
  $ref?: string;
}

const { db } = useDatabase();
const { a, b } = db.world;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
/** Every so manieth wrong body is sent, from anywhere on; all of them in `npm run test:long`, which sets SCALE. */
const STEP = process.env['SCALE'] ? 1 : 4;
let app: TestApp;
let token: string;
let operations: Operation[];

beforeAll(async () => {
  app = await startApp(db, { GUESSES_PER_ADDRESS: '100000', GUESSES_PER_ACCOUNT: '100' });
  token = (await grantTo(app, db, a.users.owner.id, { aal: 2 })).accessToken;
  const { body: document } = await app.call('GET', '/openapi.json');
  const schemaOf = (schema?: Schema): Schema | undefined =>
    schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
  operations = Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, () => randomUUID()),
      schema: schemaOf(methods[method].requestBody?.content?.['application/json']?.schema),
      statuses: new Set(Object.keys(methods[method].responses).map(Number)),
    })),
  );
});

/** Statuses that any route may answer with: what the document says of all of them at once. */
const EVERYWHERE = [400, 401, 404, 406, 413, 415];

async function faults({ method, path, statuses }: Operation, query: string, body?: string | Buffer): Promise<string[]> {
  const answer: Answer = await app.call(method, path + query, {
    token,
    body: body as string,
    headers: { 'If-Match': '*' },
  });
  const documented = statuses.has(answer.status) || EVERYWHERE.includes(answer.status);
  return [
    ...(documented ? [] : [`${answer.status} ${answer.body?.code} is not documented`]),
    ...(answer.status >= 500 ? [`${answer.status}`] : []),
    ...(answer.status >= 400 ? faultsOf(answer) : []),
  ];
}

const WRONG = ['null', '[]', '{}', '["a"]', '{"a":"b"}', '1', '-1', '1e999', 'true', '""', '" "', '"x"', '"\\u0000"',
  '"\\ud800"', '"00000000-0000-0000-0000-000000000000"', '"-1"', '"\'; select 1; --"', '"{{x}}"', '"<b>"', '"a\\r\\nb"', `"${'x'.repeat(70_000)}"`]; // prettier-ignore

/** Something that passes for a value of that schema. */
function sample(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'email') return 'somebody@example.com';
  if (schema.format === 'uuid') return randomUUID();
  if (schema.type === 'array') return [];
  if (schema.type === 'object') return {};
  return schema.type === 'integer' ? 1 : 'somebody or other';
}

describe('every operation', () => {
  it('answers wrong bodies with a problem that it documents', async () => {
    const wrong: unknown[] = [];
    let sent = 0;
    for (const operation of operations.filter(({ schema }) => schema)) {
      const properties = operation.schema?.properties ?? {};
      const good = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sample(schema)]));
      const bodies: (string | Buffer)[] = hostile(JSON.stringify(good).slice(1, -1)).map(([, body]) => body);
      for (const name of Object.keys(properties)) {
        const { [name]: _gone, ...rest } = good;
        const others = JSON.stringify(rest).slice(1, -1);
        for (const raw of WRONG) bodies.push(`{${[others, `"${name}":${raw}`].filter(Boolean).join(',')}}`);
        bodies.push(`{${others}}`);
      }
      const begin = randomInt(STEP);
      for (const body of bodies.filter((_, n) => n % STEP === begin)) {
        sent += 1;
        const found = await faults(operation, '', body);
        if (found.length > 0) wrong.push([operation.name, body.toString().slice(0, 120), ...found]);
      }
    }
    expect(wrong).toEqual([]);
    expect(sent).toBeGreaterThan(300);
  }, 120_000);

  it('answers wrong paths and queries with a problem that it documents', async () => {
    const wrong: unknown[] = [];
    const queries = [
      '?x=1',
      '?limit=1e9',
      '?limit=-1',
      '?limit=1&limit=2',
      '?cursor=%00',
      '?cursor=AAAA',
      '?%E0%A4%A=1',
    ];
    const ids = ['x', '1', '%00', '%E0%A4%A', '..%2F..', "'", '00000000-0000-0000-0000-00000000000g', 'x'.repeat(5000)];
    for (const operation of operations) {
      const body = operation.schema ? '{}' : undefined;
      // what ends sessions or starts something is not asked with a query that it may take
      const cases: [Operation, string][] = queries.map((query) => [operation, query]);
      if (/[0-9a-f]{8}-/.test(operation.path)) {
        for (const id of ids) cases.push([{ ...operation, path: operation.path.replace(/[0-9a-f-]{36}/, id) }, '']);
      }
      for (const [one, query] of cases) {
        const found = await faults(one, query, body);
        if (found.length > 0) wrong.push([operation.name, one.path.slice(0, 80) + query, ...found]);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('left the session alive and everybody’s rows alone', async () => {
    expect((await app.call('GET', '/v1/auth/me', { token })).status).toBe(200);
    expect(await db.look('select from app.deals where tenant_id = $1', [b.id])).toHaveLength(12);
    expect(await db.look('select from auth.users')).toHaveLength(10);
  });
});
