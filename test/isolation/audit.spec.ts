import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, DatabaseError } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { INSTALLATION, REQUEST } from '../support/audit.js';
import { useDatabase } from '../support/database.js';

/*
 * The log as the real roles meet it: who reads what, and that what is written stays. Each protection is then taken away,
 * inside a transaction that is rolled back, to see that the attack succeeds without it.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const clients = {} as Record<'admin' | 'app' | 'auth' | 'owner' | 'service', Client>;
const caps = {} as Record<'owner' | 'member' | 'foreign', string>;
let month: string;

/** Tables of app that hold the log and its proof; each has one row of tenant A, one of B and one of the installation. */
const TABLES = ['audit_log', 'audit_changes', 'audit_leaves', 'audit_nodes', 'audit_checkpoints'];

beforeAll(async () => {
  for (const role of ['admin', 'app', 'auth', 'owner', 'service'] as const) clients[role] = await db.as(role);
  caps.owner = (await plantCapability(db, a, a.users.owner, 2)).cap;
  caps.member = (await plantCapability(db, a, a.users.member, 2)).cap;
  caps.foreign = (await plantCapability(db, b, b.users.owner, 2)).cap;
  const ids = [a.id, b.id, INSTALLATION];
  for (const id of ids)
    await clients.auth.query(
      `select auth.record_audit($1, null, null, null, 'planted.entry', null, null, 'success', null, 1, $2, null)`,
      [id, REQUEST],
    );
  await clients.admin.query(
    `insert into app.audit_changes (tenant_id, entry_id, type, row_id, op) select t, uuidv7(), 'x', t, 'insert' from unnest($1::uuid[]) t`,
    [ids],
  );
  await clients.admin.query(
    `insert into app.audit_leaves select t, 0, uuidv7(), sha256('x') from unnest($1::uuid[]) t`,
    [ids],
  );
  await clients.admin.query(`insert into app.audit_nodes select t, 1, 0, sha256('x') from unnest($1::uuid[]) t`, [ids]);
  await clients.admin.query(
    `insert into app.audit_checkpoints select t, 1, now(), 1, sha256('x'), 'k', 'n' from unnest($1::uuid[]) t`,
    [ids],
  );
  const { rows } = await clients.admin.query<{ m: string }>(`select to_char(now() at time zone 'UTC', 'YYYY_MM') as m`);
  month = rows[0]!.m;
});

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: DatabaseError) => error.code ?? String(error),
  );

/** Whose rows somebody sees in a table. */
async function tenantsSeen(cap: string, table: string): Promise<string[]> {
  return acting(clients.app, cap, async () => {
    const { rows } = await clients.app.query<{ id: string }>(`select distinct tenant_id as id from ${table}`);
    return rows.map(({ id }) => id);
  });
}

/** One statement of a role, then a rollback. */
async function attempt(role: keyof typeof clients, text: string): Promise<string> {
  await clients[role].query('begin');
  try {
    return await outcomeOf(clients[role].query(text.replaceAll('MONTH', month)));
  } finally {
    await clients[role].query('rollback');
  }
}

/** The same as a superuser who takes something away first: what would become of it. */
async function without(gone: string, work: () => Promise<unknown>): Promise<string> {
  const { admin } = clients;
  await admin.query('begin');
  try {
    for (const text of gone.split(';')) await admin.query(text.replaceAll('MONTH', month));
    return await outcomeOf(work());
  } finally {
    await admin.query('rollback');
  }
}

