import { beforeAll, describe, expect, it } from '@jest/globals';
import { ExpiredRows } from '../../src/modules/sweeping/expired/expired-rows.js';
import { EXPIRING, NOT_SWEPT_HERE } from '../../src/modules/sweeping/expired/expiring-tables.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();
const user = db.world.a.users.member.id;
const going = new AbortController().signal;
let app: TestApp;
let rows: ExpiredRows;
beforeAll(async () => {
  app = await startApp(db);
  rows = app.nest.get(ExpiredRows, { strict: false });
});

/** Plants `n` that are over for `age`, of each table. */
const plant = (age: string, n = 1): Promise<unknown> =>
  db.service(async (client) => {
    await client.query(
      `with s as (insert into auth.sessions (user_id, aal, amr, expires_at, idle_expires_at, created_at)
           select $1, 1, '{}', now() - $2::interval, now() - $2::interval, now() - $2::interval - interval '12 hours' from generate_series(1, $3) returning id),
         c as (insert into auth.capabilities (hash, session_id, user_id, aal, auth_time, expires_at)
           select sha256(convert_to('c' || id, 'UTF8')), id, $1, 1, now(), now() - $2::interval from s)
         insert into auth.refresh_tokens (hash, session_id) select sha256(convert_to('r' || id, 'UTF8')), id from s`,
      [user, age, n],
    );
    await client.query(
      `insert into auth.one_time_tokens (hash, purpose, user_id, created_at, expires_at)
       select sha256(convert_to($2 || i::text, 'UTF8')), 'magic_link', $1, now() - $2::interval - interval '10 minutes', now() - $2::interval
         from generate_series(1, $3) i`,
      [user, age, n],
    );
    await client.query(
      `insert into auth.guesses (kind, key, last_at)
       select 'password', sha256(convert_to($1 || i::text, 'UTF8')), now() - $1::interval from generate_series(1, $2) i`,
      [age, n],
    );
  });
const counts = async (): Promise<number[]> => {
  const tables = ['auth.sessions', 'auth.capabilities', 'auth.refresh_tokens', 'auth.one_time_tokens', 'auth.guesses'];
  const of = (table: string) => db.look<{ n: number }>(`select count(*)::integer as n from ${table}`);
  return Promise.all(tables.map(async (table) => (await of(table))[0]?.n ?? -1));
};

describe('what has expired', () => {
  it('goes in batches, by two processes at once, and nothing else goes', async () => {
    const token = await app.token(db.world.a.users.member.email, db.world.a.slug);
    await plant('1 minute');
    await plant('1 day');
    const before = await counts();
    await plant('3 days', 10_000);
    await Promise.all([rows.run(going), rows.run(going)]);
    await rows.run(going); // the one that had no turn may have ended last
    const left = await counts();
    // of those from before: the ones a day old, but for the guess, which still counts
    expect(before.map((n, i) => n - (left[i] ?? -1))).toEqual([1, 1, 1, 1, 0]);
    expect((await app.call('GET', '/v1/auth/me', { token })).status).toBe(200);
  });

  it('waits for no request that counts itself', async () => {
    const auth = await db.as('auth');
    await auth.query(
      `insert into auth.rate_limits select sha256(n::text::bytea), now() - interval '1 hour', 1, 1 from generate_series(1, 2) n`,
    );
    await auth.query(`begin; select from auth.rate_limits where key = sha256('1') for update`);
    await rows.run(going);
    await auth.query('commit');
    const left = 'select from auth.rate_limits where expires_at < now() and key in (sha256($1), sha256($2))';
    expect(await db.look(left, ['1', '2'])).toHaveLength(1);
    await rows.run(going);
    expect(await db.look(left, ['1', '2'])).toEqual([]);
  });

  it('is thought of in every table that knows an end', async () => {
    const found = await db.look<{ name: string }>(
      `select distinct c.table_schema || '.' || c.table_name as name from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
        where c.table_schema in ('auth', 'app') and t.table_type = 'BASE TABLE'
          and c.column_name ~ '^((idle_)?expires|(last_)?used|last|retired|locked|finished|failed|deleted|swept)_(at|until)$' order by 1`,
    );
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['auth.sessions', 'auth.guesses']));
    const known = new Set([...EXPIRING.map(({ name }) => name), ...Object.keys(NOT_SWEPT_HERE)]);
    expect(found.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});
