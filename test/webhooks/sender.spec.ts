import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createServer as createTcp } from 'node:net';
import { EventEmitter, once } from 'node:events';
import http, { type ClientRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../src/config/index.js';
import { errorOf, errorOfStatus } from '../../src/modules/webhooks/sending/failure.js';
import { Names } from '../../src/modules/webhooks/sending/names.js';
import { Reachable } from '../../src/modules/webhooks/sending/reachable.js';
import { ATTEMPTS, pauseAfter } from '../../src/modules/webhooks/sending/schedule.js';
import { Sender, type Sent } from '../../src/modules/webhooks/sending/sender.js';
import { webhookUrl } from '../../src/modules/webhooks/webhook-url.js';
import { Receiver, status } from '../support/receiver.js';

const reachableFor = (networks = ''): Reachable =>
  new Reachable(loadConfig({ NODE_ENV: 'test', WEBHOOK_ALLOWED_NETWORKS: networks }));
const here = reachableFor('127.0.0.1/32');
const open = new AbortController().signal;

/** Names that resolve to what a test says; each look-up is counted. */
class Zone extends Names {
  asked = 0;
  constructor(private readonly answers: (asked: number) => string[]) {
    super();
  }
  override addressesOf(): Promise<string[]> {
    return Promise.resolve(this.answers((this.asked += 1)));
  }
}
const post = (sender: Sender, url: string): Promise<Sent> => sender.post(url, { 'x-test': '1' }, '{"a":1}', open);

let receiver: Receiver;
/** listens on an address that nobody allowed */
let inner: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
  inner = await Receiver.start('127.0.0.2');
});
afterAll(() => Promise.all([receiver.close(), inner.close()]));
afterEach(() => {
  expect(inner.requests.splice(0)).toEqual([]); // whatever a test does
  receiver.reset();
});

