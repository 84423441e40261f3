import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RequestContext } from '../../src/context/index.js';
import { ClientGoneError } from '../../src/database/index.js';
import { TenantKeys } from '../../src/modules/idempotency/index.js';
import { PlatformTenantsService } from '../../src/modules/platform/platform-tenants.service.js';
import type { Answer } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { FileCalls, announced, fileStage, type FileStage } from '../support/file-calls.js';
import { grantTo } from '../support/grant.js';
import { withAdmin } from '../support/jobs.js';
import { operatorToken } from '../support/operators.js';
import { newcomer } from '../support/people.js';
import { ProbeLog, ProbeModule } from '../support/probe.module.js';
import { expectProblem } from '../support/problem.js';
import { send } from '../support/raw-http.js';
import type { Person, Tenant } from '../support/world.js';

/* Idempotency-Key on every POST: what is asked for twice is done once, and whoever asks is asked for each time. */

const { db } = useDatabase();
const { a, b } = db.world;
const deal = { title: 'New roof', amount: '1200.50', currency: 'EUR' };
const NOTE = Buffer.from('Signed on Tuesday.\n');
let stage: FileStage;
let token: string;

beforeAll(async () => {
  stage = await fileStage(db, 'disk', { TRUST_PROXY: 'loopback' }, [ProbeModule]);
  token = await tokenOf(a.users.owner, a);
});

const tokenOf = async (person: Person, tenant?: Tenant, aal: 1 | 2 = 1): Promise<string> =>
  (await grantTo(stage.app, db, person.id, { tenant: tenant?.id, aal })).accessToken;

interface Wish {
  token?: string;
  body?: unknown;
  key?: string;
  from?: string;
}
const post = (path: string, wish: Wish = {}): Promise<Answer> =>
  stage.app.call('POST', path, {
    token: 'token' in wish ? wish.token : token,
    body: wish.body,
    headers: {
      ...(wish.key === undefined ? {} : { 'Idempotency-Key': wish.key }),
      ...(wish.from === undefined ? {} : { 'X-Forwarded-For': wish.from }),
    },
  });
const create = (key: string, wish: Wish = {}): Promise<Answer> => post('/v1/deals', { body: deal, key, ...wish });

const titled = async (title: string): Promise<number> =>
  (await db.look('select from app.deals where title = $1', [title])).length;
const rowsIn = async (table: string, where = 'true'): Promise<number> =>
  (await withAdmin(db, `select from ${table} where ${where}`)).length;

