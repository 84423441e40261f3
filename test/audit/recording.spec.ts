import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { plantCapability, type Capability } from '../support/acting.js';
import { type Entry, REQUEST, watchLogs } from '../support/audit.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { plantRole } from '../support/role-graph.js';

/*
 * What the database itself writes down, whoever changes a row and however: the application through its function, and
 * everybody by plain SQL. No server takes part.
 */

const { db } = useDatabase();
const { a, b } = db.world;
let app: Client;
let me: Capability;

beforeAll(async () => {
  app = await db.as('app');
  me = await plantCapability(db, a, a.users.owner, 2);
});

interface Outcome {
  code: string;
  entries: Entry[];
}

/** One transaction of the application's role, committed. @returns SQLSTATE or `done`, and what the logs have since */
async function transact(cap: string, statements: [text: string, ...values: unknown[]][]): Promise<Outcome> {
  const written = await watchLogs(db);
  let code = 'done';
  try {
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [cap]);
    for (const [text, ...values] of statements) await app.query(text, values);
    await app.query('commit');
  } catch (error) {
    code = (error as DatabaseError).code ?? String(error);
    await app.query('rollback');
  }
  return { code, entries: await written() };
}

const RECORD = 'select app.record_audit($1, $2, $3, $4, $5)';
type Statement = [text: string, ...values: unknown[]];
const record = (action: string, details: string | null = null, request: string | null = REQUEST): Statement => [
  RECORD,
  action,
  'deal',
  null,
  request,
  details,
];
const dealOf = (title: string): Statement => [
  `insert into app.deals (title, amount, currency) values ($1, 12.50, 'EUR')`,
  title,
];
const shape = (entries: Entry[]): unknown[] =>
  entries.map(({ action, actor_type, actor_id, changes }) => [
    action,
    actor_type,
    actor_id,
    changes.map(({ type, op }) => `${op} ${type}`),
  ]);

describe('who acted is the database’s to say', () => {
  it('the entry names the capability’s person, session and tenant, and there is no argument for them', async () => {
    const { code, entries } = await transact(me.cap, [record('deal.created', '{"why": "test"}')]);
    expect(code).toBe('done');
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      tenant_id: a.id,
      actor_type: 'user',
      actor_id: a.users.owner.id,
      session_id: me.sessionId,
      outcome: 'success',
      request_id: 'req-1',
      details: { why: 'test' },
    });
  });

  it.each<[string, Statement[], string]>([
    ['no capability', [[`select set_config('app.cap', '', true)`]], 'RF027'],
    ['a guessed capability', [[`select set_config('app.cap', 'guess', true)`]], 'RF027'],
    ['claims alone', [[`select set_config('app.cap', '', true), set_config('request.jwt.claims', '{"tenant_id":"${b.id}","sub":"${b.users.owner.id}"}', true)`]], 'RF027'],
  ])('%s writes nothing', async (_, forge, code) => {
    expect(await transact(me.cap, [...forge, record('deal.created')])).toEqual({ code, entries: [] });
  }); // prettier-ignore

  it('claims beside a capability change nothing of it', async () => {
    const forged = JSON.stringify({ tenant_id: b.id, sub: b.users.owner.id, sid: b.id });
    const { entries } = await transact(me.cap, [
      [`select set_config('request.jwt.claims', $1, true)`, forged],
      record('deal.created', JSON.stringify({ actorId: b.users.owner.id, tenantId: b.id })),
    ]);
    expect(entries).toEqual([expect.objectContaining({ tenant_id: a.id, actor_id: a.users.owner.id })]);
  });

  it.each([
    `app.write_audit('${b.id}', 'user', null, null, 'deal.created', null, null, 'success', null, 1, '{}', null)`,
    `auth.record_audit('${b.id}', null, null, null, 'deal.created', null, null, 'success', null, 1, '{}', null)`,
    `app.record_platform_audit('tenant.suspended', '${b.id}', '{}', null)`,
    `app.erase_audit_subject('${a.id}', '${a.users.owner.id}')`,
    `app.seal_personal('${a.id}', '${a.users.owner.id}', '{}')`,
    `auth.audit_seal('[]', '[]', '[]')`,
    `auth.make_audit_partitions()`,
  ])('the application cannot call %s', async (call) => {
    expect(await transact(me.cap, [[`select ${call}`]])).toEqual({ code: '42501', entries: [] });
  });
});

