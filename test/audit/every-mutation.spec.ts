import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { Clock } from '../../src/context/index.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { RECIPES } from '../support/audited-operations.js';
import type { Ready } from '../support/recipe.js';
import { WEBAUTHN } from '../support/authenticator.js';
import { useDatabase } from '../support/database.js';
import { exampleBody } from '../support/examples.js';
import { expectProblem } from '../support/problem.js';
import { TestClock } from '../support/totp.js';

/*
 * Every operation of the OpenAPI document that says what it leaves in the log: when the log cannot be written, it does
 * nothing; and when it can, there is one entry of it in each log that it belongs in. Nothing is listed by hand but how
 * each is called; the bodies are the examples that the document shows.
 */

interface Operation {
  id: string;
  method: string;
  path: string;
  action: string;
  /** of the document */
  operation: Record<string, unknown>;
  ready: Ready;
}

const { db } = useDatabase();
const { a } = db.world;
const clock = new TestClock();
const METHODS = ['post', 'put', 'patch', 'delete'];
let app: TestApp;
let admin: Client;
let undeclared: string[];
let document: Record<string, any>;
const operations: Operation[] = [];

beforeAll(async () => {
  admin = await db.as('admin');
  // not the servers' seconds: whoever writes into the log gives up at once where it is locked
  for (const writer of ['app.write_audit', 'app.audit_change'])
    await admin.query(`alter function ${writer} set lock_timeout = '50ms'`);
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-files-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  const env = { ...WEBAUTHN, GUESSES_PER_ADDRESS: '100000', STORAGE_DIR: folder };
  app = await startApp(db, env, (builder) => builder.overrideProvider(Clock).useValue(clock));
  document = (await app.call('GET', '/openapi.json')).body;
  const declared = Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]?.['x-audit-action']).map((method) => ({
      id: methods[method].operationId as string,
      method: method.toUpperCase(),
      path,
      action: methods[method]['x-audit-action'] as string,
      operation: methods[method],
    })),
  );
  undeclared = declared.map(({ id }) => id).filter((id) => !RECIPES[id]);
  for (const operation of declared)
    if (RECIPES[operation.id])
      operations.push({ ...operation, ready: await RECIPES[operation.id]!({ app, db, clock }) });
}, 120_000);

async function send({ method, path, operation, ready }: Operation, requestId: string = randomUUID()): Promise<Answer> {
  const call = typeof ready.call === 'function' ? await ready.call() : ready.call;
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => ready.path?.[name] ?? 'missing');
  const body = exampleBody(document, operation, call.body);
  return app.call(method, url, { ...call, body, headers: { ...call.headers, 'X-Request-Id': requestId } });
}

/**
 * A fingerprint of each table of app and auth. Not so of the log itself, and of what is counted whatever comes of a
 * request: guesses, requests, and the challenges of passkeys, which are good for one try.
 */
async function everything(): Promise<Record<string, string>> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
      where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relkind = 'r'
        and c.relname !~ '^(audit_|vault_keys|guesses|rate_limits)'`,
  );
  const kept = (name: string): string => (name === 'auth.one_time_tokens' ? `where purpose !~ '^webauthn'` : '');
  const sums = tables.map(
    ({ name }) => `(select md5(string_agg(t::text, '|' order by t::text)) from ${name} t ${kept(name)}) as "${name}"`,
  );
  return (await admin.query<Record<string, string>>(`select ${sums.join(', ')}`)).rows[0]!;
}

/** Which tables an operation left otherwise, and who answered otherwise than with that problem. */
async function faultsOf(called: Operation[], code: string): Promise<unknown[]> {
  const before = await everything();
  const answers: (readonly [string, Answer])[] = [];
  for (const operation of called) answers.push([operation.id, await send(operation)] as const);
  const after = await everything();
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  const refused = ([, { status, body }]: (typeof answers)[number]): boolean => status === 503 && body.code === code;
  const wrong = answers.filter((one) => !refused(one)).map(([id, { status, text }]) => [id, status, text]);
  return changed.length > 0 ? [...wrong, [changed, called.map(({ id }) => id)]] : wrong;
}

const FAULTS: [what: string, code: string, make: string, undo: string][] = [
  ['a constraint', 'audit_unavailable', 'alter table app.audit_log add constraint never check (false) not valid', 'alter table app.audit_log drop constraint never'],
  ['a grant that is gone', 'audit_unavailable', 'revoke insert on app.audit_log from ringfence_derive', 'grant insert on app.audit_log to ringfence_derive'],
  ['a lock', 'database_busy', 'begin; lock table app.audit_log in access exclusive mode', 'rollback'],
]; // prettier-ignore

it('knows how to call every operation that is recorded', () => {
  expect(undeclared).toEqual([]);
  expect(operations.length).toBeGreaterThanOrEqual(4);
});

describe('without an entry nothing happens', () => {
  it.each(FAULTS)(
    'where %s keeps the entry out',
    async (_, code, make, undo) => {
      await admin.query(make);
      try {
        expect(await faultsOf(operations, code)).toEqual([]);
      } finally {
        await admin.query(undo);
      }
    },
    120_000,
  );

  it('nor where the entry could be written, and the rows that changed with it could not', async () => {
    const token = await app.token(a.users.owner.email);
    const create = (): Promise<Answer> =>
      app.call('POST', '/v1/deals', { token, body: { title: 'Half', amount: '1', currency: 'EUR' } });
    await admin.query('alter table app.audit_changes add constraint never check (false) not valid');
    expectProblem(await create(), 503, 'audit_unavailable');
    expect(await db.look(`select from app.deals where title = 'Half'`)).toEqual([]);
    await admin.query('alter table app.audit_changes drop constraint never');
    expect((await create()).status).toBe(201);
  });
});

describe('with it, there is one', () => {
  it('entry of each, with the action that the document names, in each log that it belongs in', async () => {
    const wrong: unknown[] = [];
    for (const operation of operations) {
      const requestId = randomUUID();
      const answer = await send(operation, requestId);
      const entries = await db.look<{ log: string; action: string; outcome: string }>(
        'select tenant_id as log, action, outcome from app.audit_log where request_id = $1 order by 1',
        [requestId],
      );
      const logs = operation.ready.logs.map((log) => (log === 'answered' ? (answer.body?.id as string) : log)).sort();
      const due = logs.map((log) => ({ log, action: operation.action, outcome: 'success' }));
      if (answer.status >= 300 || JSON.stringify(entries) !== JSON.stringify(due))
        wrong.push([operation.id, answer.status, answer.status >= 300 ? answer.text : '', entries, due]);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
