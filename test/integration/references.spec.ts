import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import type { StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';

/*
 * Records that name others, by SQL as the application's role: a memo may name a deal, a remark belongs to one, and a reply
 * to a remark. Deals have visibilities; none of the others has.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const caps = {} as Record<StandardRole, string>;
let app: Client;
let owner: Client;

const KEY = `tenant_id uuid not null default app.tenant_id() references app.tenants (id), id uuid not null default uuidv7(),
  title text not null, version integer not null default 1, updated_at timestamptz not null default now(), primary key (tenant_id, id)`;
const parent = (column: string, table: string): string =>
  `${column} uuid not null, foreign key (tenant_id, ${column}) references ${table} (tenant_id, id) on delete cascade`;
const MEMO = 'insert into app.memos (title, deal_id) values ($1, $2) returning id';
const REMARK = `insert into app.remarks (title, deal_id) values ('x', $1) returning id`;
const REPLY = `insert into app.replies (title, remark_id) values ('x', $1) returning id`;

beforeAll(async () => {
  owner = await db.as('owner');
  await owner.query(`
    create table app.memos (${KEY}, deal_id uuid,
      foreign key (tenant_id, deal_id) references app.deals (tenant_id, id) on delete set null (deal_id));
    call app.protect_shared_resource('app.memos', 'memo');
    call app.check_reference('app.memos', 'deal_id', 'app.deals');
    create table app.remarks (${KEY}, ${parent('deal_id', 'app.deals')});
    call app.protect_shared_resource('app.remarks', 'remark', p_fixed => '{deal_id}');
    call app.follow_parent('app.remarks', 'deal_id', 'app.deals');
    create table app.replies (${KEY}, ${parent('remark_id', 'app.remarks')});
    call app.protect_shared_resource('app.replies', 'reply', p_fixed => '{remark_id}');
    call app.follow_parent('app.replies', 'remark_id', 'app.remarks')`);
  const codes = ['memo', 'remark', 'reply'].flatMap(
    (resource) =>
    Object.entries({ read: 'viewer', create: 'member', update: 'member', delete: 'admin' }).map(([verb, from]) => ({ code: `${resource}:${verb}`, description: '', from })), // prettier-ignore
  );
  await db.look('select auth.sync_permissions($1)', [JSON.stringify(codes)]);
  app = await db.as('app');
  for (const role of ['owner', 'admin', 'member', 'viewer'] as const)
    caps[role] = (await plantCapability(db, a, a.users[role])).cap;
});

const by = (role: StandardRole, text: string, values: unknown[] = []): Promise<string> =>
  acting(app, caps[role], () =>
    app.query(text, values).then(
      ({ rowCount }) => String(rowCount),
      (error: DatabaseError) => `${error.code} ${error.detail ?? ''}`.trim(),
    ),
  );
const hidden = (): string => a.deals['owner-private'] ?? '';
const mine = (): string => a.deals['member-private'] ?? '';

/** A row as nobody in particular: what somebody else has made. */
async function planted(table: string, column: string, id: string | undefined): Promise<string> {
  const [row] = await db.look<{ id: string }>(
    `insert into app.${table} (tenant_id, title, ${column}) values ($1, 'x', $2) returning id`,
    [a.id, id],
  );
  return row?.id ?? '';
}

describe('a reference', () => {
  it('is to what the writer sees: nothing, another tenant’s and a hidden record are refused alike', async () => {
    expect(await by('member', MEMO, ['x', mine()])).toBe('1');
    for (const id of [randomUUID(), b.deals['owner-public'], hidden()]) {
      expect(await by('member', MEMO, ['x', id])).toBe('RF042 deal_id');
      expect(await by('member', 'update app.memos set deal_id = $1', [id])).toBe('0');
    }
    const memo = await planted('memos', 'deal_id', mine());
    for (const id of [randomUUID(), b.deals['owner-public'], hidden()])
      expect(await by('member', 'update app.memos set deal_id = $1 where id = $2', [id, memo])).toBe('RF042 deal_id');
    expect(await by('member', 'update app.memos set deal_id = null where id = $1', [memo])).toBe('1');
  });

  it('that is hidden from somebody stays while they change the rest', async () => {
    const memo = await planted('memos', 'deal_id', hidden());
    expect(await by('member', `update app.memos set title = 'y' where id = $1`, [memo])).toBe('1');
    expect(await by('member', 'update app.memos set title = title, deal_id = deal_id where id = $1', [memo])).toBe('1');
  });

  it('is emptied where the record goes, and keeps its tenant', async () => {
    const [deal] = await db.look<{ id: string }>(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency) values ($1, $2, $3, 'x', 1, 'EUR') returning id`,
      [a.id, a.users.owner.id, a.roles.owner],
    );
    const memo = await planted('memos', 'deal_id', deal?.id);
    await acting(app, caps.owner, async () => {
      expect((await app.query('delete from app.deals where id = $1', [deal?.id])).rowCount).toBe(1);
      expect((await app.query('select tenant_id, deal_id from app.memos where id = $1', [memo])).rows).toEqual([{ tenant_id: a.id, deal_id: null }]); // prettier-ignore
    });
  });
});

describe('what belongs to a record', () => {
  it('is seen, changed and deleted by who sees the record, at every depth, and counted by nobody else', async () => {
    const remark = await planted('remarks', 'deal_id', hidden());
    const reply = await planted('replies', 'remark_id', remark);
    for (const [table, id] of [
      ['remarks', remark],
      ['replies', reply],
    ] as const)
      // prettier-ignore
      for (const text of [
        `select from app.${table} where id = $1`,
        `update app.${table} set title = 'y' where id = $1`,
        `delete from app.${table} where id = $1`,
      ]) {
        expect([text, await by('admin', text, [id])]).toEqual([text, '0']);
        expect([text, await by('owner', text, [id])]).toEqual([text, '1']);
      }
    expect(await by('admin', 'select from app.deals d right join app.remarks r on r.deal_id = d.id where d.id is null')).toBe('0'); // prettier-ignore
  });

  it('is made only where the record is seen, and never moves to another', async () => {
    expect(await by('member', REMARK, [mine()])).toBe('1');
    for (const id of [randomUUID(), b.deals['owner-public'], hidden()])
      expect(await by('member', REMARK, [id])).toBe('RF042 deal_id');
    expect(await by('member', REPLY, [await planted('remarks', 'deal_id', hidden())])).toBe('RF042 remark_id');
    const remark = await planted('remarks', 'deal_id', mine());
    expect(await by('member', 'update app.remarks set deal_id = $1 where id = $2', [a.deals['member-public'], remark])).toBe('42501'); // prettier-ignore
  });

  it('is explained by the record, too', async () => {
    const remark = await planted('remarks', 'deal_id', hidden());
    const reply = await planted('replies', 'remark_id', remark);
    for (const [kind, id] of [
      ['remark', remark],
      ['reply', reply],
    ]) {
      // prettier-ignore
      const asks = async (role: StandardRole): Promise<unknown> =>
        acting(app, caps[role], async () => (await app.query(`select app.refusal_of($1, 'delete', $2) as why`, [kind, id])).rows[0].why); // prettier-ignore
      expect([kind, await asks('admin')]).toEqual([kind, 'invisible']);
      expect([kind, await asks('owner')]).toEqual([kind, null]);
    }
  });

  it('may be made by who has the right to, as the explanation says, too', async () => {
    for (const [role, allowed] of [
      ['viewer', false],
      ['member', true],
    ] as const) {
      // prettier-ignore
      const [answer] = await acting(app, caps[role], async () => (await app.query(`select app.explain('create', 'remark', null, null) as it`)).rows); // prettier-ignore
      expect([role, answer.it.allowed]).toEqual([role, allowed]);
    }
  });

  it('is refused where its column could still change, or has no key', async () => {
    const attempt = (more: string): Promise<string> =>
      owner.query('begin').then(() => owner.query(`create table app.loose (${KEY}, ${more}`).then(() => 'made', (error: Error) => error.message)).finally(() => owner.query('rollback')); // prettier-ignore
    const protect = `call app.protect_shared_resource('app.loose', 'loose'); call app.follow_parent('app.loose', 'deal_id', 'app.deals')`;
    expect(await attempt(`${parent('deal_id', 'app.deals')}); ${protect}`)).toContain('p_fixed');
    const empty = parent('deal_id', 'app.deals').replace('not null', '');
    expect(await attempt(`${empty}); ${protect.replace(`'loose')`, `'loose', p_fixed => '{deal_id}')`)}`)).toContain('may not be null'); // prettier-ignore
    expect(await attempt(`deal_id uuid); ${protect}`)).toContain('it needs foreign key (tenant_id, deal_id)');
  });
});

it('lets a table with files go: what hung there is deleted', async () => {
  await owner.query(`call app.attach_files('app.memos')`);
  const memo = await planted('memos', 'deal_id', mine());
  const [file] = await db.look<{ id: string }>(
    `insert into app.files (tenant_id, resource_type, resource_id, name, created_by) values ($1, 'memo', $2, 'x', $3) returning id`,
    [a.id, memo, a.users.owner.id],
  );
  await owner.query(`begin; call app.detach_files('app.memos'); call app.forget_resource('memo'); drop table app.memos; commit`); // prettier-ignore
  expect(await db.look('select from app.files where id = $1 and deleted_at is not null', [file?.id])).toHaveLength(1);
  expect(await db.look(`select from pg_class where oid = 'app.files'::regclass and relforcerowsecurity`)).toHaveLength(
    1,
  );
});
