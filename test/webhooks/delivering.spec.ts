import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Letters } from '../../src/modules/mail/index.js';
import { Names } from '../../src/modules/webhooks/sending/names.js';
import { Sender } from '../../src/modules/webhooks/sending/sender.js';
import { WebhookSweeper } from '../../src/modules/webhooks/sending/webhook-sweeper.js';
import { acting, plantCapability } from '../support/acting.js';
import { startApp, testRing, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { until } from '../support/mail-pod.js';
import { Receiver, status } from '../support/receiver.js';
import { ALLOWED, verified, WebhookCalls } from '../support/webhooks.js';

const { db } = useDatabase();
const { a, b } = db.world;
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
  await db.look('delete from app.webhook_messages');
  await db.look('delete from auth.mail_outbox');
  await withAdmin(db, `delete from pgboss.job where name = 'webhook'`);
});

/** An endpoint of tenant a at the receiver. */
const endpoint = async (events?: string[]): Promise<{ id: string; secret: string }> =>
  (await calls.make(a, receiver.url, events)).body;
const entries = (action: string, id: string): Promise<object[]> =>
  db.look('select actor_type, actor_id, outcome, details from app.audit_log where action = $1 and target_id = $2', [
    action,
    id,
  ]);

const mailed = (): Promise<{ id: string; recipient: string; sealed: string }[]> =>
  db.look(
    `select id, recipient, values_encrypted as sealed from auth.mail_outbox where template = 'webhook-disabled' order by recipient`,
  );

describe('an event', () => {
  it('arrives signed, and says what the audit log says', async () => {
    const { id, secret } = await endpoint();
    const deal = await calls.deal(a);
    await calls.run();
    expect(receiver.requests).toHaveLength(1);
    const [received] = receiver.requests;
    const [delivery] = await calls.deliveries(id);
    expect(verified(secret, received!)).toEqual({
      type: 'deal.created',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        tenantId: a.id,
        targetType: 'deal',
        targetId: deal.id,
        actorId: a.users.admin.id,
        actorType: 'user',
        requestId: deal.requestId,
      },
    });
    expect(received?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': delivery?.message_id });
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, response_status: 204, error_code: null });
    expect(() => verified(secret, { ...received!, body: `${received!.body} ` })).toThrow('signature');
  });

  it('goes to those endpoints of its tenant that want it, once to each, and to no other', async () => {
    const two = [await endpoint(), await endpoint(['deal.deleted', 'deal.created'])];
    const others = [await endpoint(['deal.deleted']), (await calls.make(b, receiver.url)).body];
    await calls.deal(a);
    await calls.run();
    const counts: number[] = [];
    for (const { id } of [...two, ...others]) counts.push((await calls.deliveries(id)).length);
    expect(counts).toEqual([1, 1, 0, 0]);
    const messages = await db.look<{ n: number }>('select count(*)::int as n from app.webhook_messages');
    expect([receiver.requests.length, messages[0]?.n]).toEqual([2, 1]);
  });

  it('that was rolled back, or refused, is told to nobody', async () => {
    const { id } = await endpoint();
    const app = await db.as('app');
    const { cap } = await plantCapability(db, a, a.users.admin, 2);
    await acting(app, cap, async () => {
      await app.query(`select app.record_audit('deal.created', 'deal', $1, '{}', null)`, [id]);
      await app
        .query('select from app.webhook_deliveries where webhook_id = $1', [id])
        .then(({ rowCount }) => expect(rowCount).toBe(1));
    });
    const auth = await db.as('auth');
    await auth.query(
      `select auth.record_audit($1, null, null, null, 'deal.created', 'deal', $2, 'denied', 'permission_missing', 1, '{}', null)`,
      [a.id, id],
    );
    await calls.run();
    expect([await calls.deliveries(id), receiver.requests]).toEqual([[], []]);
    expect(await withAdmin(db, `select from pgboss.job where name = 'webhook'`)).toEqual([]);
  });
});