it('ids are in the order of writing, within a transaction too', async () => {
  const actions = Array.from({ length: 20 }, (_, n) => `deal.step_${String.fromCharCode(97 + n)}`);
  await transact(
    me.cap,
    actions.map((action) => record(action)),
  );
  const listed = await db.look<{ action: string }>(
    `select action from app.audit_log where action like 'deal.step%' order by id`,
  );
  expect(listed.map(({ action }) => action)).toEqual(actions);
});

describe('what is done with the log itself', () => {
  const RETENTION = 'audit.retention_applied';
  const forged = (action: string): string =>
    `select auth.record_audit('${a.id}', null, null, null, '${action}', 'audit', null, 'success', null, 1, '{}', '{"rows":1}')`;

  it('is written by its own functions alone: else pruned rows could be explained away', async () => {
    const auth = await db.as('auth');
    await auth.query(`begin; set local app.command_line = 'on'`);
    await expect(auth.query(forged(RETENTION))).rejects.toMatchObject({ code: 'RF026' });
    await auth.query('rollback');
    await auth.query(forged('account.unlocked'));
    const service = await db.as('service');
    const platform = async (action: string): Promise<string> => {
      await service.query('begin; select auth.enter_command_line()');
      return service
        .query(`select app.record_platform_audit($1, $2, '{}', '{"rows":1}')`, [action, a.id])
        .then(
          () => 'done',
          ({ code }: DatabaseError) => code ?? '',
        )
        .finally(() => service.query('rollback'));
    };
    for (const action of [RETENTION, 'audit.subject_erased', 'audit.subjects_erased'])
      expect([action, await platform(action)]).toEqual([action, 'RF026']);
    expect(await platform('audit.exported')).toBe('done');
  });
});

it('where a request comes from is kept as short text, whatever it is said to be', async () => {
  const request = JSON.stringify({
    id: 'req-long',
    address: [[['x'.repeat(5_000)]]],
    userAgent: 'y'.repeat(1_000_000),
    more: 'z'.repeat(1_000),
  });
  const { code, entries } = await transact(me.cap, [record('deal.updated', null, request)]);
  expect([code, entries.length]).toEqual(['done', 1]);
  const admin = await db.as('admin');
  const { rows } = await admin.query(
    `select octet_length(l.personal) as bytes, convert_from(substr(app.open_personal(v.key, l.personal), 33), 'UTF8')::jsonb as value
       from app.audit_log l join auth.vault_keys v on v.key_id = l.personal_key where l.request_id = 'req-long'`,
  );
  expect(rows[0].bytes).toBeLessThan(600);
  expect(Object.keys(rows[0].value).sort()).toEqual(['address', 'userAgent']);
});

