import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/index.js';
import { capabilityHash, capabilityOf, PasswordHasher } from '../../src/modules/identity/index.js';
import { type Answer, TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { send } from '../support/raw-http.js';
import { ServerProcess } from '../support/server-process.js';
import type { Person } from '../support/world.js';

const { db } = useDatabase();
const { a } = db.world;

const PASSWORD = `canary-password-${randomUUID()}`;
const WRONG = `canary-wrong-${randomUUID()}`;

let server: ServerProcess;
let app: TestApp;
let person: Person;
/** name to secret; everything that was ever secret here */
const secrets = new Map<string, string>();
/** problems and other answers that should hold no secret */
const answers: Answer[] = [];

const statuses = (): number[] => [...new Set(answers.map(({ status }) => status))].sort();

async function call(method: string, path: string, options: Parameters<TestApp['call']>[2] = {}): Promise<Answer> {
  const answer = await app.call(method, path, options);
  answers.push(answer);
  return answer;
}

/** Signs in or refreshes: the one kind of answer that may hold tokens. */
async function tokens(path: string, body: object): Promise<{ accessToken: string; refreshToken: string }> {
  const answer = await app.call('POST', path, { body });
  expect(answer.status).toBe(200);
  const { accessToken, refreshToken } = answer.body;
  const n = secrets.size;
  secrets.set(`access token ${n}`, accessToken);
  secrets.set(`signature ${n}`, accessToken.split('.')[2]);
  secrets.set(`refresh token ${n}`, refreshToken);
  secrets.set(`capability ${n}`, capabilityOf(accessToken));
  return answer.body;
}

/** Every refusal that one can get with secrets in hand, and a fault of ours. */
async function provoke(): Promise<void> {
  const { email } = person;
  const first = await tokens('/v1/auth/login', { email, password: PASSWORD, tenant: 'alpha' });
  const { accessToken: token, refreshToken } = first;
  const deal = { title: 'x', amount: '1', currency: 'EUR' };
  await call('POST', '/v1/auth/login', { body: { email, password: WRONG } });
  await call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, tenant: 'beta' } });
  await call('POST', '/v1/auth/login', { body: { email, password: [PASSWORD], tenant: { a: token } } });
  await call('POST', '/v1/auth/login', { body: { email: PASSWORD, password: PASSWORD.repeat(5) } });
  await call('POST', '/v1/auth/login', { body: `{"email":"${email}","password":"${PASSWORD}"` });
  await call('POST', '/v1/auth/login', { body: `"${PASSWORD}"` });
  await call('POST', '/v1/auth/login', { body: { email, password: `${PASSWORD}\0` } });
  await call('POST', '/v1/auth/refresh', { body: { refreshToken: refreshToken.repeat(9) } });
  await call('POST', '/v1/auth/refresh', { body: `refreshToken=${refreshToken}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }); // prettier-ignore
  await call('GET', `/v1/deals?access_token=${token}&password=${PASSWORD}`);
  await call('GET', `/v1/deals?limit=${refreshToken}`, { token });
  await call('GET', `/v1/deals?cursor=${refreshToken}`, { token });
  await call('GET', `/v1/deals/${randomUUID()}`, { token });
  await call('GET', '/v1/deals', { token: `${token}x` });
  await call('GET', '/v1/deals', { token, headers: { accept: 'text/html' } });
  await call('DELETE', `/v1/deals/${a.deals['owner-public']}`, { token, headers: { 'If-Match': '*' } });
  await call('PATCH', `/v1/deals/${a.deals['owner-public']}`, { token, body: deal });
  await call('PATCH', `/v1/deals/${a.deals['owner-public']}`, { token, body: deal, headers: { 'If-Match': token } });
  await call('GET', '/v1/auth/me', { token });
  answers.push(await send(app.url, 'GET', '/v1/auth/%zz', { authorization: `Bearer ${token}`, cookie: `s=${refreshToken}` })); // prettier-ignore
  const second = await tokens('/v1/auth/refresh', { refreshToken });
  await tokens('/v1/auth/refresh', { refreshToken: second.refreshToken });
  await call('POST', '/v1/auth/refresh', { body: { refreshToken } });
  await broken('alter table auth.capabilities rename column aal to gone', async () => {
    await call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } });
    await call('POST', '/v1/auth/refresh', { body: { refreshToken: second.refreshToken } });
  });
  await broken('alter table auth.users rename column status to gone', () =>
    call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } }),
  );
  await call('POST', '/v1/auth/logout', { token });
  await call('GET', '/v1/deals', { token });
}

/** Breaks the schema under the server, and mends it. */
async function broken(rename: string, work: () => Promise<unknown>): Promise<void> {
  const owner = await db.as('owner');
  await owner.query(rename);
  try {
    await work();
  } finally {
    await owner.query(rename.replace(/column (\w+) to (\w+)/, 'column $2 to $1'));
    await owner.end();
  }
}

/** In which tables a row holds the text, in any column of any type; bytea shows as hex, so both are looked for. */
async function tablesWith(text: string): Promise<string[]> {
  const hex = Buffer.from(text, 'utf8').toString('hex');
  const admin = await db.as('admin');
  try {
    const { rows: tables } = await admin.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'm') and n.nspname in ('app', 'auth', 'meta', 'public') order by 1`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const where = 'position($1 in t::text) > 0 or position($2 in t::text) > 0';
      const { rows } = await admin.query(`select from ${name} t where ${where} limit 1`, [text, hex]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  } finally {
    await admin.end();
  }
}

/** What one could recognise a secret by: all of it, a half, and the bytes that it spells. */
const traces = (name: string, secret: string): string[] => [
  secret,
  ...(name.startsWith('access') ? [] : [secret.slice(0, 24)]), // the head of a JWT is no secret
  ...(/^[\w-]{43}$/.test(secret) ? [Buffer.from(secret, 'base64url').toString('hex').slice(0, 32)] : []),
];
const tracesOfAll = (): [name: string, trace: string][] =>
  [...secrets].flatMap(([name, secret]) => traces(name, secret).map((trace): [string, string] => [name, trace]));

beforeAll(async () => {
  server = await ServerProcess.start(db, { LOG_LEVEL: 'debug' });
  app = new TestApp(undefined as never, server.url);
  person = await newcomer(db, [a, 'member']);
  const hash = await new PasswordHasher({ env: { PASSWORD_HASH_CONCURRENCY: 1 } } as Config).hash(PASSWORD);
  await db.look('update auth.users set password_hash = $2 where id = $1', [person.id, hash]);
  secrets.set('password', PASSWORD).set('wrong password', WRONG).set('password hash', hash);
  await provoke();
}, 60_000);
afterAll(() => server?.stop());

describe('planted secrets', () => {
  it('were shown to a server that refused, failed, and told its log about it', () => {
    expect(statuses()).toEqual([200, 204, 400, 401, 403, 404, 406, 409, 412, 415, 428, 500]);
    for (const line of ['401 credentials_invalid POST /v1/auth/login', '500 internal_error POST /v1/auth/refresh']) {
      expect(server.written).toContain(line);
    }
    expect(secrets.size).toBe(15);
  });

  it('are in no line of the log of the server', () => {
    for (const [name, trace] of tracesOfAll()) expect([name, server.written.includes(trace)]).toEqual([name, false]);
  });

  it('are in no line of the log of PostgreSQL', () => {
    const log = readFileSync(join(dirname(process.env['RINGFENCE_TEST'] ?? ''), 'home', 'postgres.log'), 'utf8');
    expect(log).toContain('column "aal" of relation "capabilities" does not exist');
    for (const [name, trace] of tracesOfAll()) {
      expect([name, log.includes(trace), log.includes(Buffer.from(trace).toString('hex'))]).toEqual([
        name,
        false,
        false,
      ]);
    }
  });

  it('are in no answer but the one that they were made for', () => {
    for (const [name, trace] of tracesOfAll()) {
      const shown = answers.filter(({ text, headers }) => `${text}${JSON.stringify([...headers])}`.includes(trace));
      expect([name, shown.map(({ status, text }) => `${status} ${text}`)]).toEqual([name, []]);
    }
  });

  it('are in no table: what is stored of them is a hash, and a password only as argon2id', async () => {
    expect(await tablesWith(person.email)).toEqual(['app.profiles', 'auth.users']); // the scan does find things
    const { accessToken } = await tokens('/v1/auth/login', { email: person.email, password: PASSWORD });
    expect(await tablesWith(capabilityHash(capabilityOf(accessToken)).toString('hex'))).toEqual(['auth.capabilities']);
    for (const [name, trace] of tracesOfAll()) {
      expect([name, await tablesWith(trace)]).toEqual([name, name === 'password hash' ? ['auth.users'] : []]);
    }
    expect(secrets.get('password hash')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await tablesWith('BEGIN PRIVATE KEY')).toEqual([]);
    const claims = decodeJwt(accessToken);
    expect(await tablesWith(claims['sid'] as string)).toContain('auth.sessions');
    expect(await tablesWith(claims.jti ?? '')).toEqual([]);
  });
});
