import { describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ChangeMailDelivery1764000000032 } from '../../migrations/0032-change-mail-delivery.js';
import { migratorOptions } from '../../src/database/migrator.js';
import { plantCapability } from '../support/acting.js';
import { useDatabase } from '../support/database.js';
import { asAdmin, magicLink, outboxOf, somebody, until, useMail } from '../support/mail-pod.js';
import type { Tenant } from '../support/world.js';

const { db } = useDatabase();
const bench = useMail(db);
const outbox = outboxOf(db);
const { a, b } = db.world;
const groups = (): Promise<object[]> =>
  asAdmin(db, `select group_id, priority from pgboss.job where name = 'mail' order by created_on, group_id nulls last`);

/** Commits mails that somebody of a tenant causes, as an invitation is one. @returns their addresses */
async function causedBy(tenant: Tenant, count: number): Promise<string[]> {
  const { cap } = await plantCapability(db, tenant, tenant.users.admin);
  const addresses = Array.from({ length: count }, somebody);
  await bench.desk.auth.transaction(async (tx) => {
    for (const address of addresses) await bench.desk.outbox.enqueue(tx, address, magicLink());
  }, cap);
  return addresses;
}

describe('the queue of mails', () => {
  it('lets neither another tenant nor somebody before a form wait for one tenant’s flood', async () => {
    const release = bench.smtp.hold();
    const flood = await causedBy(a, 20);
    const other = await causedBy(b, 1);
    const waiting = somebody();
    await bench.desk.post(waiting, magicLink());
    await bench.pod();
    for (const address of [...other, waiting]) await bench.smtp.waitFor(({ to }) => to[0] === address); // it says nothing yet
    const begun = bench.smtp.mails.filter(({ to }) => flood.includes(to[0] ?? ''));
    expect(begun.length).toBeLessThanOrEqual(3); // two, and one more where two workers look at the same moment
    release();
    await bench.smtp.waitForAll(22);
    await until(outbox.empty);
    expect(bench.smtp.mails.map(({ to }) => to[0]).sort()).toEqual([...flood, ...other, waiting].sort());
  });

  it('takes the tenant from the context, and puts those first who wait before a form', async () => {
    await causedBy(a, 1);
    await bench.desk.post(somebody(), magicLink());
    await bench.desk.auth.transaction(
      (tx) => bench.desk.outbox.enqueue(tx, somebody(), magicLink()),
      'no-such-capability',
    );
    expect(await groups()).toEqual([
      { group_id: a.id, priority: 0 },
      { group_id: null, priority: 1 },
      { group_id: null, priority: 1 },
    ]);
  });

  it('has nothing of a transaction that was rolled back', async () => {
    const { cap } = await plantCapability(db, a, a.users.admin);
    const failing = bench.desk.auth.transaction(async (tx) => {
      await bench.desk.outbox.enqueue(tx, somebody(), magicLink());
      throw new Error('changed my mind');
    }, cap);
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await groups()).toEqual([]);
  });

  it('is not filled past the outbox by whoever signs nobody in', async () => {
    const app = await db.as('app');
    await expect(app.query('select from pgboss.job')).rejects.toThrow('permission denied for schema pgboss');
    await expect(app.query('select auth.queue_mail()')).rejects.toThrow('permission denied');
    await app.end();
  });

  it('gets the mails that waited before there was one, and those alone', async () => {
    const [waits, failed] = [
      await bench.desk.post(somebody(), magicLink()),
      await bench.desk.post(somebody(), magicLink()),
    ];
    await db.look('update auth.mail_outbox set failed_at = now(), values_encrypted = null where id = $1', [failed]);
    const source = await new DataSource(migratorOptions(db.connections.owner)).initialize();
    const runner = source.createQueryRunner();
    const migration = new ChangeMailDelivery1764000000032();
    await runner.startTransaction();
    await migration.down(runner);
    await migration.up(runner);
    await runner.commitTransaction();
    await source.destroy();
    const jobs = await asAdmin(db, `select id, data, state, priority from pgboss.job where name = 'mail'`);
    expect(jobs).toEqual([{ id: waits, data: { mailId: waits }, state: 'created', priority: 1 }]);
    await bench.pod();
    await until(outbox.gone(waits));
    expect(await outbox.row(failed)).toMatchObject({ failed: true });
  });
});