describe('what an entry may hold', () => {
  const deep = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  it.each([
    ['an action in capitals', record('Deal.created')],
    ['an action without a verb', record('deal')],
    ['an action with a line break', record('deal.created\n')],
    ['an action with an escape', record('deal.\u001b[2Jcreated')],
    ['an action with a NUL', record('deal.created\0')],
    ['an endless action', record(`deal.${'x'.repeat(100)}`)],
    ['no action', [RECORD, null, null, null, REQUEST, null]],
    ['an endless target type', [RECORD, 'deal.created', 'x'.repeat(101), null, REQUEST, null]],
    ['a target that is no UUID', [RECORD, 'deal.created', 'deal', 'x', REQUEST, null]],
    ['details that are a list', record('deal.created', '[]')],
    ['details with a NUL', record('deal.created', '{"a":"\\u0000"}')],
    ['details with half a surrogate', record('deal.created', '{"a":"\\ud800"}')],
    ['huge details', record('deal.created', JSON.stringify({ a: 'x'.repeat(65_536) }))],
    ['a fraction', record('deal.created', '{"a":[{"b":0.1}]}')],
    ['a number of 2^53', record('deal.created', '{"a":9007199254740992}')],
    ['a number below -2^53', record('deal.created', '{"a":-9007199254740993}')],
    ['a number beyond all floats', record('deal.created', '{"a":1e400}')],
    ['details of a great depth', record('deal.created', deep(200))],
    ['details of an absurd depth', record('deal.created', deep(30_000))],
    ['an endless request id', record('deal.created', null, JSON.stringify({ id: 'x'.repeat(65) }))],
    ['a request that is no object', record('deal.created', null, '7')],
  ] as [string, Statement][])('not %s', async (_, statement) => {
    const { code, entries } = await transact(me.cap, [dealOf('odd'), statement]);
    expect(code).toMatch(/^(22|23|54)/);
    expect(entries).toEqual([]);
    expect(await db.look(`select from app.deals where title = 'odd'`)).toEqual([]);
  });

  it('odd text stays text', async () => {
    const odd = '\u001b[2J\r\n"}], \u202e x {{x}} <b> \\';
    const details = `{${JSON.stringify(odd)}: ${JSON.stringify(odd)}, "__proto__": 1, "whole": 9007199254740991, "list": [true, null]}`;
    const request = JSON.stringify({ id: odd, userAgent: odd });
    const { entries } = await transact(me.cap, [record('deal.created', details, request)]);
    expect(entries[0]).toMatchObject({ request_id: odd, details: JSON.parse(details) as object });
  });
});

