import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';

const { db } = useDatabase();

/** Plants a fault as the owner, expects the boot to name it, and takes it out again. */
async function refusesWith(plant: string, undo: string, message: RegExp): Promise<void> {
  const client = await db.as('owner');
  await client.query(plant);
  try {
    await expect(startApp(db)).rejects.toThrow(message);
  } finally {
    await client.query(undo);
  }
}

// What each check finds is shown in checks.spec.ts. Here: that each way in which one can fail stops the boot.
describe('the server refuses to serve', () => {
  it.each([
    [
      'with a table that nobody protected',
      'create table app.loose (id int)',
      'drop table app.loose',
      /Ringfence does not serve on this database:\n {2}- Row level security is off or not forced: app\.loose \(row level security is off\)\.\n {4}Without it every tenant reads.*\n {4}Call app\.protect_table[^]*\n {4}docs\/doctor\/rls-forced\.md\n {2}- [^]*no column tenant_id/,
    ],
    [
      'with a fence that is permissive',
      `drop policy fence on app.profiles; create policy fence on app.profiles using (true) with check (true)`,
      `call app.protect_table('app.profiles', 'member', p_commands => '{select}')`,
      /tenant fence is missing or weaker than it must be: app\.profiles \(the fence is permissive\)/,
    ],
    [
      'with a migration pending, and says nothing else',
      `delete from meta.migrations where name like 'CreateDeals%'; alter table app.deals no force row level security`,
      `insert into meta.migrations (timestamp, name) values (1764000000008, 'CreateDeals1764000000008'); alter table app.deals force row level security`,
      /:\n {2}- migrations are pending \(CreateDeals1764000000008\): run `npm run ringfence[^\n]*$/,
    ],
  ])('%s', (_, plant, undo, message) => refusesWith(plant, undo, message));

  it.each([
    ['owner', /ringfence_owner \(it is a member[^]*ringfence_owner \(it owns something/],
    ['service', /ringfence_service \(it is not bound by row level security \(BYPASSRLS\)/],
    ['admin', /postgres \(it is a superuser/],
  ] as const)('as %s', async (role, message) => {
    await expect(startApp(db, { APP_DATABASE_URL: db.connections[role] })).rejects.toThrow(message);
  });

  it('with a context before anybody asks', async () => {
    const url = `${db.connections.app}?options=${encodeURIComponent('-c app.cap=x')}`;
    await expect(startApp(db, { APP_DATABASE_URL: url, DATABASE_STARTUP_OPTIONS: 'false' })).rejects.toThrow(
      /has a context before anybody asks: app\.cap/,
    );
  });

  it('and serves when nothing is wrong', async () => {
    const app = await startApp(db);
    expect((await app.call('GET', '/readyz')).body).toEqual({ status: 'ok' });
  });
});
