import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import pg from 'pg';
import { QueryFailedError } from 'typeorm';
import { isRetryable, refusalFor } from '../../src/database/index.js';
import { SQLSTATES } from '../../src/database/sqlstate.js';
import type { StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { plantKey } from '../support/api-keys.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { ProbeModule } from '../support/probe.module.js';
import { expectProblem } from '../support/problem.js';
import type { Person, Tenant } from '../support/world.js';

const { db } = useDatabase();
const held = useApp(db, {}, undefined, [ProbeModule]);
const { a, b } = db.world;

type Role = keyof typeof db.connections;
type Case = [code: string, status: number, problem: string, provoke: () => Promise<unknown>];

/** Clients that a test left behind, some of them dead already. */
const opened: pg.Client[] = [];
async function open(role: Role): Promise<pg.Client> {
  const client = await db.as(role);
  client.on('error', () => undefined); // a killed connection says so twice
  opened.push(client);
  return client;
}

const run =
  (role: Role, ...statements: string[]) =>
  async (): Promise<void> => {
    const client = await open(role);
    for (const statement of statements) await client.query(statement);
  };
const app = (text: string, values?: unknown[]) => async () => (await open('app')).query(text, values);

const FOREVER = `select count(*) from generate_series(1, 1e12::bigint)`;
/** For what cannot be had without harm to the server that other specs use. */
const raised = (code: string) =>
  run('owner', `do $$ begin raise exception 'planted' using errcode = '${code}'; end $$`);

async function deadlock(): Promise<void> {
  const [one, two] = [await open('owner'), await open('owner')];
  await one.query('begin; update meta.scratch set n = n where id = 1');
  await two.query('begin; update meta.scratch set n = n where id = 2');
  await Promise.all([
    one.query('update meta.scratch set n = n where id = 2').then(() => one.query('commit')),
    two.query('update meta.scratch set n = n where id = 1').then(() => two.query('commit')),
  ]);
}

/** An entry of a month that is over, without a number. */
async function oldAndNotSealed(): Promise<void> {
  await run(
    'admin',
    'set role ringfence_derive',
    `select audit.make_partition(p, replace(p, 'audit_', '') || '_2020_01', '2020-01-01Z') from unnest(array['audit_log', 'audit_changes']) p`,
    'reset role',
    `insert into app.audit_log (tenant_id, at, id, n, actor_type, action, outcome)
       values ('${a.id}', '2020-01-02Z', uuidv7('2020-01-02Z'::timestamptz - now()), 0, 'job', 'test.planted', 'success')`,
  )();
  await run('service', 'begin', 'select auth.enter_command_line()', 'select app.apply_audit_retention(now(), true)')();
}

async function lostUpdate(): Promise<void> {
  const [one, two] = [await open('owner'), await open('owner')];
  await one.query('begin isolation level repeatable read; select n from meta.scratch');
  await two.query('update meta.scratch set n = n where id = 1');
  await one.query('update meta.scratch set n = n where id = 1');
}

/** A second factor for somebody, in nobody's session. */
const unsure = run(
  'auth',
  `insert into auth.factors (user_id, type, name, totp_secret_encrypted) values ('${a.users.owner.id}', 'totp', 'x', 'x')`,
);

/** Somebody of a tenant, sure of who they are, calls a function of the database. */
const calls =
  (tenant: Tenant, role: StandardRole, text: string, ...values: unknown[]) =>
  async (): Promise<void> => {
    const { cap } = await plantCapability(db, tenant, tenant.users[role], 2);
    const client = await open('app');
    await acting(client, cap, () => client.query(`select ${text}`, values));
  };

/** An admin who may hand over what only an owner has. */
async function notAnOwner(): Promise<void> {
  await db.look(`insert into app.role_permissions values ($1, $2, 'tenant:transfer')`, [b.id, b.roles.admin]);
  await calls(b, 'admin', 'app.transfer_ownership($1)', b.users.member.id)();
}

/** An owner, sure of who they are, at the door of the platform. */
async function notAnOperator(): Promise<void> {
  const { cap } = await plantCapability(db, a, a.users.owner, 2);
  await run('service', `select auth.enter_platform('${cap}')`)();
}

const ANNOUNCED = `app.create_file('deal', $1, 'x', 'text/plain', 1, repeat('0', 64))`;

async function noRoom(): Promise<void> {
  await db.look('insert into app.storage_usage (tenant_id, bytes_at_most) values ($1, 0)', [b.id]);
  await calls(b, 'owner', ANNOUNCED, b.deals['owner-public'])();
}

/** Somebody who may add files, and sees a record that they may not change. */
async function recordNotWritable(): Promise<void> {
  await db.look(`delete from app.role_permissions where role_id = $1 and permission = 'deal:update'`, [b.roles.member]);
  await calls(b, 'member', ANNOUNCED, b.deals['owner-public'])();
}

async function tooManyJobs(): Promise<void> {
  await db.look(
    `insert into app.jobs (tenant_id, kind, actor_id, aal, auth_time, attempts_at_most, timeout_seconds)
     select $1, 'probe.waits', $2, 1, now(), 1, 1 from generate_series(1, 10001)`,
    [b.id, b.users.owner.id],
  );
  await calls(b, 'owner', `app.enqueue_job('probe.waits', '{}', null, 0, 1, 1)`)();
}

async function tooManyKeys(): Promise<void> {
  await db.look(
    `insert into app.api_keys (tenant_id, name, public_id, user_id, created_by, permissions, expires_at)
     select $1, 'x', lpad(n::text, 16, '0'), $2, $2, '{deal:read}', now() + interval '1 day' from generate_series(1, 100) n`,
    [b.id, b.users.owner.id],
  );
  await calls(b, 'owner', `app.create_api_key('x', repeat('x', 16), sha256('x'), '{deal:read}', now() + interval '1 day', null)`)(); // prettier-ignore
}

async function keyLeaves(): Promise<void> {
  const { cap } = await plantKey(db, a, a.users.viewer, ['deal:read']);
  const client = await open('app');
  await acting(client, cap, () => client.query('select app.leave_tenant(null)'));
}

const rotates = (holder: Person, life?: string) => async (): Promise<void> => {
  const { id } = await plantKey(db, a, holder, ['deal:read'], { life });
  await calls(a, 'owner', `app.rotate_api_key($1, sha256('y'), 0, null)`, id)();
};

/** An operator, sure of who they are, who does not wait. */
async function exportedTwice(): Promise<void> {
  await db.look('insert into auth.operators (user_id) values ($1)', [b.users.owner.id]);
  const { cap } = await plantCapability(db, b, b.users.owner, 2);
  const ask = `select app.request_tenant_archive('${b.id}', 'export') from (select auth.enter_platform('${cap}')) o`;
  await run('service', 'begin', ask, ask)();
}

async function invitedTwice(): Promise<void> {
  const { cap } = await plantCapability(db, a, a.users.owner, 2);
  const client = await open('app');
  const text = `select app.invite('twice@example.com', $1, '{}', sha256($2), uuidv7(), 'x')`;
  await acting(client, cap, async () => {
    await client.query(text, [a.roles.viewer, Buffer.from('1')]);
    await client.query(text, [a.roles.viewer, Buffer.from('2')]);
  });
}

async function locked(): Promise<void> {
  const [one, two] = [await open('owner'), await open('owner')];
  await one.query('begin; update meta.scratch set n = n where id = 1');
  await two.query(`set lock_timeout = '20ms'; update meta.scratch set n = n where id = 1`);
}

async function terminated(): Promise<void> {
  const [victim, admin] = [await open('app'), await open('admin')];
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
  const dies = victim.query(FOREVER);
  await Promise.all([dies, admin.query('select pg_terminate_backend($1)', [rows[0]?.pid])]);
}

async function idleInTransaction(): Promise<never> {
  const client = await open('app');
  const told = once(client, 'error');
  await client.query(`set idle_in_transaction_session_timeout = '20ms'; begin`);
  throw (await told)[0];
}

async function tooMany(): Promise<void> {
  const admin = await open('admin');
  const { rows } = await admin.query<{ name: string }>('select quote_ident(current_database()) as name');
  await admin.query(`alter database ${rows[0]?.name} connection limit 0`);
  try {
    await open('app');
  } finally {
    await admin.query(`alter database ${rows[0]?.name} connection limit -1`);
  }
}

async function narrowed(): Promise<void> {
  const client = await open('app');
  const { cap } = await plantCapability(db, a, a.users.admin);
  await acting(client, cap, () =>
    client.query(`update app.deals set visibility = 'private' where id = $1`, [a.deals['member-public']]),
  );
}

async function namesNothing(): Promise<void> {
  await (await open('owner')).query(`create table app.memos (tenant_id uuid not null default app.tenant_id(), id uuid not null default uuidv7(),
      deal_id uuid, primary key (tenant_id, id), foreign key (tenant_id, deal_id) references app.deals (tenant_id, id));
    call app.protect_shared_resource('app.memos', 'memo'); call app.check_reference('app.memos', 'deal_id', 'app.deals')`); // prettier-ignore
  const client = await open('app');
  const { cap } = await plantCapability(db, a, a.users.owner);
  await acting(client, cap, () =>
    client.query('insert into app.memos (deal_id) values ($1)', [b.deals['owner-public']]),
  );
}

// prettier-ignore
const CASES: Case[] = [
  ['22021', 400, 'invalid_value', app('select $1::text', ['a\0b'])],
  ['22P05', 400, 'invalid_value', app(`select ('{"a":"\\u0000"}'::jsonb) ->> 'a'`)],
  ['22P02', 400, 'invalid_value', app('select $1::uuid', ['not a uuid'])],
  ['22001', 400, 'invalid_value', run('owner', `insert into meta.scratch (short) values ('long')`)],
  ['22003', 400, 'invalid_value', app('select $1::int', ['99999999999'])],
  ['22007', 400, 'invalid_value', app('select $1::date', ['not a date'])],
  ['22008', 400, 'invalid_value', app('select $1::date', ['2024-13-45'])],
  ['22009', 400, 'invalid_value', app('select $1::timestamptz', ['2026-01-01T00:00:00+23:59'])],
  ['2201B', 400, 'invalid_value', app('select $1 ~ $2', ['a', '('])],
  ['54001', 400, 'invalid_value', app('select $1::json', ['['.repeat(100_000)])],
  ['23502', 400, 'invalid_value', run('owner', 'insert into meta.scratch (n) values (null)')],
  ['23514', 400, 'invalid_value', run('owner', 'insert into meta.scratch (n) values (-1)')],
  ['23503', 409, 'reference_conflict', run('owner', 'insert into meta.scratch (parent) values (99)')],
  ['23505', 409, 'already_exists', run('owner', 'insert into meta.scratch (id) values (1)')],
  ['23P01', 409, 'already_exists', run('owner', 'insert into meta.scratch (slot) values (1), (1)')],
  ['42501', 403, 'not_allowed', app('select * from auth.users')],
  ['RF001', 403, 'tenant_is_fixed', () => db.look('update app.deals set tenant_id = $1 where tenant_id <> $1', [b.id])],
  ['RF002', 403, 'visibility_is_the_owners', narrowed],
  ['RF003', 409, 'role_cycle', calls(a, 'owner', 'app.set_role_parents($1, $2, null)', a.roles.admin, [a.roles.member])],
  ['RF004', 403, 'aal2_required', unsure],
  ['RF005', 403, 'role_not_below', calls(a, 'admin', 'app.end_sessions_of($1)', a.users.admin.id)],
  ['RF006', 403, 'permission_not_held', calls(a, 'admin', `app.set_role_permissions($1, '{tenant:transfer}', null)`, a.roles.member)],
  ['RF007', 403, 'permission_missing', calls(a, 'viewer', 'app.delete_role($1, null)', a.roles.member)],
  ['RF008', 409, 'last_owner', () => db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [a.users.owner.id])],
  ['RF009', 409, 'role_in_use', calls(a, 'owner', 'app.delete_role($1, null)', a.roles.viewer)],
  ['RF010', 403, 'root_role_immutable', calls(a, 'owner', `app.update_role($1, null, 'King', null)`, a.roles.owner)],
  ['RF011', 422, 'role_without_parent', calls(a, 'owner', `app.set_role_parents($1, '{}', null)`, a.roles.viewer)],
  ['RF012', 409, 'role_slug_reserved', calls(a, 'admin', `app.update_role($1, 'owner', null, null)`, a.roles.member)],
  ['RF013', 400, 'permission_unknown', calls(a, 'owner', `app.set_role_permissions($1, '{no:such}', null)`, a.roles.viewer)],
  ['RF014', 412, 'version_mismatch', calls(a, 'owner', `app.update_role($1, null, 'Guest', '{99}')`, a.roles.viewer)],
  ['RF015', 409, 'member_owns_records', calls(a, 'owner', 'app.remove_member($1, null)', a.users.member.id)],
  ['RF016', 422, 'role_not_found', calls(a, 'owner', 'app.assign_role($1, $2)', a.users.member.id, b.roles.viewer)],
  ['RF017', 422, 'heir_not_a_member', calls(a, 'owner', 'app.remove_member($1, $2)', a.users.member.id, b.users.owner.id)],
  ['RF018', 403, 'not_the_owner', calls(a, 'admin', `app.transfer_record('deal', $1, $2)`, a.deals['owner-public'], a.users.admin.id)],
  ['RF019', 409, 'already_member', calls(a, 'owner', `app.invite($1, $2, '{}', sha256('x'), uuidv7(), 'x')`, a.users.viewer.email, a.roles.viewer)],
  ['RF020', 404, 'invitation_invalid', run('auth', `select auth.accept_invitation(sha256('never sent'), '${a.users.owner.id}', 'X')`)],
  ['RF021', 403, 'not_an_owner', notAnOwner],
  ['RF022', 403, 'not_an_operator', notAnOperator],
  ['RF023', 401, 'session_ended', run('service', `select auth.enter_platform('never issued')`)],
  ['RF024', 409, 'invitation_pending', invitedTwice],
  ['RF025', 409, 'tenant_has_owner', run('service', 'begin', 'select auth.enter_command_line()', `select app.invite_first_owner('${a.id}', 'x@y.example', sha256('x'), uuidv7(), 'x')`)],
  ['RF026', 403, 'append_only', run('admin', 'delete from app.audit_log')],
  ['RF027', 401, 'session_ended', app(`select app.record_audit('deal.created', 'deal', null, '{}', null)`)],
  ['RF028', 409, 'audit_not_sealed', oldAndNotSealed],
  ['RF029', 409, 'job_not_running', calls(a, 'owner', 'app.finish_job()')],
  ['RF030', 409, 'storage_quota_exceeded', noRoom],
  ['RF031', 403, 'record_not_writable', recordNotWritable],
  ['RF032', 409, 'file_state', calls(a, 'owner', `app.settle_version(v.file_id, v.number, 'ready', uuidv7()) from ${ANNOUNCED} v`, a.deals['owner-public'])],
  ['RF033', 429, 'too_many_jobs', tooManyJobs],
  ['RF034', 409, 'request_in_flight', calls(a, 'owner', `app.keep_idempotent(sha256('x'), sha256('x'), uuidv7(), 'large', null, null, null) from generate_series(1, 2)`)],
  ['RF035', 409, 'tenant_not_suspended', run('service', `select app.begin_tenant_erasure('${a.id}') from (select auth.enter_command_line()) c`)],
  ['RF036', 409, 'tenant_exists', run('service', `select app.begin_tenant_import('${a.id}', 'gamma') from (select auth.enter_command_line()) c`)],
  ['RF037', 409, 'tenant_archive_under_way', exportedTwice],
  ['RF038', 409, 'too_many_api_keys', tooManyKeys],
  ['RF039', 403, 'session_required', keyLeaves],
  ['RF040', 403, 'api_key_not_yours', rotates(a.users.member)],
  ['RF041', 409, 'api_key_expired', rotates(a.users.owner, '-1 second')],
  ['RF042', 422, 'reference_not_found', namesNothing],
  ['P0002', 404, 'not_found', run('owner', 'do $$ declare n int; begin select 1 into strict n where false; end $$')],
  ['40001', 409, 'concurrent_change', lostUpdate],
  ['40P01', 409, 'concurrent_change', deadlock],
  ['55P03', 503, 'database_busy', locked],
  ['57014', 503, 'database_busy', run('app', `set statement_timeout = '20ms'`, FOREVER)],
  ['25P03', 503, 'database_busy', idleInTransaction],
  ['25P04', 503, 'database_busy', run('app', `set transaction_timeout = '20ms'`, FOREVER)],
  ['53200', 503, 'database_busy', raised('53200')],
  ['53300', 503, 'database_busy', tooMany],
  ['53100', 503, 'database_read_only', raised('53100')],
  ['25006', 503, 'database_read_only', run('owner', 'begin read only', 'insert into meta.scratch default values')],
  ['57P01', 503, 'database_unavailable', terminated],
  ['57P02', 503, 'database_unavailable', raised('57P02')],
  ['57P03', 503, 'database_unavailable', raised('57P03')],
];

