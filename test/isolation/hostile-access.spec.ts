import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Client, DatabaseError } from 'pg';
import { acting, plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { newcomer } from '../support/people.js';

/*
 * The explaining functions, for a moment, are somebody else. Injected SQL of the application's role tries to stay them.
 */

const { db } = useDatabase();
const { a, b } = db.world;
const victim = a.users.owner.id;
const record = a.deals['owner-public'];
const about = `select app.explain('read', 'deal', '${record}', '${victim}')`;
let app: Client;
let cap: string;
let admin: Client;

beforeAll(async () => {
  app = await db.as('app');
  admin = await db.as('admin');
  cap = (await plantCapability(db, a, a.users.admin)).cap;
});

const capabilitiesOf = async (userId: string): Promise<number> =>
  (await db.look('select from auth.capabilities where user_id = $1', [userId])).length;

/** Who the database takes the connection for, and by which setting. */
async function whoIsHere(): Promise<unknown> {
  const { rows } = await app.query(`select app.user_id() as id, current_setting('app.cap', true) as cap`);
  return rows[0];
}
const me = () => ({ id: a.users.admin.id, cap });

describe('what asking about somebody leaves behind', () => {
  it('is nothing: not in the same statement, not in the transaction, not after COMMIT', async () => {
    await app.query('begin');
    await app.query(`select app.enter($1, '{}')`, [cap]);
    const { rows } = await app.query<{ explain: { allowed: boolean }; cap: string; id: string }>(
      `select app.explain('read', 'deal', d.id, $1), app.viewers('deal', d.id, null, 100), current_setting('app.cap') as cap, app.user_id() as id
         from app.deals d`,
      [victim],
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect({ id: row.id, cap: row.cap }).toEqual(me());
    expect(await whoIsHere()).toEqual(me());
    await app.query('commit');
    expect((await app.query('select app.user_id() as id')).rows).toEqual([{ id: null }]);
    expect([await capabilitiesOf(victim), await capabilitiesOf(a.users.admin.id)]).toEqual([0, 1]);
  });

  it('gives a session-wide setting back as it was', async () => {
    await app.query(`select set_config('app.cap', $1, false)`, [cap]);
    await app.query(about);
    expect(await whoIsHere()).toEqual(me());
    await app.query('reset all');
    expect(await capabilitiesOf(victim)).toBe(0);
  });

  describe('when it is cut off in the middle', () => {
    beforeAll(async () => {
      // runs where the policies run, while the engine is the victim; nothing of the application could be put there
      await admin.query(`
        create function app.planted() returns boolean language plpgsql security definer set search_path = '' as $$
        begin
          if app.user_id() = '${victim}' then
            case current_setting('app.planted', true)
              when 'fails' then raise exception 'planted';
              when 'waits' then perform pg_catalog.pg_sleep(20);
              else null;
            end case;
          end if;
          return true;
        end $$;
        grant execute on function app.planted() to ringfence_app, ringfence_derive;
        create policy planted on app.deals as restrictive for select to ringfence_app using ((select app.planted()))`);
    });

    it.each([
      ['by an error', 'fails', ''],
      ['by a timeout', 'waits', `set local statement_timeout = '150ms'`],
      ['by a cancellation', 'waits', ''],
    ])('%s', async (_, how, setting) => {
      const { rows } = await app.query<{ pid: number }>('select pg_backend_pid() as pid');
      await app.query('begin');
      await app.query(`select app.enter($1, '{}'), set_config('app.planted', $2, true)`, [cap, how]);
      await app.query('savepoint before');
      if (setting) await app.query(setting);
      const asked = app.query(about).then(
        () => 'answered',
        (error: DatabaseError) => [error.code, error.message, error.detail, error.hint].join(),
      );
      if (how === 'waits' && !setting) {
        const sleeping = `select pg_cancel_backend(pid) from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'`;
        while ((await admin.query(sleeping, [rows[0]?.pid])).rowCount === 0);
      }
      const told = await asked;
      expect(told).toMatch(how === 'fails' ? /^P0001,planted/ : /^57014/);
      expect(told).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/); // nothing of the secret
      await app.query('rollback to before');
      expect(await whoIsHere()).toEqual(me());
      await app.query(`select set_config('app.planted', '', true)`);
      const { rows: after } = await app.query<{ explain: { allowed: boolean } }>(about);
      expect(after[0]?.explain.allowed).toBe(true);
      await app.query('commit');
      expect(await capabilitiesOf(victim)).toBe(0);
    });
  });
});

describe('what the application may call', () => {
  it('are the questions, and none of what answers them', async () => {
    const { rows } = await admin.query<{ name: string; may: boolean }>(
      `select p.proname as name, has_function_privilege('ringfence_app', p.oid, 'execute') as may from pg_proc p
        where p.pronamespace = 'app'::regnamespace and p.proname = any($1)`,
      [
        ['explain', 'viewers', 'refusal_of', 'row_allows', 'combined_policies', 'command_of', 'resource_table', 'aal_holds',
          'new_row_allowed', 'role_path', 'holder_of', 'relation_to', 'judge_member', 'judge_right', 'judge_row', 'judge', 'judge_as'],
      ], // prettier-ignore
    );
    expect(rows).toHaveLength(17);
    expect(rows.filter(({ may }) => may).map(({ name }) => name).sort()).toEqual(['explain', 'refusal_of', 'viewers']); // prettier-ignore
    for (const statement of [
      `insert into auth.capabilities (hash) values ('x')`,
      'select hash from auth.capabilities',
      'select * from auth.resources',
      'set role ringfence_derive',
    ])
      await acting(app, cap, () => expect(app.query(statement)).rejects.toMatchObject({ code: '42501' }));
  });

  it('is bound by the tenant: a stranger’s record and member answer as what never existed', async () => {
    const answerTo = (text: string, values: unknown[]): Promise<unknown> =>
      acting(app, cap, () => app.query(text, values).then(({ rows }) => rows, (error: DatabaseError) => [error.code, error.message])); // prettier-ignore
    for (const [foreign, text] of [
      [b.deals['owner-public'], `select app.explain('read', 'deal', $1, null)`],
      [b.deals['owner-public'], `select app.explain('delete', 'deal', $1, null)`],
      [b.deals['owner-public'], `select app.explain('read', 'deal', $1, '${victim}')`],
      [b.deals['owner-public'], `select app.viewers('deal', $1, null, 10)`],
      [b.deals['owner-public'], `select app.refusal_of('deal', 'update', $1)`],
      [b.deals['owner-public'], `select app.transfer_record('deal', $1, '${victim}')`],
      [b.users.owner.id, `select app.explain('create', 'deal', null, $1)`],
      [b.users.owner.id, `select app.explain('read', 'deal', '${record}', $1)`],
      [b.users.owner.id, `select app.transfer_record('deal', '${a.deals['admin-public']}', $1)`],
    ] as const) {
      const [theirs, nothing] = [await answerTo(text, [foreign]), await answerTo(text, [randomUUID()])];
      expect([text, theirs]).toEqual([text, nothing]);
    }
    // members of both tenants are asked about in this one only
    const both = await newcomer(db, [a, 'viewer'], [b, 'owner']);
    const { rows } = await acting(app, cap, () => app.query<{ explain: { allowed: boolean } }>(`select app.explain('create', 'deal', null, $1)`, [both.id])); // prettier-ignore
    expect(rows[0]?.explain.allowed).toBe(false);
  });

  it('refuses who may not ask about others before it looks whether there is anybody', async () => {
    const { cap: viewer } = await plantCapability(db, a, a.users.viewer);
    for (const user of [victim, b.users.owner.id, randomUUID()])
      for (const id of [record, a.deals['owner-private'], b.deals['owner-public'], randomUUID()])
        await acting(app, viewer, () =>
          expect(app.query(`select app.explain('read', 'deal', $1, $2)`, [id, user])).rejects.toMatchObject({
            code: 'RF007',
            detail: 'access:explain',
          }),
        );
    await acting(app, '', () => expect(app.query(about)).rejects.toMatchObject({ code: '42501' }));
    expect(await capabilitiesOf(victim)).toBe(0);
  });

  it('answers alike whatever the session has set', async () => {
    const answer = (...settings: string[]): Promise<unknown> =>
      acting(app, cap, async () => {
        for (const setting of settings) await app.query(setting);
        return app.query(about).then(({ rows }) => rows[0] as unknown, (error: DatabaseError) => error.code); // prettier-ignore
      });
    const usual = await answer();
    expect(await answer('set local search_path = pg_temp, auth')).toEqual(usual);
    expect(
      await answer(`set local plan_cache_mode = 'force_generic_plan'`, `set local enable_indexscan = off`),
    ).toEqual(usual);
    expect(await answer(`set local request.jwt.claims = '{"role":"owner"}'`)).toEqual(usual);
    expect(await answer('set local row_security = off')).toBe('42501');
    expect(await answer('set transaction read only')).toBe('25006');
  });
});
