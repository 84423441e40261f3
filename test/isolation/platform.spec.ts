import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { AssuranceGuard } from '../../src/pipeline/04-assurance.guard.js';
import { OperatorGuard } from '../../src/pipeline/05b-operator.guard.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { type TestDatabase, useDatabase } from '../support/database.js';
import { grantTo } from '../support/grant.js';
import { newOperator, operatorToken } from '../support/operators.js';
import { expectProblem } from '../support/problem.js';

const always = { canActivate: () => true };
const FIRST_GUARDS_OUT = (app: Parameters<NonNullable<Parameters<typeof startApp>[2]>>[0]) =>
  app.overrideProvider(OperatorGuard).useValue(always).overrideProvider(AssuranceGuard).useValue(always);

interface Operation {
  name: string;
  call(token?: string): Promise<Answer>;
}

/** A tenant that nobody has entered yet: with it an operator can do everything. */
async function empty(db: TestDatabase): Promise<string> {
  const [made] = await db.look<{ id: string }>(`select app.provision_standard_tenant($1, 'Empty') as id`, [
    `s-${randomBytes(6).toString('hex')}`,
  ]);
  return made!.id;
}

/** Every operation that the document keeps for operators, asked so that nothing but who asks can be wrong with it. */
async function operationsOf(app: TestApp, tenantId: string): Promise<Operation[]> {
  const { body } = await app.call('GET', '/openapi.json');
  return Object.entries<Record<string, any>>(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation['x-operator'])
      .map(([method, { requestBody }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        call: (token?: string) => {
          const schema = requestBody?.content['application/json'].schema.$ref.split('/').at(-1) as string | undefined;
          return app.call(method.toUpperCase(), path.replace(/\{\w+\}/g, tenantId), {
            token,
            body: schema && wanted(Object.keys(body.components.schemas[schema].properties)),
          });
        },
      })),
  );
}

/** Those of the fields that an operation takes. */
function wanted(names: string[]): object {
  const fields = {
    slug: `s-${randomUUID()}`.slice(0, 30),
    name: 'Planted',
    adminEmail: 'x@planted.example',
    confirm: 'x',
  };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

/** Whether they were let in: exports and erasures of that id there are none, and its slug is another. */
const answered = async (call: Promise<Answer>): Promise<boolean> => {
  const { status, body } = await call;
  return status < 300 || ['not_found', 'confirmation_mismatch'].includes(body?.code);
};

/** What operators change, to be compared before and after. */
const state = (db: TestDatabase): Promise<unknown> =>
  db.look(`select (select jsonb_agg(to_jsonb(t) order by t.id) from app.tenants t) as tenants,
    (select count(*) from app.roles) as roles, (select jsonb_agg(i.id order by i.id) from app.invitations i) as invitations,
    (select count(*) from auth.mail_outbox) as mails, (select count(*) from auth.operators) as operators, (select count(*) from auth.tenant_archives) as archives`);

describe('a route of the platform', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  let app: TestApp;
  let operations: Operation[];
  beforeAll(async () => {
    app = await startApp(db);
    operations = await operationsOf(app, await empty(db));
  });

  const refusedAs = async (token: string | undefined, status: number, code: string): Promise<void> => {
    const before = await state(db);
    for (const { name, call } of operations) {
      const answer = await call(token);
      expect([name, answer.status, answer.body?.code]).toEqual([name, status, code]);
      expectProblem(answer, status, code);
    }
    expect(await state(db)).toEqual(before);
  };

  it('is one under /v1/platform, and each of those is one', async () => {
    const { body } = await app.call('GET', '/openapi.json');
    const there = Object.keys(body.paths).filter((path) => path.startsWith('/v1/platform'));
    expect(operations.length).toBeGreaterThanOrEqual(6);
    expect([...new Set(operations.map(({ name }) => name.split(' ')[1]))].sort()).toEqual(there.sort());
  });

  it('answers an operator at AAL2', async () => {
    const token = await operatorToken(app, db);
    for (const { name, call } of operations) expect([name, await answered(call(token))]).toEqual([name, true]);
    await db.look(`update app.tenants set status = 'active'`);
  });

  it('refuses nobody', () => refusedAs(undefined, 401, 'not_authenticated'));

  it('refuses an ordinary owner, however sure', async () => {
    const { accessToken } = await grantTo(app, db, a.users.owner.id, { aal: 2 });
    await refusedAs(accessToken, 403, 'not_an_operator');
  });

  it('refuses an operator below AAL2', async () => refusedAs(await operatorToken(app, db, 1), 403, 'aal2_required'));

  it('refuses one who is an operator no longer, at the next call', async () => {
    const { id } = await newOperator(db);
    const { accessToken } = await grantTo(app, db, id, { aal: 2 });
    expect((await operations[0]!.call(accessToken)).status).toBe(200);
    await db.look('delete from auth.operators where user_id = $1', [id]);
    await refusedAs(accessToken, 403, 'not_an_operator');
  });

  it('refuses an operator whose session ended, or whose account is disabled', async () => {
    const { id } = await newOperator(db);
    const [ended, disabled] = [await grantTo(app, db, id, { aal: 2 }), await grantTo(app, db, id, { aal: 2 })];
    await app.call('POST', '/v1/auth/logout', { token: ended.accessToken });
    await refusedAs(ended.accessToken, 401, 'session_ended');
    await db.look(`update auth.users set status = 'disabled' where id = $1`, [id]);
    await refusedAs(disabled.accessToken, 401, 'session_ended');
  });
});

