import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();

/** Plants a fault as `role`, expects the boot to name it, and takes it out again. */
async function refusesWith(
  plant: string,
  undo: string,
  message: RegExp,
  role: 'owner' | 'admin' = 'owner',
): Promise<void> {
  const client = await db.as(role);
  await client.query(plant);
  try {
    await expect(startApp(db)).rejects.toThrow(message);
  } finally {
    await client.query(undo);
  }
}

describe('the server refuses to serve', () => {
  it.each([
    [
      'without row level security',
      'alter table app.deals disable row level security',
      'alter table app.deals enable row level security',
      /app\.deals lacks row level security: call app\.protect_table/,
    ],
    [
      'without FORCE',
      'alter table app.roles no force row level security',
      'alter table app.roles force row level security',
      /app\.roles lacks FORCE/,
    ],
    [
      'with a table that nobody protected',
      'create table app.loose (id int)',
      'drop table app.loose',
      /app\.loose lacks row level security and FORCE ROW LEVEL SECURITY and the restrictive tenant fence and a policy/,
    ],
    [
      'with a fence that is permissive',
      `drop policy fence on app.profiles; create policy fence on app.profiles using (true) with check (true)`,
      `call app.protect_table('app.profiles', 'member', p_commands => '{select}')`,
      /app\.profiles lacks the restrictive tenant fence/,
    ],
    [
      'with records whose ownership cannot move',
      'drop policy derive_moves on app.deals',
      'create policy derive_moves on app.deals for update to ringfence_derive using (true)',
      /app\.deals lacks the policies by which ownership is explained and moves: call app\.protect_table\(\.\.\.\), or protect_resource/,
    ],
    [
      'with a view that shows its owner’s rows',
      'create view app.all_deals as select * from app.deals',
      'drop view app.all_deals',
      /app\.all_deals shows rows with its owner's rights/,
    ],
    [
      'with a migration pending',
      `delete from meta.migrations where name like 'CreateDeals%'`,
      `insert into meta.migrations (timestamp, name) values (1764000000008, 'CreateDeals1764000000008')`,
      /migrations are pending \(CreateDeals1764000000008\): run `npm run ringfence/,
    ],
  ])('%s, and says how to mend it', (_, plant, undo, message) => refusesWith(plant, undo, message));

  it('as a member of another role', () =>
    refusesWith(
      'grant ringfence_derive to ringfence_app',
      'revoke ringfence_derive from ringfence_app',
      /is a member of another role/,
      'admin',
    ));

  it.each([
    ['owner', /ringfence_owner owns tables/],
    ['service', /BYPASSRLS/],
    ['admin', /is a superuser/],
  ] as const)('as %s', async (role, message) => {
    await expect(startApp(db, { APP_DATABASE_URL: db.connections[role] })).rejects.toThrow(message);
  });

  it('and serves when nothing is wrong', async () => {
    const app = await startApp(db);
    expect((await app.call('GET', '/readyz')).body).toEqual({ status: 'ok' });
  });
});