describe('who reads the log', () => {
  it.each(TABLES)('app.%s: who may read, and only what is their tenant’s', async (table) => {
    expect(await tenantsSeen(caps.owner, `app.${table}`)).toEqual([a.id]);
    expect(await tenantsSeen(caps.foreign, `app.${table}`)).toEqual([b.id]);
    expect(await tenantsSeen(caps.member, `app.${table}`)).toEqual([]); // audit:read is from admin up
    expect(await tenantsSeen('', `app.${table}`)).toEqual([]);
  });

  it.each(TABLES)('app.%s: the fence and the right to read are what does it', async (table) => {
    const asOwner = async (): Promise<void> => {
      await clients.admin.query(`set local role ringfence_app`);
      await clients.admin.query(`select app.enter($1, '{}')`, [caps.owner]);
      const { rows } = await clients.admin.query<{ id: string }>(`select distinct tenant_id as id from app.${table}`);
      if (rows.some(({ id }) => id !== a.id)) throw new Error('foreign rows');
    };
    expect(await without('select 1', asOwner)).toBe('done');
    expect(await without(`drop policy fence on app.${table}`, asOwner)).toContain('foreign rows');
    const asMember = async (): Promise<void> => {
      await clients.admin.query(`set local role ringfence_app`);
      await clients.admin.query(`select app.enter($1, '{}')`, [caps.member]);
      if ((await clients.admin.query(`select from app.${table}`)).rowCount) throw new Error('rows');
    };
    expect(await without('select 1', asMember)).toBe('done');
    const open = `drop policy may_select on app.${table}; create policy may_select on app.${table} for select to ringfence_app using (true)`;
    expect(await without(open, asMember)).toContain('rows');
  });

  it('openings only of the own log, and only for who may read it', async () => {
    const { rows } = await clients.admin.query<{ id: string }>(
      `select id from app.audit_log where personal is not null`,
    );
    const ids = rows.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    const opened = (cap: string): Promise<number> =>
      acting(clients.app, cap, async () =>
        (await clients.app.query('select from app.audit_openings($1)', [ids])).rowCount ?? -1,
      ); // prettier-ignore
    expect([await opened(caps.owner), await opened(caps.foreign), await opened(caps.member), await opened('')]).toEqual(
      [1, 1, 0, 0],
    );
  });

  it.each([
    'select from audit.log_MONTH',
    'select from audit.changes_MONTH',
    'table audit.log_MONTH',
    'select from auth.vault_keys',
    'select from auth.audit_state',
    `select crypto.decrypt('x', 'x', 'aes')`,
    `select app.open_personal('x', 'x')`,
    `select app.vault_key('${INSTALLATION}', '${INSTALLATION}')`,
    'select auth.audit_unsealed(1)',
    `select auth.audit_trees('{}')`,
  ])('nobody of the application looks around it: %s', async (text) => {
    expect(await attempt('app', text)).toBe('42501');
  });

  it.each(['select from audit.log_MONTH', 'select from app.audit_log', 'select from auth.vault_keys'])(
    'neither does the role that signs people in: %s',
    async (text) => {
      expect(await attempt('auth', text)).toBe('42501');
    },
  );

  it('of texts, the planner keeps the names of actions and outcomes alone, in the partitions as well', async () => {
    await clients.admin.query('analyze');
    const { rows } = await clients.admin.query<{ name: string }>(
      `select distinct a.attname as name from pg_stats s
         join pg_attribute a on a.attrelid = format('%I.%I', s.schemaname, s.tablename)::regclass and a.attname = s.attname
        where (s.schemaname = 'audit' or s.schemaname = 'app' and s.tablename like 'audit\\_%')
          and a.atttypid not in ('uuid'::regtype, 'timestamptz'::regtype, 'xid8'::regtype, 'int2'::regtype, 'int8'::regtype)`,
    );
    expect(rows.map(({ name }) => name).filter((name) => name !== 'action' && name !== 'outcome')).toEqual([]);
  });
});

const CHANGES = [
  `update app.TABLE set tenant_id = tenant_id`,
  `delete from app.TABLE`,
  `truncate app.TABLE`,
  `truncate app.TABLE cascade`,
  `merge into app.TABLE t using (select 1) s on true when matched then delete`,
];
const PARTITION_CHANGES = [
  `update audit.log_MONTH set n = n`,
  `update only audit.log_MONTH set action = 'deal.created'`,
  `delete from audit.changes_MONTH`,
  `truncate audit.log_MONTH`,
  `truncate audit.changes_MONTH`,
  `insert into app.audit_log select * from app.audit_log limit 1 on conflict (tenant_id, at, xact_id, n) do update set action = 'deal.created'`,
];
const EVERY_CHANGE = [
  ...TABLES.flatMap((table) => CHANGES.map((text) => text.replace('TABLE', table))),
  ...PARTITION_CHANGES,
];
const INSERTS = TABLES.map((table) => `insert into app.${table} select * from app.${table} where false`);
const DEFINITIONS = [
  'alter table app.audit_log disable trigger append_only',
  'alter table app.audit_log disable trigger all',
  'alter table audit.log_MONTH disable trigger append_only',
  'alter table app.audit_log no force row level security',
  'alter table app.audit_log detach partition audit.log_MONTH',
  'alter table app.audit_log add column evil text',
  'alter table audit.log_MONTH owner to current_user',
  'drop trigger append_only on app.audit_log',
  'drop policy fence on app.audit_log',
  'drop table audit.log_MONTH',
  'create rule evil as on insert to app.audit_log do instead nothing',
  'create trigger evil before insert on app.audit_log for each row execute function app.refuse_change()',
  'create table audit.log_2000_01 partition of app.audit_log for values from (minvalue) to (maxvalue)',
  `create or replace function app.refuse_change() returns trigger language plpgsql as $$ begin return null; end $$`,
  `copy app.audit_log from '/dev/null'`,
  `copy app.audit_leaves from '/dev/null'`,
  'lock table app.audit_log in access exclusive mode',
];