describe('an endpoint that fails', () => {
  it('is tried again under the same id, later each time, until it answers', async () => {
    const { id, secret } = await endpoint();
    await calls.deal(a);
    const due: number[] = [];
    for (const answer of [
      status(500),
      status(429, { 'retry-after': '1000' }),
      status(302, { location: receiver.url }),
      status(200),
    ]) {
      receiver.answer = answer;
      await calls.run();
      due.push((await calls.deliveries(id))[0]?.due ?? 0);
      await calls.makeDue();
    }
    await calls.run();
    expect(receiver.requests).toHaveLength(4);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const received of receiver.requests) verified(secret, received);
    const within = (value: number | undefined, least: number): void => {
      expect(value).toBeGreaterThan(least - 60);
      expect(value).toBeLessThan(least * 1.2 + 60);
    };
    within(due[1], 1000);
    within(due[2], 1800);
    expect(await calls.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 4, response_status: 200 }]);
  });

  it('is not tried before its time, though the queue has it too early', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    receiver.answer = status(500);
    await calls.run();
    await withAdmin(db, `update app.webhook_deliveries set next_attempt_at = now() + interval '1 hour'`);
    await withAdmin(db, `update pgboss.job set start_after = now() - interval '1 second'`);
    await calls.run();
    expect([receiver.requests.length, (await calls.deliveries(id))[0]?.attempts]).toEqual([1, 1]);
  });

  it('has failed for good after the eighth attempt', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    await withAdmin(db, 'update app.webhook_deliveries set attempts = 7');
    receiver.answer = status(500);
    await calls.run();
    expect(await calls.deliveries(id)).toMatchObject([
      { status: 'failed', attempts: 8, error_code: 'http_status', due: null },
    ]);
    expect(await withAdmin(db, `select from pgboss.job where name = 'webhook' and state < 'completed'`)).toEqual([]);
  });

  it('is disabled at once where it is gone, and what else waits for it fails', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    await calls.deal(a);
    receiver.answer = status(410);
    await calls.run();
    expect(await calls.deliveries(id)).toMatchObject([
      { status: 'failed', attempts: 1, response_status: 410 },
      { status: 'failed', attempts: 0, error_code: 'webhook_disabled' },
    ]);
    await calls.deal(a);
    expect([(await calls.deliveries(id)).length, receiver.requests.length]).toEqual([2, 1]);
    const shown = await held.app.call('GET', `/v1/webhooks/${id}`, { token: await calls.token(a) });
    expect(shown.body).toMatchObject({ status: 'disabled', disabledReason: 'gone' });
  });

  it('is disabled after three days without a success, with a mail to whoever made it and to owners', async () => {
    const { id } = await endpoint();
    const failing = async (since: string): Promise<void> => {
      await calls.deal(a);
      await withAdmin(db, `update app.webhooks set failing_since = now() - $1::interval`, [since]);
      await calls.run();
    };
    receiver.answer = status(500);
    await failing('2 days 23 hours');
    expect(await db.look('select status from app.webhooks')).toEqual([{ status: 'active' }]);
    receiver.answer = status(200);
    await failing('4 days'); // one success
    expect(await db.look('select status, failing_since from app.webhooks')).toEqual([
      { status: 'active', failing_since: null },
    ]);
    expect(await mailed()).toEqual([]);
    receiver.answer = status(500);
    await failing('4 days');
    expect(await db.look('select status, disabled_reason from app.webhooks')).toEqual([
      { status: 'disabled', disabled_reason: 'failing' },
    ]);
    expect(await entries('webhook.disabled', id)).toEqual([
      { actor_type: 'task', actor_id: null, outcome: 'success', details: { reason: 'failing' } },
    ]);
    expect(await entries('database.changed', id)).toEqual([]);
    const mails = await mailed();
    expect(mails.map(({ recipient }) => recipient)).toEqual([a.users.admin.email, a.users.owner.email].sort());
    const text = mails.map((mail) => new Letters(testRing).open(mail.id, mail.sealed).text)[0];
    expect(text).toContain(new URL(receiver.url).host);
    expect(text).toContain('for three days no message arrived there');
  });

  it('waits while its tenant is suspended, and no attempt is counted', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    await db.look(`update app.tenants set status = 'suspended' where id = $1`, [a.id]);
    await calls.run().finally(() => db.look(`update app.tenants set status = 'active' where id = $1`, [a.id]));
    expect(receiver.requests).toEqual([]);
    expect(await calls.deliveries(id)).toMatchObject([{ status: 'pending', attempts: 0 }]);
    await calls.makeDue();
    await calls.run();
    expect(receiver.requests).toHaveLength(1);
  });

  it('whose name leads inward is not reached, and says so by a code', async () => {
    const inner = await Receiver.start('127.0.0.2');
    const { port } = new URL(inner.url);
    const names = held.app.nest.get(Names, { strict: false });
    const real = names.addressesOf.bind(names);
    names.addressesOf = () => Promise.resolve(['127.0.0.2']);
    const { body } = await calls.make(a, `http://partner.example:${port}/`);
    await calls.deal(a);
    await calls.run().finally(() => (names.addressesOf = real));
    await inner.close();
    expect(inner.requests).toEqual([]);
    expect(await calls.deliveries(body.id)).toMatchObject([{ status: 'pending', error_code: 'no_public_address' }]);
  });
});