describe('with the guards taken out, the database alone', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  let app: TestApp;
  let operations: Operation[];
  beforeAll(async () => {
    app = await startApp(db, {}, FIRST_GUARDS_OUT);
    operations = await operationsOf(app, await empty(db));
  });

  it('answers an operator, so that what it refuses it refuses for a reason', async () => {
    const token = await operatorToken(app, db);
    for (const { name, call } of operations) expect([name, await answered(call(token))]).toEqual([name, true]);
    await db.look(`update app.tenants set status = 'active'`);
  });

  it.each<[string, number, string, () => Promise<string>]>([
    ['an ordinary owner', 403, 'not_an_operator', async () => (await grantTo(app, db, a.users.owner.id, { aal: 2 })).accessToken],
    ['an operator below AAL2', 403, 'aal2_required', () => operatorToken(app, db, 1)],
    ['an operator whose session ended', 401, 'session_ended', async () => {
      const token = await operatorToken(app, db);
      await app.call('POST', '/v1/auth/logout', { token });
      return token;
    }],
  ])('refuses %s', async (_, status, code, tokenOf) => {
    const token = await tokenOf();
    const before = await state(db);
    for (const { name, call } of operations) {
      const answer = await call(token);
      expect([name, answer.status, answer.body?.code]).toEqual([name, status, code]);
    }
    expect(await state(db)).toEqual(before);
  }); // prettier-ignore

  it('leaves no connection behind: a hundred refusals on a pool of two', async () => {
    const { accessToken } = await grantTo(app, db, a.users.owner.id, { aal: 2 });
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => operations[n % operations.length]!.call(accessToken)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    }
    const token = await operatorToken(app, db);
    expect((await operations[0]!.call(token)).status).toBe(200);
    const missing = `/v1/platform/tenants/${randomUUID()}`; // refused by us, with a transaction that is sound
    for (const path of [missing, missing, missing]) expectProblem(await app.call('GET', path, { token }), 404);
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ state: string }>(
      `select state from pg_stat_activity where datname = current_database() and application_name = 'ringfence-service'`,
    );
    expect([1, 2]).toContain(rows.length);
    expect(rows.every(({ state }) => state === 'idle')).toBe(true);
  });

  it('survives a connection that is killed under way: 503, and the next call is answered', async () => {
    const [token, admin, owner] = [await operatorToken(app, db), await db.as('admin'), await db.as('owner')];
    await owner.query('begin; lock table auth.operators in access exclusive mode');
    const cut = app.call('GET', '/v1/platform/tenants', { token });
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = 'ringfence_service' and wait_event_type = 'Lock'`;
    while ((await admin.query(kill)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await owner.query('rollback');
    expectProblem(await cut, 503);
    expect((await app.call('GET', '/v1/platform/tenants', { token })).status).toBe(200);
  });
});

describe('with the database’s check taken out, the guard alone', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(db);
    const admin = await db.as('admin');
    await admin.query(`create or replace function auth.operator() returns uuid language sql
      return '${a.users.owner.id}'::uuid`);
  });

  it('refuses who is no operator', async () => {
    const { accessToken } = await grantTo(app, db, a.users.owner.id, { aal: 2 });
    const low = await operatorToken(app, db, 1);
    const operations = await operationsOf(app, await empty(db));
    const before = await state(db);
    for (const { call } of operations) {
      expectProblem(await call(accessToken), 403, 'not_an_operator');
      expectProblem(await call(low), 403, 'aal2_required');
    }
    expect(await state(db)).toEqual(before);
  });
});

describe('the functions of the platform', () => {
  const { db } = useDatabase();
  const { a } = db.world;
  const NOBODYS = '01a1fd04-0000-7000-8000-000000000000';
  const CALLS: Record<string, string> = {
    'auth.enter_platform': `auth.enter_platform('x')`,
    'auth.enter_command_line': 'auth.enter_command_line()',
    'auth.operator': 'auth.operator()',
    'auth.acting_operator': 'auth.acting_operator()',
    'app.provision_tenant': `app.provision_tenant('evil', 'Evil', '[]')`,
    'app.provision_standard_tenant': `app.provision_standard_tenant('evil', 'Evil')`,
    'app.provision_invited_tenant': `app.provision_invited_tenant('evil', 'Evil', 'e@evil.example', sha256('x'), uuidv7(), 'x')`,
    'app.invite_first_owner': `app.invite_first_owner('${NOBODYS}', 'e@evil.example', sha256('x'), uuidv7(), 'x')`,
    'app.set_tenant_status': `app.set_tenant_status('${a.id}', 'suspended')`,
  };
  const ACTING = ['app.provision_invited_tenant', 'app.invite_first_owner', 'app.set_tenant_status'];
  beforeAll(() =>
    db.look(`with t as (insert into app.tenants (id, slug, name) values ($1, 'nobodys', 'Nobody’s') returning id)
      insert into app.roles (tenant_id, slug, name, is_root) select id, 'owner', 'Owner', true from t`, [NOBODYS]),
  ); // prettier-ignore

  /** A capability as a token of that person would have it, planted past the fence. */
  const planted = async (userId: string, aal: 1 | 2, ends = '1 hour'): Promise<string> => {
    const cap = randomBytes(32).toString('base64url');
    await db.look(
      `with s as (insert into auth.sessions (user_id, aal, amr, expires_at, idle_expires_at)
                  values ($1, $2, '{pwd}', now() + interval '1 hour', now() + interval '1 hour') returning id)
       insert into auth.capabilities (hash, session_id, user_id, aal, expires_at)
         select $3, s.id, $1, $2, now() + $4::interval from s`,
      [userId, aal, createHash('sha256').update(cap).digest(), ends],
    );
    return cap;
  };

  /** Runs statements in a transaction that is rolled back. @returns the SQLSTATE of the one that was refused, or the last one's rows */
  const outcome = async (client: Client, ...statements: string[]): Promise<unknown> => {
    await client.query('begin');
    try {
      let rows: unknown[] = [];
      for (const text of statements) rows = (await client.query(text)).rows;
      return rows;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('rollback');
    }
  };

  it.each(['app', 'auth'] as const)('are closed to ringfence_%s, with an operator’s capability too', async (role) => {
    const cap = await planted((await newOperator(db)).id, 2);
    const client = await db.as(role);
    for (const [name, sql] of Object.entries(CALLS)) {
      const refused = await outcome(client, `select set_config('app.cap', '${cap}', true)`, `select ${sql}`);
      expect([name, refused]).toEqual([name, '42501']);
    }
    expect(await outcome(client, `insert into auth.operators (user_id) values ('${a.users.owner.id}')`)).toBe('42501');
  });

  it('are the service’s alone, whatever else is granted', async () => {
    const admin = await db.as('admin');
    const { rows } = await admin.query<{ name: string; who: string[] }>(
      `select p.pronamespace::regnamespace || '.' || p.proname as name,
              array(select r.rolname::text from pg_roles r where not r.rolsuper and r.rolname like 'ringfence%'
                     and r.oid <> p.proowner and has_function_privilege(r.oid, p.oid, 'execute')) as who
         from pg_proc p where p.pronamespace::regnamespace || '.' || p.proname = any ($1) order by 1`,
      [Object.keys(CALLS)],
    );
    // who acts is asked by the functions that record it, too; they are ringfence_derive's, as which nobody logs in
    const recorded = new Set(['auth.acting_operator', 'auth.operator']);
    const who = (name: string): string[] => [...(recorded.has(name) ? ['ringfence_derive'] : []), 'ringfence_service'];
    expect(rows.map((row) => ({ ...row, who: row.who.sort() }))).toEqual(
      Object.keys(CALLS)
        .sort()
        .map((name) => ({ name, who: who(name) })),
    );
  });

  it('that act refuse the service itself while it stands for nobody', async () => {
    const service = await db.as('service');
    const operator = await newOperator(db);
    const caps: [string, string, string][] = [
      ['nobody', '', 'RF023'],
      ['a guess', 'guess', 'RF023'],
      ['a capability that expired', await planted(operator.id, 2, '-1 second'), 'RF023'],
      ['an operator at AAL1', await planted(operator.id, 1), 'RF004'],
      ['an owner', await planted(a.users.owner.id, 2), 'RF022'],
    ];
    for (const [who, cap, code] of caps) {
      expect([who, await outcome(service, `select auth.enter_platform('${cap}')`)]).toEqual([who, code]);
      for (const name of ACTING) {
        const refused = await outcome(service, `select set_config('app.cap', '${cap}', true)`, `select ${CALLS[name]}`);
        expect([who, name, refused]).toEqual([who, name, code]);
        // a token that is no good does not become the command line by being no good
        const both = [`select auth.enter_command_line()`, `select set_config('app.cap', '${cap || 'x'}', true)`];
        const kept = await outcome(service, ...both, `select ${CALLS[name]}`);
        expect([who, name, kept]).toEqual([who, name, cap ? code : 'RF023']);
      }
    }
  });

  it('act for an operator, or for the command line, in that transaction and in no later one', async () => {
    const service = await db.as('service');
    const { id } = await newOperator(db);
    const cap = await planted(id, 2);
    const enter = `select auth.enter_platform('${cap}') as who`;
    expect(await outcome(service, enter)).toEqual([{ who: id }]);
    expect(await outcome(service, enter, 'select auth.acting_operator() as who')).toEqual([{ who: id }]);
    for (const name of ACTING) expect(await outcome(service, enter, `select ${CALLS[name]}`)).toHaveLength(1);
    const byHand = 'select auth.enter_command_line()';
    expect(await outcome(service, byHand, 'select auth.acting_operator() as who')).toEqual([{ who: null }]);
    for (const name of ACTING) expect(await outcome(service, byHand, `select ${CALLS[name]}`)).toHaveLength(1);
    for (const door of [enter, byHand]) {
      await service.query('begin');
      await service.query(door);
      await service.query('commit');
      for (const name of ACTING) expect(await outcome(service, `select ${CALLS[name]}`)).toBe('RF023');
    }
  });

  it('ask again when they act: an operator who was removed meanwhile does nothing more', async () => {
    const service = await db.as('service');
    const { id } = await newOperator(db);
    const cap = await planted(id, 2);
    await service.query('begin');
    await service.query(`select auth.enter_platform('${cap}')`);
    await db.look('delete from auth.operators where user_id = $1', [id]);
    await expect(service.query(`select ${CALLS['app.set_tenant_status']}`)).rejects.toMatchObject({ code: 'RF022' });
    await service.query('rollback');
  });
});
