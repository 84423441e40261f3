import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { BacklogSweeper } from '../../src/modules/webhooks/sending/backlog-sweeper.js';
import { acting, plantCapability } from '../support/acting.js';
import { useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { until } from '../support/mail-pod.js';
import { Receiver } from '../support/receiver.js';
import { ALLOWED, WebhookCalls } from '../support/webhooks.js';

const { db } = useDatabase();
const { a } = db.world;
const held = useApp(db, ALLOWED);
let calls: WebhookCalls;
let receiver: Receiver;
beforeAll(async () => {
  calls = new WebhookCalls({ app: held.app, db });
  receiver = await Receiver.start();
});
afterAll(() => receiver.close());
afterEach(async () => {
  receiver.reset();
  await db.look('delete from app.webhooks');
  await db.look('delete from auth.mail_outbox');
  await withAdmin(db, `delete from pgboss.job where name = 'webhook'`);
});

const endpoint = async (): Promise<string> => (await calls.make(a, receiver.url)).body.id;
const sweep = (): Promise<void> =>
  held.app.nest.get(BacklogSweeper, { strict: false }).run(new AbortController().signal);
const remove = (id: string): Promise<{ status: number }> =>
  calls
    .token(a)
    .then((token) => held.app.call('DELETE', `/v1/webhooks/${id}`, { token, headers: { 'if-match': '*' } }));
const queued = (): Promise<object[]> => withAdmin(db, `select state from pgboss.job where name = 'webhook'`);
const mails = (): Promise<object[]> => db.look(`select from auth.mail_outbox where template = 'webhook-disabled'`);
/** Deliveries that wait, as many as may, with the message of the one that there is. */
const fill = (webhook: string, age = '0 s'): Promise<object[]> =>
  withAdmin(
    db,
    `insert into app.webhook_deliveries (tenant_id, webhook_id, message_id, created_at)
      select d.tenant_id, d.webhook_id, d.message_id, now() - $2::interval
        from app.webhook_deliveries d, generate_series(2, 2000) where d.webhook_id = $1`,
    [webhook, age],
  );

describe('a full backlog', () => {
  it('takes no more: what comes has failed, can be read, and is not queued', async () => {
    const [full, other] = [await endpoint(), await endpoint()];
    await calls.deal(a);
    await fill(full);
    await withAdmin(db, 'delete from pgboss.job');
    await calls.deal(a);
    expect((await calls.deliveries(full)).slice(-1)).toMatchObject([
      { status: 'failed', error_code: 'backlog', due: null },
    ]);
    expect([(await calls.deliveries(other)).at(-1)?.status, (await queued()).length]).toEqual(['pending', 1]);
  });

  it('that is not worked off disables the webhook, by a mail a day at most; one that is new does not', async () => {
    const id = await endpoint();
    for (const told of [2, 2]) {
      await withAdmin(db, 'delete from app.webhook_deliveries');
      await calls.deal(a);
      await fill(id);
      await sweep();
      expect(await db.look('select status from app.webhooks')).toEqual([{ status: 'active' }]);
      await withAdmin(db, `update app.webhook_deliveries set created_at = now() - interval '11 min'`);
      await sweep();
      expect(await db.look('select status, disabled_reason from app.webhooks')).toEqual([
        { status: 'disabled', disabled_reason: 'backlog' },
      ]);
      const [left] = await db.look(`select count(*)::int as n from app.webhook_deliveries where status = 'pending'`);
      expect([left, await queued(), (await mails()).length]).toEqual([{ n: 0 }, [], told]);
      await withAdmin(db, `update app.webhooks set status = 'active', disabled_reason = null`);
    }
    const entries = await db.look(`select details from app.audit_log where action = 'webhook.disabled' and target_id = $1`, [id]);
    expect(entries).toEqual(Array(2).fill({ details: { reason: 'backlog' } }));
  }); // prettier-ignore

  it('of a disabled or deleted webhook leaves the queue at once; what was under way says how it went', async () => {
    const [stopped, gone] = [await endpoint(), await endpoint()];
    await calls.deal(a);
    await withAdmin(db, `update app.webhooks set status = 'disabled', disabled_reason = 'by_hand' where id = $1`, [stopped]);
    expect([(await remove(gone)).status, (await queued()).length]).toEqual([204, 1]);
    await sweep();
    expect(await calls.deliveries(stopped)).toMatchObject([{ status: 'failed', error_code: 'webhook_disabled' }]);
    expect(await queued()).toEqual([]);
    const slow = await endpoint();
    await calls.deal(a);
    receiver.answer = (response) =>
      void withAdmin(db, `update app.webhooks set status = 'disabled', disabled_reason = 'by_hand'`)
        .then(sweep)
        .then(() => response.writeHead(204).end());
    await calls.run();
    expect(await calls.deliveries(slow)).toMatchObject([{ status: 'delivered', attempts: 1, error_code: null }]);
  }); // prettier-ignore
});

describe('a webhook that is deleted', () => {
  /** Until a statement waits for a lock. */
  const waits = (): Promise<void> =>
    until(async () => (await withAdmin(db, `select from pg_stat_activity where wait_event_type = 'Lock'`)).length > 0);

  it('fails no change that is made meanwhile, and waits for those that told it', async () => {
    const id = await endpoint();
    const admin = await db.as('admin');
    await admin.query('begin');
    await admin.query('delete from app.webhooks where id = $1', [id]);
    const made = calls.deal(a); // throws where it is none
    await waits();
    await admin.query('commit');
    await made;
    const next = await endpoint();
    const app = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.admin, 2);
    let removed: Promise<{ status: number }> | undefined;
    await acting(app, cap, async () => {
      await app.query(`select app.record_audit('deal.created', 'deal', $1, '{}', null)`, [randomUUID()]);
      removed = remove(next);
      await waits();
    });
    expect((await removed)?.status).toBe(204);
  });

  it('and the end of its delivery lock in one order', async () => {
    const id = await endpoint();
    await calls.deal(a);
    await withAdmin(db, 'update app.webhook_deliveries set attempts = 1');
    const [delivery] = await calls.deliveries(id);
    const holder = await db.as('admin');
    await holder.query('begin');
    await holder.query('select from app.webhooks where id = $1 for update', [id]);
    const auth = await db.as('auth');
    const ended = auth.query(
      `select auth.finish_delivery($1, $2, 1, false, 500, 'http_status', 1, 300, '3 days')`,
      [a.id, delivery?.id],
    );
    await waits();
    await holder.query('delete from app.webhooks where id = $1', [id]); // a deadlock, if it held the delivery
    await holder.query('commit');
    expect((await ended).rowCount).toBe(1);
  }); // prettier-ignore
});

describe('what the database itself sees to', () => {
  it('is the number of webhooks, and that no URL stands in the log', async () => {
    const { body } = await calls.make(a, `${receiver.url}/canary`);
    const token = await calls.token(a);
    await held.app.call('PATCH', `/v1/webhooks/${body.id}`, { token, body: { url: `${receiver.url}/canary2` }, headers: { 'if-match': '*' } });
    const kept = JSON.stringify(await db.look('select to_jsonb(l), to_jsonb(c) from app.audit_log l left join app.audit_changes c on c.entry_id = l.id'));
    expect([kept.includes('canary'), kept.includes('"url": "[masked]"') || kept.includes('"url":"[masked]"')]).toEqual([false, true]);
    const app = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.admin, 2);
    await acting(app, cap, async () => {
      const made: unknown[] = [];
      for (let n = 1; n <= 20; n += 1) {
        const { rows } = await app.query(`select app.create_webhook('https://x.example/', '{deal.created}', '', $1, 'x') as id`, [randomUUID()]);
        made.push(rows[0].id);
      }
      expect([made.filter(Boolean).length, made[19]]).toEqual([19, null]);
    });
  }); // prettier-ignore
});
