import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { STANDARD_ROLES, type StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';
import { expectProblem } from '../support/problem.js';
import type { Person, Tenant } from '../support/world.js';

/* The database alone, as the role that the application connects as: whatever the guards would have said before. */

const { db } = useDatabase();
const { a, b, both } = db.world;
let app: Client;

const ALL = ['tenant:read', 'tenant:update', 'member:read', 'member:delete', 'invitation:create', 'invitation:read'];

beforeAll(async () => {
  app = await db.as('app');
  const declared = ALL.map((code) => ({ code, description: '', from: /read$/.test(code) ? 'viewer' : 'admin' }));
  await db.look('select auth.sync_permissions($1)', [JSON.stringify(declared)]); // as a start of the server does
});

const capOf = async (person: Person, aal: 1 | 2 = 2, tenant: Tenant = a): Promise<string> =>
  (await plantCapability(db, tenant, person, aal)).cap;

/** What one statement of the application came to: its rows, or the SQLSTATE. Rolled back. */
async function outcome(cap: string, text: string, values: unknown[] = [], look?: string): Promise<unknown> {
  return acting(app, cap, async () => {
    try {
      const { rows } = await app.query(text, values);
      return look ? (await app.query(look)).rows : rows.length > 0 ? 'done' : [];
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
}

describe('app.update_tenant', () => {
  const update = (cap: string, change: unknown, versions: number[] | null = null) =>
    outcome(cap, 'select app.update_tenant($1, $2)', [JSON.stringify(change), versions]);

  it.each([
    ['owner', 1, 'RF004'],
    ['owner', 2, 'done'],
    ['admin', 1, 'RF004'],
    ['admin', 2, 'done'],
    ['member', 2, 'RF007'],
    ['viewer', 2, 'RF007'],
  ] as const)('by %s at AAL%i: %s', async (role, aal, expected) => {
    expect(await update(await capOf(a.users[role], aal), { name: 'X' })).toBe(expected);
  });

  it('changes the caller’s tenant and no other', async () => {
    const cap = await capOf(a.users.owner);
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [cap]);
    await app.query(`select app.update_tenant('{"name": "Mine", "id": "${b.id}", "status": "suspended"}', null)`);
    await app.query('commit');
    expect(await db.look('select slug, name, status from app.tenants order by slug')).toEqual([
      { slug: 'alpha', name: 'Mine', status: 'active' },
      { slug: 'beta', name: 'Tenant beta', status: 'active' },
    ]);
  });

  it.each([
    [{ slug: 'beta' }, '23505'],
    [{ slug: 'Not A Slug' }, '23514'],
    [{ slug: b.id }, '23514'],
    [{ slug: null }, '23502'],
    [{ name: '' }, '23514'],
    [{ name: null }, '23502'],
    [{ requireAal2: null }, '23502'],
    [{ requireAal2: 'perhaps' }, '22P02'],
    [{ sessionHours: 0 }, '23514'],
    [{ sessionHours: 13 }, '23514'],
    [{ sessionHours: 99999 }, '22003'],
    [{ sessionIdleMinutes: 31 }, '23514'],
    [{ sessionIdleMinutes: 'x' }, '22P02'],
  ])('refuses %j with %s', async (change, state) => {
    expect(await update(await capOf(a.users.owner), change)).toBe(state);
  });

  it('changes nothing for NULL, and nothing at another version', async () => {
    const cap = await capOf(a.users.owner);
    expect(
      await outcome(cap, 'select app.update_tenant(null, null)', [], 'select slug, min_aal from app.tenants'),
    ).toEqual([{ slug: 'alpha', min_aal: 1 }]);
    expect(await update(cap, { name: 'X' }, [])).toBe('RF014');
    expect(await update(cap, { name: 'X' }, [0, 999])).toBe('RF014');
    for (const dead of ['', 'guess']) expect(await update(dead, { name: 'X' })).toBe('42501');
  });

  it('is the only way: the application holds no grant to write who belongs where', async () => {
    const cap = await capOf(a.users.owner);
    for (const statement of [
      `update app.tenants set name = 'X'`,
      `update app.tenants set min_aal = 1`,
      `update app.tenants set session_hours = 12`,
      `delete from app.tenants`,
      `insert into app.tenants (slug, name) values ('evil', 'Evil')`,
      `update app.memberships set role_id = '${a.roles.owner}'`,
      `delete from app.memberships`,
      `insert into app.memberships (tenant_id, user_id, role_id) values ('${a.id}', '${b.users.owner.id}', '${a.roles.viewer}')`,
      `delete from app.profiles`,
      `update app.profiles set email = 'x'`,
      `update app.deals set owner_id = '${both.id}'`,
      `select app.hand_over('${a.id}', '${a.users.member.id}', '${a.users.owner.id}')`,
      `select app.drop_member('${a.id}', '${a.users.member.id}', null)`,
      `select app.row_allows('app.deals', '${b.deals['owner-public']}', 'select')`,
      `select * from auth.memberships_of('${a.users.owner.id}')`,
    ]) {
      expect([statement, await outcome(cap, statement)]).toEqual([statement, '42501']);
    }
  });
});

describe('what one tenant sees of another', () => {
  it.each(['tenants', 'memberships', 'profiles'])('is nothing: app.%s', async (table) => {
    const column = table === 'tenants' ? 'id' : 'tenant_id';
    for (const tenant of [a, b]) {
      const rows = await acting(app, await capOf(tenant.users.viewer, 1, tenant), async () => {
        return (await app.query<{ t: string }>(`select distinct ${column} as t from app.${table}`)).rows;
      });
      expect(rows).toEqual([{ t: tenant.id }]);
    }
    expect((await app.query(`select from app.${table}`)).rowCount).toBe(0);
  });
});

describe('app.remove_member and app.leave_tenant', () => {
  const remove = (cap: string, userId: string | null, heirId: string | null = null) =>
    outcome(cap, 'select app.remove_member($1, $2)', [userId, heirId]);

  it('act on the caller’s tenant alone', async () => {
    const there = await newcomer(db, [b, 'viewer']);
    const cap = await capOf(a.users.owner);
    expect(await remove(cap, there.id)).toBe('P0002');
    expect(await remove(cap, randomUUID())).toBe('P0002');
    expect(await remove(cap, a.users.member.id, there.id)).toBe('RF017');
    expect(await remove(cap, a.users.member.id, randomUUID())).toBe('RF017');
  });

  it('refuse NULL, nobody, oneself, who is not below, and who is not sure', async () => {
    expect(await remove(await capOf(a.users.owner), null)).toBe('P0002');
    expect(await remove(await capOf(a.users.owner), null, null)).toBe('P0002');
    expect(await remove(await capOf(a.users.owner), a.users.owner.id, a.users.admin.id)).toBe('RF005');
    expect(await remove(await capOf(a.users.admin), a.users.owner.id, a.users.member.id)).toBe('RF005');
    expect(await remove(await capOf(a.users.owner, 1), a.users.member.id, both.id)).toBe('RF004');
    expect(await remove(await capOf(a.users.member), a.users.viewer.id, both.id)).toBe('RF007');
    for (const dead of ['', 'guess']) {
      expect(await remove(dead, a.users.member.id)).toBe('42501');
      expect(await outcome(dead, 'select app.leave_tenant(null)')).toBe('42501');
    }
    expect(await outcome(await capOf(a.users.member), 'select app.leave_tenant(null)')).toBe('RF015');
    expect(await outcome(await capOf(a.users.member), 'select app.leave_tenant($1)', [a.users.member.id])).toBe(
      'RF017',
    );
  });

  it('move records at AAL2 only, where their table demands it', async () => {
    const person = await newcomer(db, [a, 'member']);
    await db.look(
      `insert into app.deals (tenant_id, owner_id, owner_role_id, title, amount, currency) values ($1, $2, $3, 'x', 1, 'EUR')`,
      [a.id, person.id, a.roles.member],
    );
    await (await db.as('owner')).query(`call app.require_aal2('app.deals', '{update}')`);
    expect(await outcome(await capOf(person, 1), 'select app.leave_tenant($1)', [both.id])).toBe('RF004');
    expect(await outcome(await capOf(person, 2), 'select app.leave_tenant($1)', [both.id])).toBe('done');
    await (await db.as('owner')).query('drop policy aal2_update on app.deals');
  });

  it('leave nothing behind that a returning member could use', async () => {
    const person = await newcomer(db, [a, 'admin']);
    const theirs = await capOf(person);
    const client = await db.as('app');
    const invite = `select app.invite($1, $2, '{}', $3, gen_random_uuid(), 'sealed') as id`;
    const run = async (cap: string, text: string, values: unknown[]): Promise<void> => {
      await client.query('begin');
      await client.query(`select app.enter($1, '{}')`, [cap]);
      await client.query(text, values);
      await client.query('commit');
    };
    const token = randomBytes(32);
    await run(theirs, invite, ['made-by-them@example.com', a.roles.viewer, randomBytes(32)]);
    await run(await capOf(a.users.owner), 'select app.remove_member($1, null)', [person.id]);
    expect(await db.look('select from app.invitations where invited_by = $1', [person.id])).toEqual([]);
    await run(await capOf(a.users.owner), invite, [person.email, a.roles.viewer, token]);
    const auth = await db.as('auth');
    await auth.query('select auth.accept_invitation($1, $2, $3)', [token, person.id, 'Back']);
    expect(await db.look('select role_id from app.memberships where user_id = $1', [person.id])).toEqual([
      { role_id: a.roles.viewer },
    ]);
    expect(await outcome(theirs, 'select app.leave_tenant(null)')).toBe('42501'); // the capability from before is dead
    expect(await outcome(await capOf(person), 'select app.leave_tenant(null)')).toBe('done');
  });
});

describe('app.transfer_record', () => {
  const transfer = (cap: string, id: string | null | undefined, to: string | null, resource: string | null = 'deal') =>
    outcome(cap, 'select app.transfer_record($1, $2, $3)', [resource, id, to]);

  // owner by owner of the record: what the database answers to whoever asks, at AAL1
  const ABOVE = (asker: StandardRole, owner: StandardRole): boolean =>
    STANDARD_ROLES.indexOf(asker) < STANDARD_ROLES.indexOf(owner);
  const expected = (asker: StandardRole, owner: StandardRole, visibility: string): string => {
    const seen = asker === owner || visibility === 'public' || (visibility === 'controlled' && ABOVE(asker, owner));
    if (!seen) return 'P0002';
    if (asker === 'viewer') return 'RF007'; // sees it, and has no deal:update
    return asker === owner || ABOVE(asker, owner) ? 'done' : 'RF018';
  };

  it('is for the owner, and for who stands above them, sees the record and may change it', async () => {
    const wrong: unknown[] = [];
    for (const asker of STANDARD_ROLES) {
      const cap = await capOf(a.users[asker], 1);
      for (const owner of STANDARD_ROLES)
        for (const visibility of ['private', 'controlled', 'public']) {
          const came = await transfer(cap, a.deals[`${owner}-${visibility}`], both.id);
          if (came !== expected(asker, owner, visibility)) wrong.push([asker, owner, visibility, came]);
        }
    }
    expect(wrong).toEqual([]);
  });

  it('is refused to a colleague of the same role, and to somebody below', async () => {
    expect(await transfer(await capOf(both, 1), a.deals['member-public'], both.id)).toBe('RF018');
    expect(await transfer(await capOf(both, 1), a.deals['member-controlled'], both.id)).toBe('P0002');
    expect(await transfer(await capOf(both, 1), a.deals['owner-public'], both.id)).toBe('RF018');
  });

  it('gives the record with the role that the heir has, and to nobody but an active member', async () => {
    const cap = await capOf(a.users.owner);
    const id = a.deals['owner-private'];
    const suspended = await newcomer(db, [a, 'member']);
    await db.look(`update app.memberships set status = 'suspended' where user_id = $1`, [suspended.id]);
    for (const to of [b.users.owner.id, randomUUID(), db.world.nobody.id, suspended.id, null])
      expect(await transfer(cap, id, to)).toBe('RF017');
    const seen = await outcome(
      cap,
      `select app.transfer_record('deal', $1, $2)`,
      [a.deals['owner-public'], both.id],
      `select owner_id, owner_role_id from app.deals where id = '${a.deals['owner-public']}'`,
    );
    expect(seen).toEqual([{ owner_id: both.id, owner_role_id: a.roles.member }]);
  });

  it('knows neither another tenant’s record nor a table that does not take part', async () => {
    const cap = await capOf(a.users.owner);
    for (const id of [b.deals['owner-public'], b.deals['viewer-private'], randomUUID(), null])
      expect(await transfer(cap, id, both.id)).toBe('P0002');
    for (const resource of ['tenant', 'member', 'app.deals', 'deal; drop table app.deals', '', null])
      expect(await transfer(cap, a.deals['owner-public'], both.id, resource)).toBe('P0002');
    for (const dead of ['', 'guess']) expect(await transfer(dead, a.deals['owner-public'], both.id)).toBe('P0002');
  });

  it('asks for AAL2 where the table demands it', async () => {
    await (await db.as('owner')).query(`call app.require_aal2('app.deals', '{update}')`);
    const id = a.deals['owner-public'];
    expect(await transfer(await capOf(a.users.owner, 1), id, both.id)).toBe('RF004');
    expect(await transfer(await capOf(a.users.owner, 2), id, both.id)).toBe('done');
    expect(await transfer(await capOf(a.users.admin, 1), a.deals['owner-private'], both.id)).toBe('P0002');
    await (await db.as('owner')).query('drop policy aal2_update on app.deals');
  });
});

describe('a suspended tenant', () => {
  it('is nobody to the database, also for whoever skips the door', async () => {
    const cap = await capOf(a.users.owner);
    const suspend = (status: string) => db.look('update app.tenants set status = $2 where id = $1', [a.id, status]);
    await suspend('suspended');
    for (const table of ['deals', 'tenants', 'memberships', 'profiles', 'roles', 'role_closure'])
      expect([table, await outcome(cap, `select from app.${table}`)]).toEqual([table, []]);
    const insert = `insert into app.deals (title, amount, currency) values ('x', 1, 'EUR')`;
    expect(await outcome(cap, insert)).toMatch(/^(42501|23502)$/);
    for (const call of [`app.update_tenant('{}', null)`, 'app.leave_tenant(null)', 'app.remove_member(null, null)'])
      expect([call, await outcome(cap, `select ${call}`)]).toEqual([call, '42501']);
    await suspend('active');
    expect(await outcome(cap, 'select from app.tenants')).toBe('done');
  });

  it('gets no capability, whoever would issue it', async () => {
    const person = await newcomer(db, [a, 'member']);
    const { sessionId } = await plantCapability(db, a, person);
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    const auth = await db.as('auth');
    const issue = `insert into auth.capabilities (hash, session_id, user_id, tenant_id, role_id, aal, expires_at, auth_time, tenant_status)
      values ($1, $2, $3, $4, $5, 1, now() + interval '1 minute', now(), $6)`;
    const values = [randomBytes(32), sessionId, person.id, a.id, a.roles.member];
    await expect(auth.query(issue, [...values, 'active'])).rejects.toMatchObject({ code: '23503' });
    await auth.query(issue, [...values, 'suspended']); // which stands for nobody
    await db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]);
  });

  describe('with the database’s half taken out', () => {
    const { db: open } = useDatabase();
    const { a: tenant, b: other } = open.world;

    it('is refused by the application alone', async () => {
      const server = await startApp(open);
      const person = await newcomer(open, [tenant, 'member'], [other, 'member']);
      const here = await server.tokens(person.email, 'alpha');
      const there = await server.tokens(person.email, 'beta');
      await (
        await open.as('owner')
      ).query(`alter table app.deals disable row level security, no force row level security;
        alter table auth.capabilities drop constraint capabilities_member_fkey`);
      await open.look(`update app.tenants set status = 'suspended' where id = $1`, [tenant.id]);
      const login = { email: person.email, password: 'correct horse battery staple', tenant: 'alpha' };
      expectProblem(await server.call('POST', '/v1/auth/login', { body: login }), 403, 'tenant_suspended');
      const body = { refreshToken: here.refreshToken };
      expectProblem(await server.call('POST', '/v1/auth/refresh', { body }), 403, 'tenant_suspended');
      const move = { token: there.accessToken, body: { tenant: 'alpha' } };
      expectProblem(await server.call('POST', '/v1/auth/switch-tenant', move), 403, 'tenant_suspended');
    });
  });
});