describe('what is written stays as it is', () => {
  it.each(['app', 'auth', 'service', 'owner'] as const)(
    '%s is refused every change, for want of a grant',
    async (role) => {
      const mine = role === 'owner' ? /audit_(log|changes)|audit\./ : /./; // the owner owns the tables of the proof
      for (const text of [...EVERY_CHANGE, ...INSERTS].filter((one) => mine.test(one)))
        expect([text, await attempt(role, text)]).toEqual([text, '42501']);
    },
  );

  it.each(['app', 'auth', 'service', 'owner'] as const)('%s changes no definition', async (role) => {
    for (const text of DEFINITIONS) {
      // what the owner of the schema may: see what is said of the owner below
      if (role === 'owner' && /audit_leaves|refuse_change\(\) returns/.test(text)) continue;
      expect([text, await attempt(role, text)]).toEqual([text, '42501']);
    }
  });

  it('even a superuser is refused while the triggers are there, in replica mode as well', async () => {
    for (const replica of ['', `set local session_replication_role = 'replica'`])
      for (const text of EVERY_CHANGE) {
        const came = await without(replica || 'select 1', () => clients.admin.query(text.replaceAll('MONTH', month)));
        expect([replica, text, came]).toEqual([replica, text, 'RF026']);
      }
  });

  it.each([
    ['alter table app.audit_log disable trigger append_only', `update app.audit_log set action = 'deal.created'`],
    ['drop trigger append_only on app.audit_changes', 'delete from app.audit_changes'],
    ['alter table audit.log_MONTH disable trigger append_only', 'delete from audit.log_MONTH'],
    ['alter table audit.log_MONTH disable trigger no_truncate', 'truncate audit.log_MONTH'],
    ['drop trigger append_only on app.audit_leaves', 'delete from app.audit_leaves'],
    ['drop trigger no_truncate on app.audit_checkpoints', 'truncate app.audit_checkpoints'],
    [
      `alter table app.audit_nodes enable trigger append_only; set local session_replication_role = 'replica'`,
      'delete from app.audit_nodes',
    ],
  ])('without it (%s) a superuser could: %s', async (gone, text) => {
    expect(await without(gone, () => clients.admin.query(text.replaceAll('MONTH', month)))).toBe('done');
  });

  it('without the missing grant the service, which no fence holds, would still meet the trigger', async () => {
    const change = async (): Promise<void> => {
      await clients.admin.query('set local role ringfence_service');
      await clients.admin.query('delete from app.audit_log');
    };
    expect(await without('select 1', change)).toBe('42501');
    expect(await without('grant delete on app.audit_log to ringfence_service', change)).toBe('RF026');
    const both =
      'grant delete on app.audit_log to ringfence_service; alter table app.audit_log disable trigger append_only';
    expect(await without(both, change)).toBe('done');
  });

  /*
   * The owner of the schema is the role of migrations: it can become ringfence_derive, and so take every protection of
   * this page away. No grant can keep it from that; that the log was changed shows in its proofs and in the checkpoints
   * that were taken elsewhere. Nothing that serves requests has this role's password.
   */
  it.each([
    ['done 0', 'set local role ringfence_derive; delete from app.audit_log'],
    [
      'RF026',
      'set local role ringfence_derive; alter table app.audit_log no force row level security; delete from app.audit_log',
    ],
    ['RF026', 'set local role ringfence_derive; truncate app.audit_log'],
    [
      'done 3',
      "set local role ringfence_derive; alter table app.audit_log disable trigger append_only; alter table app.audit_log no force row level security; delete from app.audit_log where action = 'planted.entry'",
    ],
    [
      'done',
      'set local role ringfence_derive; alter table app.audit_log detach partition audit.log_MONTH; drop table audit.log_MONTH',
    ],
    ['done', 'drop table app.audit_log cascade'],
    ['done', 'alter table app.audit_leaves disable trigger no_truncate; truncate app.audit_leaves'],
    ['done', 'alter table app.deals disable trigger audit_update'],
  ])('what the role of migrations can do about it (%s): %s', async (came, texts) => {
    const { owner } = clients;
    await owner.query('begin');
    try {
      let last = '';
      for (const text of texts.replaceAll('MONTH', month).split('; '))
        last = await owner.query(text).then(
          ({ rowCount }) => (rowCount === null ? 'done' : `done ${rowCount}`),
          (error: DatabaseError) => error.code ?? '',
        );
      expect(last).toBe(came);
    } finally {
      await owner.query('rollback');
    }
  });

  it('nothing above has left a grant', async () => {
    const { rows } = await clients.admin.query<{ table: string; who: string; may: string }>(
      `select distinct c.relname as table, x.grantee::regrole::text as who, string_agg(distinct x.privilege_type, ' ') as may
         from pg_class c cross join aclexplode(c.relacl) x
        where c.relname = any ($1) and c.relnamespace = 'app'::regnamespace and x.grantee <> c.relowner group by 1, 2 order by 1, 2`,
      [TABLES],
    );
    for (const { table, who, may } of rows)
      expect([table, who, may]).toEqual([table, who, who === 'ringfence_derive' ? 'INSERT SELECT' : 'SELECT']);
    expect(rows.filter(({ who }) => !/_(app|service|derive)$/.test(who))).toEqual([]);
  });
});