describe('a worker', () => {
  it('lets another tenant’s endpoint not wait for one that hangs', async () => {
    const held = new Set<string>();
    const open: ServerResponse[] = [];
    receiver.answer = (response, { headers, body }) => {
      if (JSON.parse(body).data.tenantId !== a.id) return void response.writeHead(204).end();
      held.add(String(headers['webhook-id']));
      open.push(response);
    };
    await endpoint();
    const theirs = (await calls.make(b, receiver.url)).body.id;
    for (let n = 0; n < 6; n += 1) await calls.deal(a);
    const places = { WEBHOOK_CONCURRENCY: '3', WEBHOOK_PER_TENANT: '1' };
    const working = await startApp(db, { ...ALLOWED, ...places, JOBS: 'inline' });
    await until(() => held.size > 0); // it says nothing yet
    await calls.deal(b);
    await until(async () => (await calls.deliveries(theirs))[0]?.status === 'delivered');
    expect(held.size).toBeLessThan(3); // one, and one more where two look at the same moment
    receiver.answer = status(204);
    for (const response of open) response.writeHead(204).end();
    await working.nest.close();
  });

  it('that ends while it sends leads to a second copy under the same id', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    const sender = held.app.nest.get(Sender, { strict: false });
    const real = sender.post.bind(sender);
    sender.post = async (...rest) => {
      await real(...rest);
      throw new Error('killed here'); // between the answer and the statement
    };
    await calls.run();
    sender.post = real;
    await withAdmin(db, `update app.webhook_deliveries set attempts = 1`); // a killed one takes nothing back
    await calls.makeDue();
    await calls.run();
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(2).fill((await calls.deliveries(id))[0]?.message_id),
    );
    expect(await calls.deliveries(id)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  it('without the key of a secret sends nothing, and tries again as with every failure', async () => {
    const { id } = await endpoint();
    await calls.deal(a);
    await withAdmin(db, `update auth.webhook_secrets set secret_encrypted = 'k9.' || secret_encrypted`);
    await calls.run();
    expect(receiver.requests).toEqual([]);
    expect(await calls.deliveries(id)).toMatchObject([
      { status: 'pending', attempts: 1, error_code: 'secret_unreadable' },
    ]);
  });

  it('forgets messages after a month, and gives up what the queue has lost', async () => {
    const { id } = await endpoint();
    for (let n = 0; n < 3; n += 1) await calls.deal(a);
    const [old, lost] = await calls.deliveries(id);
    await withAdmin(db, `update app.webhook_messages set created_at = now() - interval '31 days' where id = $1`, [
      old?.message_id,
    ]);
    await withAdmin(db, `update app.webhook_deliveries set created_at = now() - interval '2 hours'`);
    await withAdmin(db, 'delete from pgboss.job where id = $1', [lost?.id]);
    await held.app.nest.get(WebhookSweeper, { strict: false }).run(new AbortController().signal);
    expect(await calls.deliveries(id)).toMatchObject([
      { id: lost?.id, status: 'failed', error_code: 'lost' },
      { status: 'pending', error_code: null },
    ]);
  });
});