describe('addresses', () => {
  // IANA's special-purpose registries, tunnels and mapped forms
  const inward =
    '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 ' +
    '168.63.129.16 ::ffff:168.63.129.16 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ' +
    '::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::a00:1 2002:7f00:1:: 2001::1 2001:db8::1 ' +
    '3fff::1 fc00::1 fd12::1 fe80::1 fe80::1%1 fec0::1 ff02::1 100::1 5f00::1 4000::1 localhost 1.2.3';

  it.each(inward.split(' '))('of ours are not reached: %s', (address) => {
    expect(reachableFor().allowed(address, 'https:')).toBe(false);
  });

  it.each(['8.8.8.8', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('of the internet are, by https: %s', (address) => {
    expect(reachableFor().allowed(address, 'https:')).toBe(true);
    expect(reachableFor('10.0.0.0/8').allowed(address, 'http:')).toBe(false);
  });

  it('of allowed networks are, whatever way they are written', () => {
    const some = reachableFor('10.2.0.0/16, fd00::/8');
    for (const address of ['10.2.3.4', '::ffff:10.2.3.4', 'fd00::1'])
      for (const protocol of ['http:', 'https:']) expect(some.allowed(address, protocol)).toBe(true);
    for (const address of ['10.3.0.1', '127.0.0.1', 'fc00::1']) expect(some.allowed(address, 'https:')).toBe(false);
  });

  it('allowed by what is no network stop the start', () => {
    expect(() => reachableFor('10.2.0.0')).toThrow('WEBHOOK_ALLOWED_NETWORKS');
  });
});

describe('a URL', () => {
  it.each([
    'http://partner.example/',
    'ftp://partner.example/',
    'file:///etc/passwd',
    'https://user@partner.example/',
    'https://:secret@partner.example/',
    'https://partner.example/#x',
    'https://partner.example/#',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
  ])('is refused: %s', (url) => {
    expect(() => webhookUrl(url, reachableFor())).toThrow('webhook_url_refused');
  });

  it.each([
    '',
    'partner.example',
    'https://',
    'https://[::1',
    'https://a b/',
    'https://x/\n',
    `https://x/${'y'.repeat(2000)}`,
  ])('is none: %j', (url) => {
    expect(() => webhookUrl(url, reachableFor())).toThrow('validation_failed');
  });

  it('is kept in one spelling', () => {
    expect(webhookUrl('HTTPS://Partner.Example:443/ä?c', reachableFor())).toBe('https://partner.example/%C3%A4?c');
  });
});

describe('sending', () => {
  it('posts the body and the headers, to the literal address and to the one that a name stands for', async () => {
    const sender = new Sender(here, new Zone(() => ['127.0.0.1']));
    const { port } = new URL(receiver.url);
    for (const url of [receiver.url, `http://partner.example:${port}/hook`])
      expect(await post(sender, url)).toMatchObject({ status: 204, error: undefined });
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.requests[1]).toMatchObject({
      path: '/hook',
      body: '{"a":1}',
      headers: { 'x-test': '1', connection: 'close' },
    });
    expect(receiver.requests[1]?.headers.host).toBe(`partner.example:${port}`);
  });

  it('does not reach an inner server: by a literal, by a name, by one name of two, or by a name that changes its mind', async () => {
    const { port } = new URL(inner.url);
    const inward = { status: undefined, error: 'no_public_address' };
    expect(await post(new Sender(here, new Names()), inner.url)).toMatchObject({ error: 'url_refused' });
    const zone = new Zone((asked) => (asked === 1 ? ['127.0.0.2', '::1', '::ffff:127.0.0.2'] : ['127.0.0.1']));
    expect({ ...inward, ...(await post(new Sender(here, zone), `http://partner.example:${port}/`)) }).toMatchObject(
      inward,
    );
    const both = new Zone(() => ['127.0.0.2', '127.0.0.1']); // of these one is allowed, where nobody listens at that port
    const sent = await post(new Sender(here, both), `http://partner.example:${port}/`);
    expect(sent).toMatchObject({ error: 'connection_refused' });
    const later = new Zone((asked) => (asked === 1 ? ['127.0.0.1'] : ['127.0.0.2']));
    await post(new Sender(here, later), `http://partner.example:${port}/`);
    expect([both.asked, later.asked]).toEqual([1, 1]); // what was asked about is what is connected to
  });

  it('follows no redirect', async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      receiver.answer = status(code, { location: inner.url });
      expect(await post(new Sender(here, new Names()), receiver.url)).toMatchObject({
        status: code,
        error: 'redirect_refused',
      });
    }
  });

  it('says by a code how it failed, and by nothing that was answered', async () => {
    const sender = new Sender(here, new Names());
    receiver.answer = (response) => void response.writeHead(500).end('a secret');
    expect(Object.keys(await post(sender, receiver.url)).sort()).toEqual([
      'durationMs',
      'error',
      'retryAfter',
      'status',
    ]);
    receiver.answer = (response) => response.destroy();
    expect(await post(sender, receiver.url)).toMatchObject({ error: 'connection_closed' });
    const closed = await Receiver.start();
    await closed.close();
    expect(await post(sender, closed.url)).toMatchObject({ error: 'connection_refused' });
    const tls = receiver.url.replace('http:', 'https:');
    expect((await post(sender, tls)).error).toMatch(/^(tls_failed|connection_closed)$/); // it speaks no TLS
    expect(errorOf({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, false)).toBe('tls_failed');
    expect(errorOf({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, false)).toBe('tls_failed');
    expect([200, 201, 204, 299].map(errorOfStatus)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('bounds time and size: who hangs, drips, never ends, or answers what is no HTTP', async () => {
    const sender = new Sender(here, new Names());
    sender.limitMs = 300;
    receiver.answer = () => undefined;
    expect(await post(sender, receiver.url)).toMatchObject({ error: 'timeout' });
    receiver.answer = (response) => void response.writeHead(200).write('x'); // and no more
    expect(await post(sender, receiver.url)).toMatchObject({ status: 200, error: undefined });
    sender.limitMs = 20_000;
    let written = 0;
    receiver.answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await post(sender, receiver.url)).toMatchObject({ status: 200, error: undefined });
    expect(written).toBeLessThan(32 * 1024 * 1024); // what the system's buffers took
    receiver.answer = (response) => void response.writeHead(200, { x: 'y'.repeat(20_000) }).end();
    expect(await post(sender, receiver.url)).toMatchObject({ error: 'answer_malformed' });
    const babble = createTcp((socket) => void socket.on('error', () => undefined).end('hello\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(babble, 'listening');
    const { port } = babble.address() as AddressInfo;
    expect(await post(sender, `http://127.0.0.1:${port}/`)).toMatchObject({ error: 'answer_malformed' });
    babble.close();
  });

  it.each([
    ['switches protocols', 'HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', { status: 101, error: 'http_status' }],
    ['answers ahead of its answer without end', 'HTTP/1.1 102 x\r\n\r\n'.repeat(50), { error: 'answer_malformed' }],
  ])('ends with one that %s', async (_, bytes, end) => {
    const odd = createTcp((socket) => socket.on('error', () => undefined).once('data', () => socket.write(bytes)));
    await once(odd.listen(0, '127.0.0.1'), 'listening');
    const { port } = odd.address() as AddressInfo;
    expect(await post(new Sender(here, new Names()), `http://127.0.0.1:${port}/`)).toMatchObject(end);
    odd.close();
  }); // prettier-ignore

  it('ends after its time where Node says nothing at all', async () => {
    const sender = new Sender(here, new Names());
    sender.limitMs = 100;
    const request = Object.assign(new EventEmitter(), { end: () => undefined }) as unknown as ClientRequest;
    const silent = jest.spyOn(http, 'request').mockReturnValue(request);
    expect(await post(sender, receiver.url).finally(() => silent.mockRestore())).toMatchObject({ error: 'timeout' });
  });

  it('asks no proxy of the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: inner.url, http_proxy: inner.url });
    const sent = await post(new Sender(here, new Names()), receiver.url).finally(() => (process.env = before));
    expect(sent.status).toBe(204);
  });

  it('reads Retry-After, as seconds and as a date', async () => {
    const sender = new Sender(here, new Names());
    const after = async (value: string): Promise<number | undefined> => {
      receiver.answer = status(503, { 'retry-after': value });
      return (await post(sender, receiver.url)).retryAfter;
    };
    expect(await after('120')).toBe(120);
    expect(await after(new Date(Date.now() + 100_000).toUTCString())).toBeGreaterThan(90);
    for (const none of ['soon', '-5', '0', new Date(0).toUTCString()]) expect(await after(none)).toBeUndefined();
  });

  it('throws, and says nothing, when the process stops', async () => {
    const stop = new AbortController();
    receiver.answer = () => stop.abort(new Error('stopping'));
    await expect(new Sender(here, new Names()).post(receiver.url, {}, '', stop.signal)).rejects.toThrow('stopping');
  });
});

describe('the pauses', () => {
  it('grow to a day in all, and are never shorter than they are', () => {
    const least = Array.from({ length: ATTEMPTS }, (_, n) => pauseAfter(n + 1, 0, 0));
    expect(least).toEqual([5, 300, 1800, 7200, 18000, 36000, 36000, undefined]);
    expect(pauseAfter(2, 0, 1)).toBe(360);
  });

  it('are as long as the receiver asks for, within the schedule', () => {
    expect(pauseAfter(1, 600, 0)).toBe(600);
    expect(pauseAfter(2, 10, 0)).toBe(300);
    expect(pauseAfter(1, 10 ** 8, 0)).toBe(36_000);
    expect(pauseAfter(ATTEMPTS, 600, 0)).toBeUndefined();
  });
});