describe('a change without a recorded action', () => {
  const changed = (actor: string, who: string | null, ...changes: string[]): unknown[] => [
    'database.changed',
    actor,
    who,
    changes,
  ];
  const mine = a.users.owner.id;

  it('of the application’s role has its caller', async () => {
    const { entries } = await transact(me.cap, [dealOf('raw')]);
    expect(shape(entries)).toEqual([changed('user', mine, 'insert deal')]);
    expect(entries[0]?.details).toEqual({ role: 'ringfence_app' });
    expect(entries[0]?.changes[0]?.after).toMatchObject({ title: 'raw', amount: '12.50' });
  });

  it('and does not lose its row when the caller drops the capability before COMMIT', async () => {
    const { entries } = await transact(me.cap, [dealOf('hidden'), [`select set_config('app.cap', '', true)`]]);
    expect(shape(entries)).toEqual([changed('database', null, 'insert deal')]);
    expect(entries[0]).toMatchObject({ tenant_id: a.id, details: { role: 'ringfence_app' } });
  });

  it('and is refused where rows go without being looked at', async () => {
    const owner = await db.as('owner');
    for (const table of ['app.deals', 'app.role_permissions', 'app.invitations', 'app.profiles'])
      await expect(owner.query(`truncate ${table}`)).rejects.toMatchObject({ code: 'RF026' });
  });

  it('of the service, and of the owner of the table, has their role', async () => {
    const written = await watchLogs(db);
    await db.look(`update app.deals set stage = 'won' where id = $1`, [b.deals['owner-public']]);
    const owner = await db.as('owner');
    await owner.query('begin; alter table app.deals no force row level security');
    await owner.query(`update app.deals set stage = 'lost' where id = $1`, [b.deals['owner-public']]);
    await owner.query('set constraints all immediate; alter table app.deals force row level security; commit');
    const entries = await written();
    expect(entries.map(({ tenant_id, details }) => [tenant_id, details])).toEqual([
      [b.id, { role: 'ringfence_service' }],
      [b.id, { role: 'ringfence_owner' }],
    ]);
    expect(entries[1]?.changes).toEqual([
      expect.objectContaining({ op: 'update', before: { stage: 'won' }, after: { stage: 'lost' } }),
    ]);
  });

  it.each<[string, Statement[], unknown[][]]>([
    ['checked at once', [['set constraints all immediate'], dealOf('x'), record('deal.created')],
      [changed('user', mine, 'insert deal'), ['deal.created', 'user', mine, []]]],
    ['checked in between', [dealOf('x'), ['set constraints all immediate'], ['set constraints all deferred'], record('deal.created')],
      [changed('user', mine, 'insert deal'), ['deal.created', 'user', mine, []]]],
    ['recorded in a savepoint that is rolled back', [dealOf('x'), ['savepoint s'], record('deal.created'), ['rollback to s']],
      [changed('user', mine, 'insert deal')]],
    ['made in a savepoint, recorded after it', [['savepoint s'], dealOf('x'), ['release s'], record('deal.created')],
      [['deal.created', 'user', mine, ['insert deal']]]],
    ['made in a savepoint that is rolled back', [['savepoint s'], dealOf('x'), ['rollback to s'], record('deal.created')],
      [['deal.created', 'user', mine, []]]],
    ['recorded ahead of it', [record('deal.created'), dealOf('x')],
      [['deal.created', 'user', mine, ['insert deal']]]],
    ['of several rows, recorded twice', [record('deal.created'), dealOf('x'), dealOf('x'), record('deal.updated')],
      [['deal.created', 'user', mine, ['insert deal', 'insert deal']], ['deal.updated', 'user', mine, []]]],
    ['that changes nothing', [[`update app.deals set title = title where title = 'x'`]], []],
    ['twice, and taken back', [[`update app.deals set stage = 'won' where id = $1`, a.deals['owner-public']],
        [`update app.deals set stage = 'lead' where id = $1`, a.deals['owner-public']]],
      [changed('user', mine, 'update deal', 'update deal')]],
    ['of a row that is gone again', [dealOf('brief'), [`delete from app.deals where title = 'brief'`]],
      [changed('user', mine, 'insert deal', 'delete deal')]],
  ])('is there when %s', async (_, statements, expected) => {
    const { code, entries } = await transact(me.cap, statements);
    expect([code, shape(entries)]).toEqual(['done', expected]);
  }); // prettier-ignore

  it.each([
    `set session_replication_role = 'replica'`,
    `select set_config('session_replication_role', 'replica', true)`,
    'alter table app.deals disable trigger audit_insert',
    'alter table app.deals disable trigger user',
    'drop trigger audit_insert on app.deals',
    'call app.forget_audit($$app.deals$$)',
    `call app.audit_table('app.deals', 'deal', p_ignored => '{title}')`,
    'set constraints audit_insert immediate; set role ringfence_service',
  ])('cannot be had by: %s', async (evasion) => {
    const { code, entries } = await transact(me.cap, [[evasion], dealOf('evaded')]);
    expect([code, entries]).toEqual([expect.stringMatching(/^(42501|42601)$/), []]);
  });

  it('is there in replica mode as well, for whoever may set it; and not without the trigger', async () => {
    const admin = await db.as('admin');
    const under = async (first: string): Promise<number> => {
      const written = await watchLogs(db);
      await admin.query(`begin; ${first}`);
      await admin.query(`update app.deals set amount = amount + 1 where id = $1`, [a.deals['owner-public']]);
      await admin.query('commit');
      return (await written()).length;
    };
    expect(await under(`set local session_replication_role = 'replica'`)).toBe(1);
    expect(await under('alter table app.deals disable trigger audit_update')).toBe(0);
    await admin.query('alter table app.deals enable always trigger audit_update');
    expect(await under('select 1')).toBe(1);
  });
});

