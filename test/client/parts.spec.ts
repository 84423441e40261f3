import { describe, expect, it } from '@jest/globals';
import { createHmac, randomBytes } from 'node:crypto';
import { ConnectionError, verifyWebhook } from '../../clients/typescript/src/index.js';
import { problemOf } from '../../clients/typescript/src/errors.js';
import { delayBeforeRetry } from '../../clients/typescript/src/retry.js';

const within = (value: number | undefined, least: number, most: number): void => {
  expect(value).toBeGreaterThanOrEqual(least);
  expect(value).toBeLessThanOrEqual(most);
};

describe('the wait before the next attempt', () => {
  const read = { method: 'GET', path: '/v1/deals', idempotencyKey: null };
  const refused = (status: number, retryAfter?: string) =>
    problemOf(new Response('', { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }));

  it('is what Retry-After says, in seconds or as a date, and a little more', async () => {
    within(delayBeforeRetry(read, await refused(429, '7'), 1), 7_000, 7_250);
    const date = new Date(Date.now() + 7_000).toUTCString();
    within(delayBeforeRetry(read, await refused(503, date), 1), 5_000, 7_250);
    within(delayBeforeRetry(read, await refused(503, 'Wed, 21 Oct 2015 07:28:00 GMT'), 1), 0, 250);
  });

  it('doubles where nothing is said, each client by another part of it', async () => {
    for (const [attempt, longest] of [
      [1, 250],
      [2, 500],
      [3, 1000],
    ] as const) {
      for (const retryAfter of [undefined, 'soon', '-1', '']) {
        within(delayBeforeRetry(read, await refused(503, retryAfter), attempt), longest / 2, longest);
      }
    }
    const lost = new ConnectionError(false);
    expect(new Set(Array.from({ length: 20 }, () => delayBeforeRetry(read, lost, 1))).size).toBeGreaterThan(1);
    within(delayBeforeRetry(read, lost, 20, { attempts: 99, maxDelayMs: 400 }), 200, 400);
    expect(delayBeforeRetry(read, lost, 4)).toBeUndefined();
  });

  it.each([400, 401, 403, 404, 409, 412, 422, 428, 500])('is none after %i', async (status) => {
    expect(delayBeforeRetry({ ...read, idempotencyKey: 'k' }, await refused(status, '0'), 1)).toBeUndefined();
  });
});

describe('a webhook', () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const body = JSON.stringify({ type: 'deal.created', timestamp: '2026-01-01T00:00:00Z', data: { title: 'Größe ✓' } });
  const now = (): number => Math.floor(Date.now() / 1000);
  const signature = (key: string, text = body, at = now(), id = 'msg_1'): string =>
    `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update(`${id}.${at}.${text}`)
      .digest('base64')}`;
  const headers = (signatures: string, at = now()): Record<string, string> => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at),
    'webhook-signature': signatures,
  });
  const refusal = (reason: string) => ({ name: 'WebhookVerificationError', reason });

  it('that is genuine gives its event, whatever the headers come as', async () => {
    for (const given of [headers(signature(secret)), new Headers(headers(signature(secret)))]) {
      const event = await verifyWebhook<{ title: string }>({ body: Buffer.from(body), headers: given, secret });
      expect(event).toEqual({ ...JSON.parse(body), id: 'msg_1' });
    }
  });

  it('is taken by the old secret and the new one while they overlap', async () => {
    const next = `whsec_${randomBytes(24).toString('base64')}`;
    const both = headers(`${signature(next)} v1a,AAAA ${signature(secret)}`);
    for (const mine of [secret, next, [secret, next]]) {
      await expect(verifyWebhook({ body, headers: both, secret: mine })).resolves.toHaveProperty('id', 'msg_1');
    }
    const other = `whsec_${randomBytes(24).toString('base64')}`;
    await expect(verifyWebhook({ body, headers: both, secret: [other] })).rejects.toMatchObject(
      refusal('signature_wrong'),
    );
  });

  it.each([
    ['another body', { body: `${body} ` }],
    ['another id', { headers: { ...headers(signature(secret)), 'webhook-id': 'msg_2' } }],
    ['another time', { headers: headers(signature(secret), now() - 1) }],
    ['a signature cut short', { headers: headers(signature(secret).slice(0, -4)) }],
    ['no base64', { headers: headers('v1,???') }],
    ['another version', { headers: headers(signature(secret).replace('v1', 'v2')) }],
    ['an empty signature', { headers: headers('v1,') }],
  ])('is refused with %s', async (_, change) => {
    await expect(verifyWebhook({ body, headers: headers(signature(secret)), secret, ...change })).rejects.toMatchObject(
      refusal('signature_wrong'),
    );
  });

  it.each([-301, 301])('is refused %i seconds from now, rightly signed', async (seconds) => {
    const at = now() + seconds + Math.sign(seconds);
    const late = { body, headers: headers(signature(secret, body, at), at), secret };
    await expect(verifyWebhook(late)).rejects.toMatchObject(refusal('timestamp_out_of_range'));
    await expect(verifyWebhook({ ...late, toleranceSeconds: 400 })).resolves.toHaveProperty('type', 'deal.created');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', async (name) => {
    const rest = { ...headers(signature(secret)), [name]: undefined };
    await expect(verifyWebhook({ body, headers: rest, secret })).rejects.toMatchObject(refusal('header_missing'));
  });

  it.each(['1e9', '0x10', '', ' ', 'NaN', '-5'])('is refused at the time %j', async (at) => {
    const given = { ...headers(signature(secret)), 'webhook-timestamp': at };
    await expect(verifyWebhook({ body, headers: given, secret })).rejects.toHaveProperty(
      'name',
      'WebhookVerificationError',
    );
  });

  it('is refused when it is no JSON, and a secret that is none is a mistake of ours', async () => {
    const text = 'signed, but no event';
    await expect(
      verifyWebhook({ body: text, headers: headers(signature(secret, text)), secret }),
    ).rejects.toMatchObject(refusal('body_not_json'));
    for (const wrong of ['whsec_', 'whsec_???', '']) {
      await expect(verifyWebhook({ body, headers: headers(signature(secret)), secret: wrong })).rejects.toThrow(
        TypeError,
      );
    }
    await expect(verifyWebhook({ body, headers: headers(signature(secret)), secret: [] })).rejects.toMatchObject(
      refusal('signature_wrong'),
    );
  });
});