describe('the same key and the same request', () => {
  it('have the first answer, byte for byte, and nothing happens a second time', async () => {
    const title = randomUUID();
    const key = randomUUID();
    const first = await create(key, { body: { ...deal, title } });
    const again = await create(key, { body: { title, currency: 'EUR', amount: '1200.50' } });
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect([again.status, again.text]).toEqual([201, first.text]);
    for (const name of ['etag', 'location', 'content-type', 'content-length'])
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(again.headers.get('etag')).toBe('"v1"');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await titled(title)).toBe(1);
    // as a structured field's string it is the same key
    expect((await create(`"${key}"`, { body: { ...deal, title } })).headers.get('idempotent-replayed')).toBe('true');
    const logged = await db.look(
      `select from app.audit_log where tenant_id = $1 and action = 'deal.created' and target_id = $2`,
      [a.id, first.body.id],
    );
    expect(logged).toHaveLength(1);
  });

  it('have it where there is no body, and where what was made is gone', async () => {
    const made = await create('gone');
    const path = `/v1/deals/${made.body.id}`;
    const transfer = { body: { ownerId: a.users.admin.id }, key: 'transfer' };
    expect((await post(`${path}/transfer`, transfer)).status).toBe(204);
    const again = await post(`${path}/transfer`, transfer);
    expect([again.status, again.text, again.headers.get('idempotent-replayed')]).toEqual([204, '', 'true']);
    const headers = { 'If-Match': '*' };
    expect((await stage.app.call('DELETE', path, { token, headers })).status).toBe(204);
    expect((await create('gone')).text).toBe(made.text);
    expect((await stage.app.call('GET', path, { token })).status).toBe(404);
  });

  it('run again after a failure, for a failure has left nothing', async () => {
    const key = randomUUID();
    expectProblem(await create(key, { body: { ...deal, amount: 'much' } }), 400, 'validation_failed');
    expect((await post('/v1/probe/fail', { key: 'fails' })).status).toBe(500);
    expect((await post('/v1/probe/fail', { key: 'fails' })).status).toBe(500);
    const made = await create(key);
    expect([made.status, made.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  it('are one where the handler runs more than once in itself', async () => {
    const runs = stage.app.nest.get(ProbeLog);
    const before = runs.runs;
    await withAdmin(
      db,
      `create sequence app.tries; grant usage on sequence app.tries to ringfence_app;
      create function app.fail_twice() returns int language plpgsql as $$
      begin
        if nextval('app.tries') < 3 then raise exception 'planted' using errcode = '40001'; end if;
        return 1;
      end $$;
      grant execute on function app.fail_twice() to ringfence_app`,
    );
    const sql = 'select app.fail_twice()';
    const [first, again] = [
      await post('/v1/probe/retryable', { body: { sql }, key: 'tries' }),
      await post('/v1/probe/retryable', { body: { sql }, key: 'tries' }),
    ];
    expect([first.status, again.status, again.text, runs.runs - before]).toEqual([201, 201, first.text, 3]);
  });
});

describe('a key', () => {
  it('that was sent with another request is refused', async () => {
    const key = randomUUID();
    expect((await create(key)).status).toBe(201);
    expectProblem(await create(key, { body: { ...deal, stage: 'won' } }), 422, 'idempotency_key_reused');
    const [one, other] = [await create(randomUUID()), await create(randomUUID())];
    const handOver = (id: string) =>
      post(`/v1/deals/${id}/transfer`, { body: { ownerId: a.users.admin.id }, key: 'hand-over' });
    expect((await handOver(one.body.id)).status).toBe(204);
    expectProblem(await handOver(other.body.id), 422, 'idempotency_key_reused');
  });

  it('is of one caller, in one tenant, on one route', async () => {
    const consultant = await newcomer(db, [a, 'member'], [b, 'member']);
    const key = randomUUID();
    const body = { ...deal, title: key };
    const answers = [await create(key, { body })];
    for (const tenant of [a, b]) answers.push(await create(key, { body, token: await tokenOf(consultant, tenant) }));
    expect(answers.map(({ status, headers }) => [status, headers.has('idempotent-replayed')])).toEqual(
      [1, 2, 3].map(() => [201, false]),
    );
    expect(await titled(key)).toBe(3);
    const elsewhere = await post('/v1/probe/sql', { body: { sql: 'select 1' }, key });
    expect([elsewhere.status, elsewhere.headers.has('idempotent-replayed')]).toEqual([201, false]);
    // another session of the same person is the same caller
    const later = await create(key, { body, token: await tokenOf(consultant, b) });
    expect([later.text, later.headers.get('idempotent-replayed')]).toEqual([answers[2]?.text, 'true']);
  });

  it.each([[''], ['a b'], ['ü'], ['"half'], ['""'], ['"a b"'], ['x'.repeat(256)], [['one', 'two']]])(
    'that is %j is none',
    async (given) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'Idempotency-Key': given,
      };
      const answer = await send(stage.app.url, 'POST', '/v1/deals', headers, JSON.stringify(deal));
      expectProblem(answer, 400, 'idempotency_key_invalid');
    },
  );

  it('of 255 characters counts; on another method than POST none does', async () => {
    const key = '~'.repeat(255);
    const { body } = await create(key);
    expect((await create(key)).body).toEqual(body);
    for (const stage_ of ['won', 'lost']) {
      const headers = { 'If-Match': '*', 'Idempotency-Key': key };
      const path = `/v1/deals/${body.id}`;
      const changed = await stage.app.call('PATCH', path, { token, headers, body: { stage: stage_ } });
      expect([changed.status, changed.body.stage]).toEqual([200, stage_]);
    }
  });

  it('lasts 24 hours, and is then swept', async () => {
    const key = randomUUID();
    const first = await create(key);
    const kept = await rowsIn('app.idempotency_keys');
    await withAdmin(db, `update app.idempotency_keys set expires_at = now() - interval '1 second'
      where body = $1`, [first.text]); // prettier-ignore
    const second = await create(key);
    expect([second.status, second.body.id === first.body.id]).toEqual([201, false]);
    expect((await create(key)).text).toBe(second.text);
    const auth = await db.as('auth');
    await withAdmin(db, `update app.idempotency_keys set expires_at = now() where body = $1`, [second.text]);
    expect((await auth.query('select auth.sweep_idempotent(1000) as n')).rows).toEqual([{ n: 1 }]);
    expect(await rowsIn('app.idempotency_keys')).toBe(kept - 1);
    const [{ hours } = { hours: 0 }] = await withAdmin<{ hours: number }>(
      db,
      'select max(extract(epoch from expires_at - created_at) / 3600)::integer as hours from app.idempotency_keys',
    );
    expect(hours).toBe(24);
  });

  it('keeps no answer that is too large, and says so', async () => {
    const sql = `select repeat('x', 70000) as x`;
    expect((await post('/v1/probe/sql', { body: { sql }, key: 'large' })).status).toBe(201);
    expectProblem(await post('/v1/probe/sql', { body: { sql }, key: 'large' }), 409, 'answer_not_kept');
  });
});

describe('a replay', () => {
  it('needs the right that the request needs, now', async () => {
    const person = await newcomer(db, [a, 'member']);
    const theirs = await tokenOf(person, a);
    const key = randomUUID();
    expect((await create(key, { token: theirs })).status).toBe(201);
    const become = (role: 'viewer' | 'member') =>
      db.look('update app.memberships set role_id = $1 where tenant_id = $2 and user_id = $3', [
        a.roles[role],
        a.id,
        person.id,
      ]);
    await become('viewer');
    expectProblem(await create(key, { token: theirs }), 403, 'permission_missing');
    await become('member');
    expect((await create(key, { token: theirs })).headers.get('idempotent-replayed')).toBe('true');
    await db.look('delete from auth.sessions where user_id = $1', [person.id]);
    expectProblem(await create(key, { token: theirs }), 401, 'session_ended');
  });

  it('is there on what no tenant knows of: once for a session, once for an operator, once for nobody', async () => {
    const operator = await operatorToken(stage.app, db);
    const tenant = { name: 'Initech', slug: 'initech', adminEmail: 'boss@initech.example' };
    const [made, again] = [
      await post('/v1/platform/tenants', { token: operator, body: tenant, key: 'provision' }),
      await post('/v1/platform/tenants', { token: operator, body: tenant, key: 'provision' }),
    ];
    expect([made.status, again.status, again.text]).toEqual([201, 201, made.text]);
    expect([again.headers.get('idempotent-replayed'), again.headers.get('etag')]).toEqual([
      'true',
      made.headers.get('etag'),
    ]);
    await db.look('delete from auth.operators');
    expectProblem(await post('/v1/platform/tenants', { token: operator, body: tenant, key: 'provision' }), 403, 'not_an_operator'); // prettier-ignore

    const leaver = await newcomer(db, [a, 'viewer']);
    const [one, other] = [await tokenOf(leaver, a), await tokenOf(leaver, a)];
    expect((await post('/v1/auth/logout', { token: one, key: 'bye' })).status).toBe(204);
    expectProblem(await post('/v1/auth/logout', { token: one, key: 'bye' }), 401, 'session_ended');
    // of another session, so this one ends, too
    expect((await post('/v1/auth/logout', { token: other, key: 'bye' })).headers.has('idempotent-replayed')).toBe(
      false,
    );
    expect((await stage.app.call('GET', '/v1/auth/me', { token: other })).status).toBe(401);

    const forgot = (email: string, from?: string) =>
      post('/v1/auth/password/forgot', { token: undefined, body: { email }, key: 'mail', from });
    const mails = async () => rowsIn('auth.mail_outbox', `template = 'password-reset'`);
    const before = await mails();
    expect((await forgot(a.users.member.email)).headers.has('idempotent-replayed')).toBe(false);
    expect((await forgot(a.users.member.email)).headers.get('idempotent-replayed')).toBe('true');
    expect((await mails()) - before).toBe(1);
    expectProblem(await forgot(a.users.viewer.email), 422, 'idempotency_key_reused');
    // whoever is elsewhere neither learns of the key nor finds it taken
    for (const [n, email] of [a.users.viewer.email, a.users.member.email].entries()) {
      const elsewhere = await forgot(email, `198.51.100.${n}`);
      expect([elsewhere.status, elsewhere.headers.has('idempotent-replayed')]).toEqual([202, false]);
    }
  });

  it('is not of what only reads: that is asked anew', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const body = { action: 'create', resourceType: 'deal', userId: a.users.member.id };
    const explain = async () => post('/v1/access/explain', { token: await tokenOf(person, a), body, key: 'why' });
    expect((await explain()).status).toBe(200);
    await db.look('update app.memberships set role_id = $1 where tenant_id = $2 and user_id = $3', [
      a.roles.viewer,
      a.id,
      person.id,
    ]);
    expectProblem(await explain(), 403, 'permission_missing');
  });
});