const errorOf = (work: Promise<unknown>): Promise<pg.DatabaseError> =>
  work.then(
    () => Promise.reject(new Error('the statement did not fail')),
    (error: pg.DatabaseError) => error,
  );

beforeAll(async () => {
  const owner = await open('owner');
  await owner.query(`
    create table meta.scratch (id int generated by default as identity (start 10) primary key, n int not null default 0 check (n >= 0),
      short varchar(2), parent int references meta.scratch, slot int, exclude (slot with =));
    insert into meta.scratch (id) values (1), (2)`);
});
afterEach(() => Promise.all(opened.splice(0).map((client) => client.end().catch(() => undefined))));

describe('what the server says, and what the caller is told', () => {
  it('every SQLSTATE that has an answer is provoked here', () => {
    expect(CASES.map(([code]) => code).sort()).toEqual(Object.keys(SQLSTATES).sort());
  });

  it.each(CASES)('%s is %i %s', async (code, status, problem, provoke) => {
    const error = await errorOf(provoke());
    expect(error.code).toBe(code);
    const wrapped = new QueryFailedError('select 1', [], error); // as it comes through TypeORM
    for (const one of [error, wrapped]) {
      const refusal = refusalFor(one);
      expect([refusal?.status, refusal?.code]).toEqual([status, problem]);
      expect((refusal?.extras.retryAfterSeconds ?? 0) > 0).toBe(status === 503 || status === 429 || code === 'RF034');
      expect(JSON.stringify([refusal?.detail, refusal?.extras])).not.toContain(error.message);
      expect(isRetryable(one)).toBe(code === '40001' || code === '40P01');
    }
  });

  it('a broken connection is a dependency that is down, whatever broke it', async () => {
    const closed = db.connections.app.replace(/:\d+\//, ':1/');
    const refused = await errorOf(new pg.Client({ connectionString: closed }).connect());
    expect([refused.code, refusalFor(refused)?.status]).toEqual(['ECONNREFUSED', 503]);
    const protocol = await errorOf(raised('08006')());
    expect([protocol.code, refusalFor(protocol)?.code]).toEqual(['08006', 'database_unavailable']);
    const victim = await open('app');
    const cut = errorOf(victim.query(FOREVER));
    (victim as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect(refusalFor(await cut)?.code).toBe('database_unavailable');
  });

  it('an error that nobody foresaw is nobody but ours: no refusal, and 500 that tells nothing', async () => {
    const error = await errorOf(app('select 1 / 0')());
    expect([error.code, refusalFor(error)]).toEqual(['22012', undefined]);
    expect(refusalFor(new TypeError('planted'))).toBeUndefined();
    expect(refusalFor('planted')).toBeUndefined();
    const token = await held.app.token(a.users.owner.email);
    const probe = (sql: string) => held.app.call('POST', '/v1/probe/sql', { token, body: { sql } });
    for (const sql of ['select 1 / 0', 'select canary from app.deals', 'select canary(']) {
      const answer = await probe(sql);
      expectProblem(answer, 500, 'internal_error');
      expect(answer.text).not.toMatch(/canary|division|column|syntax/i);
    }
    const mapped = await probe(`select 'canary'::uuid`);
    expectProblem(mapped, 400, 'invalid_value');
    expect(mapped.text).not.toContain('canary');
    expect((await held.app.call('GET', '/v1/deals', { token })).status).toBe(200);
  });
});
