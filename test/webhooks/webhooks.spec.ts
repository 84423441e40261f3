import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { auditCatalogue } from '../../src/route/index.js';
import { acting, plantCapability } from '../support/acting.js';
import { type Answer, useApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { withAdmin } from '../support/jobs.js';
import { Receiver, status } from '../support/receiver.js';
import { ALLOWED, verified, WebhookCalls } from '../support/webhooks.js';

const { db } = useDatabase();
const { a, b } = db.world;
const held = useApp(db, ALLOWED);
let calls: WebhookCalls;
let receiver: Receiver;
let token: string;
beforeAll(async () => {
  calls = new WebhookCalls({ app: held.app, db });
  receiver = await Receiver.start();
  token = await calls.token(a);
});
afterAll(() => receiver.close());
afterEach(async () => {
  receiver.reset();
  await db.look('delete from app.webhooks');
  await withAdmin(db, `delete from pgboss.job where name = 'webhook'`);
});

const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
  held.app.call(method, `/v1/webhooks${path}`, { token, body, headers });
const ANY = { 'if-match': '*' };
const own = async (): Promise<{ id: string; secret: string }> => (await calls.make(a, receiver.url)).body;
/** One that has been sent, and what became of it. */
const sent = async (id: string): Promise<string> => {
  await calls.deal(a);
  await calls.run();
  return (await calls.deliveries(id))[0]?.id ?? '';
};

describe('webhooks', () => {
  it('are made, read, listed, changed under If-Match, and deleted', async () => {
    const body = { url: receiver.url, events: ['deal.created'], description: 'CRM' };
    const made = await ask('POST', '', body);
    expect([made.status, made.headers.get('etag'), made.headers.get('cache-control')]).toEqual([
      201,
      '"v1"',
      'no-store',
    ]);
    const { secret, ...view } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(view).toMatchObject({
      ...body,
      status: 'active',
      disabledReason: null,
      failingSince: null,
      createdBy: a.users.admin.id,
    });
    expect(made.headers.get('location')).toBe(`/v1/webhooks/${view.id}`);
    expect((await ask('GET', `/${view.id}`)).body).toEqual(view);
    expect((await ask('GET', '')).body).toEqual({ items: [view], nextCursor: null });
    expect((await ask('PATCH', `/${view.id}`, { description: '' })).status).toBe(428);
    const changed = await ask(
      'PATCH',
      `/${view.id}`,
      { description: '', events: ['deal.deleted'] },
      { 'if-match': '"v1"' },
    );
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(changed.body).toMatchObject({ description: '', events: ['deal.deleted'], url: receiver.url });
    expect((await ask('PATCH', `/${view.id}`, { description: 'x' }, { 'if-match': '"v1"' })).status).toBe(412);
    expect((await ask('DELETE', `/${view.id}`, undefined, { 'if-match': '"v1"' })).status).toBe(412);
    expect((await ask('DELETE', `/${view.id}`, undefined, ANY)).status).toBe(204);
    expect((await ask('GET', `/${view.id}`)).status).toBe(404);
    expect(await db.look('select from auth.webhook_secrets')).toEqual([]);
  });

  it('tell of events that stand in the audit log, and of no other', async () => {
    const { items } = (await ask('GET', '/event-types')).body;
    const actions = new Map(auditCatalogue().map(({ code, description }) => [code, description]));
    expect(items.length).toBeGreaterThan(10);
    for (const { type, description } of items) expect([type, description]).toEqual([type, actions.get(type)]);
    for (const events of [['deal.imagined'], ['session.signed_in'], ['webhook.test'], []])
      expect((await ask('POST', '', { url: receiver.url, events })).body).toMatchObject({
        status: 400,
        code: 'event_type_unknown',
      });
    expect((await ask('POST', '', { url: receiver.url, events: ['*'] })).body.code).toBe('validation_failed');
  });

  it.each([
    ['https://10.0.0.1/', 422, 'webhook_url_refused'],
    ['https://[::ffff:169.254.169.254]/', 422, 'webhook_url_refused'],
    ['https://a:b@example.com/', 422, 'webhook_url_refused'],
    ['example.com', 400, 'validation_failed'],
  ])('are not sent to %s', async (url, code, problem) => {
    const { id } = await own();
    for (const answer of [await calls.make(a, url), await ask('PATCH', `/${id}`, { url }, ANY)])
      expect(answer.body).toMatchObject({ status: code, code: problem });
  });

  it('are twenty in a tenant at most, made at once too', async () => {
    const answers = await Promise.all(
      Array.from({ length: 22 }, () => ask('POST', '', { url: receiver.url, events: ['deal.created'] })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(20).fill(201), 409, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('too_many_webhooks');
    expect((await calls.make(b, receiver.url)).status).toBe(201);
  });

  it('of another tenant are as those that never were', async () => {
    const theirs = (await calls.make(b, receiver.url)).body.id;
    await calls.deal(b);
    const [delivery] = await calls.deliveries(theirs);
    for (const [id, deliveryId] of [
      [theirs, delivery?.id],
      [randomUUID(), randomUUID()],
    ] as const) {
      const answers = [
        await ask('GET', `/${id}`),
        await ask('PATCH', `/${id}`, { description: 'x' }, ANY),
        await ask('DELETE', `/${id}`, undefined, ANY),
        await ask('POST', `/${id}/rotate-secret`, {}),
        await ask('POST', `/${id}/test`),
        await ask('GET', `/${id}/deliveries`),
        await ask('GET', `/${id}/deliveries/${deliveryId}`),
        await ask('POST', `/${id}/deliveries/${deliveryId}/replay`),
      ];
      expect(answers.map((answer) => [answer.status, answer.body.code])).toEqual(Array(8).fill([404, 'not_found']));
    }
    const mine = (await own()).id;
    expect((await ask('GET', `/${mine}/deliveries/${delivery?.id}`)).status).toBe(404);
    expect((await ask('POST', `/${mine}/deliveries/${delivery?.id}/replay`)).status).toBe(404);
  });

  it('need a second factor to be changed, by the database’s word, too; a test and a replay do not', async () => {
    const { id } = await own();
    const delivery = await sent(id);
    token = await calls.token(a, 1);
    try {
      for (const answer of [
        await ask('POST', '', { url: receiver.url, events: ['deal.created'] }),
        await ask('PATCH', `/${id}`, { description: 'x' }, ANY),
        await ask('DELETE', `/${id}`, undefined, ANY),
        await ask('POST', `/${id}/rotate-secret`, {}),
      ])
        expect(answer.body).toMatchObject({ status: 403, code: 'aal2_required' });
      const app = await db.as('app');
      const { cap } = await plantCapability(db, a, a.users.admin, 1);
      for (const [text, ...values] of [
        [`select app.create_webhook('https://x.example/', '{deal.created}', '', $1, '')`, id],
        [`select app.update_webhook($1, null, null, 'x', null, null)`, id],
        ['select app.delete_webhook($1, null)', id],
        [`select app.rotate_webhook_secret($1, 0, $1, '')`, id],
      ])
        await acting(app, cap, () => expect(app.query(text ?? '', values)).rejects.toMatchObject({ code: 'RF004' }));
      expect((await ask('POST', `/${id}/test`)).status).toBe(202);
      expect((await ask('POST', `/${id}/deliveries/${delivery}/replay`)).status).toBe(202);
    } finally {
      token = await calls.token(a);
    }
  });
});

describe('a secret', () => {
  it('is rotated with an overlap, in which both sign', async () => {
    const first = await own();
    const second = await ask('POST', `/${first.id}/rotate-secret`, { overlapSeconds: 3600 });
    expect([second.status, second.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(Date.parse(second.body.previousUntil) - Date.now()).toBeGreaterThan(3_500_000);
    await sent(first.id);
    expect(receiver.requests[0]?.headers['webhook-signature']?.toString().split(' ')).toHaveLength(2);
    for (const secret of [first.secret, second.body.secret]) verified(secret, receiver.requests[0]!);
    const third = await ask('POST', `/${first.id}/rotate-secret`, {}); // a day; the first one ends
    await calls.deal(a);
    await calls.run();
    for (const secret of [second.body.secret, third.body.secret]) verified(secret, receiver.requests[1]!);
    expect(() => verified(first.secret, receiver.requests[1]!)).toThrow('signature');
    await withAdmin(
      db,
      `update auth.webhook_secrets set expires_at = now() - interval '1 second' where expires_at is not null`,
    );
    await calls.deal(a);
    await calls.run();
    expect(() => verified(second.body.secret, receiver.requests[2]!)).toThrow('signature');
    const fourth = await ask('POST', `/${first.id}/rotate-secret`, { overlapSeconds: 0 });
    await calls.deal(a);
    await calls.run();
    verified(fourth.body.secret, receiver.requests[3]!);
    expect(() => verified(third.body.secret, receiver.requests[3]!)).toThrow('signature');
  });

  it('is shown once, and stands in no log, nor in the clear in the database', async () => {
    const { id, secret } = await own();
    const rotated = (await ask('POST', `/${id}/rotate-secret`, {})).body.secret as string;
    await sent(id);
    const shown = JSON.stringify([
      (await ask('GET', '')).body,
      (await ask('GET', `/${id}`)).body,
      (await ask('GET', `/${id}/deliveries`)).body,
    ]);
    const kept = JSON.stringify([
      await db.look('select to_jsonb(s) from auth.webhook_secrets s'),
      await db.look(
        'select to_jsonb(l), to_jsonb(c) from app.audit_log l left join app.audit_changes c on c.entry_id = l.id',
      ),
    ]);
    for (const one of [secret, rotated]) for (const text of [shown, kept]) expect(text).not.toContain(one.slice(6, -1));
    const app = await db.as('app');
    await expect(app.query('select from auth.webhook_secrets')).rejects.toThrow('permission denied');
    await expect(app.query(`select auth.begin_delivery($1, $1, 8)`, [a.id])).rejects.toThrow('permission denied');
    await expect(app.query('select app.queue_deliveries($1, $1, $2)', [a.id, [a.id]])).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('deliveries', () => {
  it('are listed, filtered and read with what was sent', async () => {
    const { id } = await own();
    const first = await sent(id);
    receiver.answer = status(500);
    await calls.deal(a);
    await calls.run();
    const all = (await ask('GET', `/${id}/deliveries`)).body.items;
    expect(all).toMatchObject([
      {
        status: 'pending',
        attempts: 1,
        responseStatus: 500,
        errorCode: 'http_status',
        type: 'deal.created',
        webhookId: id,
      },
      { id: first, status: 'delivered', attempts: 1, responseStatus: 204, errorCode: null, nextAttemptAt: null },
    ]);
    expect(all[0].nextAttemptAt > all[0].lastAttemptAt).toBe(true);
    expect((await ask('GET', `/${id}/deliveries?status=delivered`)).body.items).toEqual([all[1]]);
    const page = await ask('GET', `/${id}/deliveries?limit=1`);
    expect(page.headers.get('link')).toContain('rel="next"');
    expect((await ask('GET', `/${id}/deliveries?cursor=${page.body.nextCursor}`)).body.items).toEqual([all[1]]);
    const { payload, ...rest } = (await ask('GET', `/${id}/deliveries/${first}`)).body;
    expect(rest).toEqual(all[1]);
    expect(payload).toEqual(JSON.parse(receiver.requests[0]!.body));
  });

  it('are replayed under the same id, once they are over', async () => {
    const { id, secret } = await own();
    const first = await sent(id);
    const again = await ask('POST', `/${id}/deliveries/${first}/replay`);
    expect(again).toMatchObject({ status: 202, body: { status: 'pending', attempts: 0 } });
    expect((await ask('POST', `/${id}/deliveries/${again.body.id}/replay`)).body).toMatchObject({
      status: 409,
      code: 'delivery_pending',
    });
    await calls.run();
    const [one, two] = receiver.requests;
    expect([two?.headers['webhook-id'], two?.body]).toEqual([one?.headers['webhook-id'], one?.body]);
    verified(secret, two!);
    await ask('PATCH', `/${id}`, { status: 'disabled' }, ANY);
    for (const path of [`/deliveries/${first}/replay`, '/test'])
      expect((await ask('POST', `/${id}${path}`)).body).toMatchObject({ status: 409, code: 'webhook_disabled' });
  });

  it('of a test are of the type webhook.test', async () => {
    const { id, secret } = await own();
    const asked = await ask('POST', `/${id}/test`);
    expect(asked).toMatchObject({ status: 202, body: { type: 'webhook.test', status: 'pending' } });
    await calls.run();
    expect(verified(secret, receiver.requests[0]!)).toMatchObject({
      type: 'webhook.test',
      data: {
        tenantId: a.id,
        targetType: 'webhook',
        targetId: id,
        actorId: a.users.admin.id,
        requestId: asked.headers.get('x-request-id'),
      },
    });
  });

  it('begin again where an endpoint is made active again, its failing forgotten', async () => {
    const { id } = await own();
    await withAdmin(db, `update app.webhooks set failing_since = now() - interval '9 days'`);
    expect((await ask('PATCH', `/${id}`, { status: 'disabled' }, ANY)).body).toMatchObject({
      status: 'disabled',
      disabledReason: 'by_hand',
    });
    await calls.deal(a);
    const active = await ask('PATCH', `/${id}`, { status: 'active' }, ANY);
    expect(active.body).toMatchObject({ status: 'active', disabledReason: null, failingSince: null });
    await sent(id);
    expect(receiver.requests).toHaveLength(1); // what was done meanwhile is not made up for
  });
});