describe('a client that gives up', () => {
  let client: AbortController;
  /** The connection breaks, which the server sees at once. */
  const goes = (): void => {
    void stage.app.nest.get(RequestContext).state.unit?.rollback(new ClientGoneError('planted'));
    client.abort();
  };
  const abandoned = async (path: string, key: string, as: string, body: unknown): Promise<void> => {
    client = new AbortController();
    const headers = { authorization: `Bearer ${as}`, 'content-type': 'application/json', 'Idempotency-Key': key };
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal: client.signal };
    await expect(fetch(stage.app.url + path, init)).rejects.toThrow('aborted');
  };
  /** Once the first request is over. */
  const settled = async (again: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const answer = await again();
      if (answer.body?.code !== 'request_in_flight') return answer;
    }
  };

  it('finds what was done, and nothing is done twice', async () => {
    const operator = await operatorToken(stage.app, db);
    const body = { name: 'Umbrella', slug: 'umbrella', adminEmail: 'x@umbrella.example' };
    const { body: tenant } = await post('/v1/platform/tenants', { token: operator, body });
    const service = stage.app.nest.get(PlatformTenantsService);
    const was = service.inviteOwner.bind(service);
    const invites = jest.spyOn(service, 'inviteOwner').mockImplementation(async (...args) => {
      await was(...args);
      goes();
    });
    const path = `/v1/platform/tenants/${tenant.id}/invite-owner`;
    const wish = { adminEmail: 'y@umbrella.example' };
    await abandoned(path, 'invite', operator, wish);
    const again = await settled(() => post(path, { token: operator, body: wish, key: 'invite' }));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([204, 'true']);
    expect(invites).toHaveBeenCalledTimes(1);
    invites.mockRestore();
  });

  it('does not undo what was committed on the way', async () => {
    const calls = new FileCalls(stage, token);
    const id = await calls.sent(NOTE, a.deals['owner-public'] as string);
    const path = `/v1/files/${id}/complete`;
    const keys = stage.app.nest.get(TenantKeys, { strict: false });
    const was = keys.keep.bind(keys);
    jest.spyOn(keys, 'keep').mockImplementationOnce((...args) => {
      goes();
      return was(...args);
    });
    await abandoned(path, `gone-${id}`, token, {});
    const again = await settled(() => post(path, { body: {}, key: `gone-${id}` }));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
  });
});

