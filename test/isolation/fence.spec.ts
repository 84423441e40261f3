import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';

/* Deals, statement by statement. every-table.spec.ts tries what holds everywhere at each table of the catalogue. */

const { db } = useDatabase();
const { a, b } = db.world;
let app: Client;
let owner: string;
let member: string;
let viewer: string;

beforeAll(async () => {
  app = await db.as('app');
  [owner, member, viewer] = (await Promise.all(
    (['owner', 'member', 'viewer'] as const).map(async (role) => (await plantCapability(db, a, a.users[role])).cap),
  )) as [string, string, string];
});

const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  (await app.query(sql, values)).rowCount ?? 0;
const foreign = `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency) values ($1, $2, $3, 'x', 1, 'EUR')`;

describe('the fence, with no guard anywhere near', () => {
  it('shows rows of the caller’s tenant only, whatever the statement names', async () => {
    await acting(app, owner, async () => {
      const { rows } = await app.query<{ tenant_id: string }>('select tenant_id from app.deals');
      expect(rows.length).toBeGreaterThan(0);
      expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set([a.id]));
      expect(await count('select from app.deals where tenant_id = $1', [b.id])).toBe(0);
      expect(await count('select from app.deals where id = any($1)', [Object.values(b.deals)])).toBe(0);
    });
  });

  it('refuses an INSERT for another tenant, another owner, or without the right', async () => {
    const mine = [a.id, a.users.owner.id, a.roles.owner];
    await acting(app, owner, async () => expect(await count(foreign, mine)).toBe(1));
    for (const [cap, values] of [
      [owner, [b.id, b.users.owner.id, b.roles.owner]],
      [owner, [a.id, a.users.member.id, a.roles.member]],
      [owner, [a.id, a.users.owner.id, a.roles.member]],
      [viewer, [a.id, a.users.viewer.id, a.roles.viewer]],
      ['', mine],
    ] as const) {
      await acting(app, cap, () => expect(app.query(foreign, [...values])).rejects.toMatchObject({ code: '42501' }));
    }
  });

  it('cannot point a foreign key at another tenant’s row', async () => {
    await acting(app, owner, () =>
      expect(
        app.query(
          `insert into app.deals (owner_id, owner_role_id, title, amount, currency) values ($1, $2, 'x', 1, 'EUR')`,
          [b.users.owner.id, b.roles.owner],
        ),
      ).rejects.toMatchObject({ code: expect.stringMatching(/42501|23503/) as unknown as string }),
    );
  });

  it('changes only visible rows with a blind UPDATE, and none without the right', async () => {
    const visible = await acting(app, member, () => count('select from app.deals'));
    expect(visible).toBeLessThan(12);
    await acting(app, member, async () => expect(await count(`update app.deals set stage = 'won'`)).toBe(visible));
    await acting(app, viewer, async () => expect(await count(`update app.deals set stage = 'won'`)).toBe(0));
    await acting(app, owner, async () =>
      expect(await count(`update app.deals set stage = 'won' where tenant_id = $1`, [b.id])).toBe(0),
    );
    const stages = await db.look<{ stage: string }>('select stage from app.deals');
    expect(new Set(stages.map((row) => row.stage))).toEqual(new Set(['lead']));
  });

  it('deletes only what the caller may, and never another tenant’s', async () => {
    await acting(app, member, async () => expect(await count('delete from app.deals')).toBe(0));
    await acting(app, owner, async () => {
      const mine = await count('select from app.deals');
      expect(await count('delete from app.deals')).toBe(mine);
    });
    await acting(app, owner, async () =>
      expect(await count('delete from app.deals where tenant_id = $1', [b.id])).toBe(0),
    );
  });

  it('fixes tenant, owner and version of a row: no grant, and a trigger behind it', async () => {
    for (const column of ['tenant_id', 'owner_id', 'owner_role_id', 'version', 'id', 'created_at']) {
      await acting(app, owner, () =>
        expect(app.query(`update app.deals set ${column} = ${column}`)).rejects.toMatchObject({ code: '42501' }),
      );
    }
    await expect(
      db.look('update app.deals set tenant_id = $1 where id = $2', [b.id, a.deals['owner-public']]),
    ).rejects.toMatchObject({ code: 'RF001' });
  });
});

describe('without a context', () => {
  it.each([
    ['no setting at all', undefined],
    ['an empty one', ''],
    ['a guessed one', randomBytes(32).toString('base64url')],
    ['garbage', "'; drop table app.deals; --"],
  ])('%s sees no row and no error', async (_, cap) => {
    await app.query('begin');
    if (cap !== undefined) await app.query(`select set_config('app.cap', $1, true)`, [cap]);
    expect(await count('select from app.deals')).toBe(0);
    expect(await count('select from app.memberships')).toBe(0);
    expect(await count(`update app.deals set stage = 'won'`)).toBe(0);
    expect((await app.query('select app.tenant_id() as t')).rows).toEqual([{ t: null }]);
    await app.query('rollback');
  });

  it('leaves nothing behind after COMMIT, where the setting reads as an empty text', async () => {
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [owner]);
    await app.query('commit');
    expect(await count('select from app.deals')).toBe(0);
  });
});

describe('revocation', () => {
  it.each([
    ['the session ends', `delete from auth.sessions where id = $1`],
    [
      'the capability expires',
      `update auth.capabilities set expires_at = now() - interval '1 second' where session_id = $1`,
    ],
    [
      'the tenant is suspended',
      `update app.tenants set status = 'suspended' where id = (select tenant_id from auth.sessions where id = $1)`,
    ],
    [
      'the membership is suspended',
      `update app.memberships m set status = 'suspended' from auth.sessions s where s.id = $1 and (m.tenant_id, m.user_id) = (s.tenant_id, s.user_id)`,
    ],
    [
      'the account is disabled',
      `update auth.users u set status = 'disabled' from auth.sessions s where s.id = $1 and u.id = s.user_id`,
    ],
  ])('acts on the next statement of an open transaction when %s', async (_, sql) => {
    const { cap, sessionId } = await plantCapability(db, b, b.users.member);
    await acting(app, cap, async () => {
      expect(await count('select from app.deals')).toBeGreaterThan(0);
      await db.look(sql, [sessionId]);
      expect(await count('select from app.deals')).toBe(0);
    });
    await db.look(`update app.tenants set status = 'active'`);
    await db.look(`update app.memberships set status = 'active'`);
    await db.look(`update auth.users set status = 'active'`);
  });

  it('takes a permission away, and gives one, on the next statement', async () => {
    const { cap } = await plantCapability(db, b, b.users.viewer);
    await acting(app, cap, async () => {
      const may = async (): Promise<unknown> => (await app.query(`select app.may('deal:create') as may`)).rows[0]?.may;
      expect(await may()).toBe(false);
      await db.look(`insert into app.role_permissions values ($1, $2, 'deal:create')`, [b.id, b.roles.viewer]);
      expect(await may()).toBe(true);
      await db.look(`delete from app.role_permissions where role_id = $1 and permission = 'deal:create'`, [
        b.roles.viewer,
      ]);
      expect(await may()).toBe(false);
    });
  });
});