describe('what changes with a row', () => {
  it('everything that goes with a role hangs at the one entry', async () => {
    const roleId = await plantRole(db, a, ['deal:read', 'deal:update'], [a.roles.admin]);
    const { code, entries } = await transact(me.cap, [
      ['select app.delete_role($1, null)', roleId],
      record('role.deleted'),
    ]);
    expect(code).toBe('done');
    expect(entries).toHaveLength(1);
    const { changes } = entries[0]!;
    expect(changes.every(({ row_id, type, op }) => row_id === roleId && type === 'role' && op === 'delete')).toBe(true);
    expect(changes.map(({ before }) => JSON.stringify(before)).sort()).toEqual([
      expect.stringMatching(/^\{"name":/),
      `{"parents":["${a.roles.admin}"]}`,
      '{"permissions":["deal:read"]}',
      '{"permissions":["deal:update"]}',
    ]);
  });

  it('three deals of a member who leaves go to the heir, in the same entry', async () => {
    const gone = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency)
       select $1, $2, $3, 'theirs', 1, 'EUR' from generate_series(1, 3)`,
      [a.id, gone.id, a.roles.member],
    );
    const heir = a.users.member.id;
    const { code, entries } = await transact(me.cap, [
      ['select app.remove_member($1, $2)', gone.id, heir],
      record('member.removed'),
    ]);
    expect(code).toBe('done');
    expect(entries).toHaveLength(1);
    const { changes } = entries[0]!;
    const deals = changes.filter(({ type }) => type === 'deal');
    expect(deals.map(({ before, after }) => [before, after])).toEqual(
      Array.from({ length: 3 }, () => [{ ownerId: gone.id }, { ownerId: heir }]),
    );
    expect(changes.filter(({ type }) => type === 'member').map(({ op, row_id }) => [op, row_id])).toEqual([
      ['delete', gone.id],
      ['delete', gone.id],
    ]);
    expect(JSON.stringify(changes)).not.toContain(gone.email);
  });

  it('secrets show as masked, names and addresses as a commitment, and neither anywhere else', async () => {
    const [canary, name] = ['canary-7f3a@example.com', 'Canary Quetzalcoatl'];
    const hash = Buffer.from('5ec4e7'.repeat(10) + 'abcd', 'hex');
    const { code, entries } = await transact(me.cap, [
      [
        'select app.invite($1, $2, $3, $4, uuidv7(), $5)',
        canary,
        a.roles.viewer,
        JSON.stringify({ note: name, n: 1.5 }),
        hash,
        'x',
      ],
      record('invitation.created', null, JSON.stringify({ id: 'r', address: '2001:db8::c0de', userAgent: name })),
    ]);
    expect(code).toBe('done');
    const invitation = entries[0]!.changes.find(({ type }) => type === 'invitation');
    expect(invitation).toMatchObject({
      op: 'insert',
      before: null,
      after: { tokenHash: '[masked]', roleId: a.roles.viewer },
    });
    expect(invitation?.after).not.toHaveProperty('email');
    expect(invitation?.commitment).toEqual(expect.any(String));
    const someone = await newcomer(db, [a, 'viewer']);
    await db.look('update app.profiles set full_name = $1, email = $2 where user_id = $3', [name, canary, someone.id]);
    await expectNowhere([canary, name, 'Quetzalcoatl', '2001:db8::c0de', '5ec4e75ec4e7']);
  });

  /** In no text of the log, and in no byte of it either. */
  async function expectNowhere(secrets: string[]): Promise<void> {
    const admin = await db.as('admin');
    for (const table of ['audit_log', 'audit_changes']) {
      const { rows } = await admin.query<{ line: string; bytes: Buffer | null }>(
        `select t::text as line, t.personal as bytes from app.${table} t`,
      );
      expect(rows.length).toBeGreaterThan(20);
      expect(rows.filter(({ bytes }) => bytes).length).toBeGreaterThan(0);
      for (const secret of secrets)
        for (const { line, bytes } of rows) {
          expect(line.includes(secret)).toBe(false);
          expect(line.includes(Buffer.from(secret).toString('hex'))).toBe(false);
          expect(bytes?.includes(secret) ?? false).toBe(false);
        }
    }
  }
});