describe('between two transactions', () => {
  it('a key is taken while its request works, and has its answer afterwards', async () => {
    const calls = new FileCalls(stage, token);
    const id = await calls.sent(NOTE, a.deals['owner-public'] as string);
    const complete = () => post(`/v1/files/${id}/complete`, { body: {}, key: `done-${id}` });
    const move = stage.driver.move.bind(stage.driver);
    let meanwhile: Answer | undefined;
    stage.driver.move = async (...args) => {
      meanwhile = await complete();
      return move(...args);
    };
    const first = await complete().finally(() => (stage.driver.move = move));
    expect(first.status).toBe(200);
    expectProblem(meanwhile as Answer, 409, 'request_in_flight');
    expect(meanwhile?.headers.get('retry-after')).toBe('1');
    const again = await complete();
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
  });

  it('a failure gives it back, and a process that died loses it when its lease ends', async () => {
    const calls = new FileCalls(stage, token);
    const { body: file } = await calls.announce(NOTE, a.deals['owner-public'] as string);
    const complete = () => post(`/v1/files/${file.id}/complete`, { body: {}, key: `done-${file.id}` });
    expectProblem(await complete(), 409, 'not_uploaded');
    expect(await rowsIn('app.idempotency_keys', 'kept is null')).toBe(0);
    await calls.send(file.upload, NOTE);
    // what a process leaves that died: the key is taken, and by nobody who lives
    const forget = `create or replace function app.forget_idempotent(p_hash bytea, p_token uuid) returns void language sql as ''`;
    const [{ was } = { was: '' }] = await withAdmin<{ was: string }>(
      db,
      `select pg_get_functiondef('app.forget_idempotent'::regproc) as was`,
    );
    await withAdmin(db, forget);
    const move = stage.driver.move.bind(stage.driver);
    stage.driver.move = () => Promise.reject(new Error('planted'));
    expect((await complete()).status).toBe(500);
    stage.driver.move = move;
    await withAdmin(db, was);
    expectProblem(await complete(), 409, 'request_in_flight');
    await withAdmin(db, `update app.idempotency_keys set leased_until = now() where kept is null`);
    expect((await complete()).status).toBe(200);
    expect((await complete()).headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('a secret that is shown once', () => {
  const UPLOAD = (): Record<string, unknown> => announced(NOTE, a.deals['owner-public'] as string);

  it('is not shown twice, and nothing happens twice', async () => {
    const files = await rowsIn('app.files');
    const announce = () => post('/v1/files', { body: UPLOAD(), key: 'announce' });
    const first = await announce();
    expect(first.status).toBe(201);
    const again = await announce();
    expectProblem(again, 409, 'secret_shown_once');
    expect(again.body.detail).toContain('Announce it again');
    expect((await rowsIn('app.files')) - files).toBe(1);

    const person = await newcomer(db, [a, 'member']);
    const theirs = await tokenOf(person, a);
    const enrol = () => post('/v1/auth/mfa/totp', { token: theirs, body: { name: 'Phone' }, key: 'enrol' });
    const { body: factor } = await enrol();
    expectProblem(await enrol(), 409, 'secret_shown_once');
    const kept = JSON.stringify([
      await withAdmin(db, 'select * from app.idempotency_keys'),
      await withAdmin(db, 'select * from auth.idempotency_keys'),
    ]);
    expect(kept).toContain(deal.title);
    for (const secret of [factor.secret, first.body.upload.url]) expect(kept).not.toContain(secret);
  });

  it('of who is not signed in is not remembered, so that a key tells nothing of a password', async () => {
    const before = await rowsIn('auth.idempotency_keys');
    const login = (password: string) =>
      post('/v1/auth/login', { token: undefined, body: { email: a.users.viewer.email, password }, key: 'in' });
    const right = 'correct horse battery staple';
    const [wrong, guess] = [await login('a guess'), await login('another one')];
    expect([wrong.status, guess.status]).toEqual([401, 401]);
    const answers = [await login(right), await login(right)];
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(await rowsIn('auth.idempotency_keys')).toBe(before);
  });
});

describe('every POST of the document', () => {
  /** Fields that sound like a secret and are none. */
  const NO_SECRETS: Readonly<Record<string, string>> = {
    'testWebhook.errorCode': 'why a delivery failed',
    'replayWebhookDelivery.errorCode': 'why a delivery failed',
  };
  const SECRET = /key|secret|token|code|password|otpauth|qr|url|challenge/i;

  it('takes a key, and says that its answer holds a secret where a field sounds like one', async () => {
    const { body: document } = await stage.app.call('GET', '/openapi.json');
    const namesIn = (schema: any, seen = new Set<string>()): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      if (typeof schema.$ref === 'string') {
        if (seen.has(schema.$ref)) return [];
        return namesIn(document.components.schemas[schema.$ref.split('/').at(-1)], new Set([...seen, schema.$ref]));
      }
      return Object.entries(schema).flatMap(([name, inner]) => [
        ...(name === 'properties' ? Object.keys(inner as object) : []),
        ...namesIn(inner, seen),
      ]);
    };
    const faults: string[] = [];
    let secrets = 0;
    for (const [path, { post: operation }] of Object.entries<any>(document.paths)) {
      if (!operation) continue;
      const takes = operation.parameters.some(({ name }: { name: string }) => name === 'Idempotency-Key');
      if (!takes) faults.push(`POST ${path} does not say that it takes a key`);
      if (operation['x-answers-secret']) {
        secrets += 1;
        continue;
      }
      const answers = Object.entries<any>(operation.responses).filter(([status]) => status.startsWith('2'));
      for (const name of new Set(answers.flatMap(([, { content }]) => namesIn(content)))) {
        const field = `${operation.operationId}.${name}`;
        if (SECRET.test(name) && !NO_SECRETS[field]) faults.push(`${field}: @AnswersSecret, or no secret and why`);
      }
    }
    expect(faults).toEqual([]);
    expect(secrets).toBeGreaterThan(15);
  });
});
