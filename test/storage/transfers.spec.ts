import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Logger } from '@nestjs/common';
import { SlowRequests } from '../../src/modules/storage/drivers/disk/slow-requests.js';
import { TransferLimits } from '../../src/modules/storage/drivers/disk/transfer-limits.js';
import { ObjectFiles } from '../../src/modules/storage/drivers/disk/object-files.js';
import { STORAGE_DRIVER, type StorageDriver, StorageUnavailableError } from '../../src/modules/storage/index.js';
import { startApp, type TestApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { anyKey, sha256, soon, transfer } from '../support/transfer.js';

/* What a slow, greedy or broken other side costs the disk driver. */

const { db } = useDatabase();
const TEXT = 'text/plain';
const MIB = 1024 * 1024;
let app: TestApp;
let driver: StorageDriver;
let limits: TransferLimits;
let slow: SlowRequests;
let folder: string;
const open: ClientRequest[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-transfers-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  app = await startApp(db, { STORAGE_DIR: folder });
  driver = app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
  [limits, slow] = [app.nest.get(TransferLimits, { strict: false }), app.nest.get(SlowRequests, { strict: false })];
  await driver.ready();
});
afterEach(async () => {
  Object.assign(limits, new TransferLimits());
  open.splice(0).forEach((one) => one.destroy());
  await until(async () => (await incoming()).length === 0);
});

/** Files that this process has open. */
const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // closed meanwhile
    }
  });
const incoming = (): Promise<string[]> => readdir(join(folder, 'incoming'));
const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
};
const reach = (url: string): string => app.url + new URL(url).pathname + new URL(url).search;
const uploadTo = async (key: string, size: number, bytes: Buffer | string = '', expiresAt = soon()) => {
  const { url, headers } = await driver.createUpload(key, {
    contentType: TEXT,
    size,
    sha256: sha256(bytes),
    expiresAt,
  });
  return { url: reach(url), headers };
};
/** Sends a byte, and no more. @returns what it is answered */
const begin = ({ url, headers }: { url: string; headers: object }): Promise<{ status?: number; code: string }> => {
  const outgoing = request(url, { method: 'PUT', headers: { ...headers }, agent: false });
  open.push(outgoing.on('error', () => undefined));
  outgoing.write('a');
  return once(outgoing, 'response').then(async ([answer]: IncomingMessage[]) => {
    const { code } = JSON.parse(await text(answer!)) as { code: string };
    return { status: answer!.statusCode!, code };
  });
};
/** Asks for the object and reads nothing of it. */
const stalled = async (key: string): Promise<IncomingMessage> => {
  const url = reach(await driver.downloadUrl(key, { expiresAt: soon(), contentType: TEXT, fileName: 'a' }));
  const outgoing = request(url, { agent: false });
  open.push(outgoing.on('error', () => undefined));
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer.on('error', () => undefined).pause();
};
const put = async (bytes: Buffer): Promise<string> => {
  const key = anyKey();
  await driver.write(key, Readable.from([bytes]), { contentType: TEXT });
  return key;
};

describe('an upload', () => {
  it('is received once at a time, whatever its URL is used for', async () => {
    const upload = await uploadTo(anyKey(), 3, 'abc');
    void begin(upload).catch(() => undefined);
    await until(async () => (await incoming()).length === 1);
    expect(await begin(upload)).toEqual({ status: 409, code: 'upload_under_way' });
    expect(await incoming()).toHaveLength(1);
    open[0]?.destroy();
    await until(async () => (await incoming()).length === 0);
    expect((await transfer(upload.url, 'PUT', upload.headers as Record<string, string>, 'abc')).status).toBe(200);
  });

  it('is one of a few at once of its tenant; others have theirs', async () => {
    limits.uploadsOfTenant = 2;
    const [tenant = ''] = anyKey().split('/');
    for (const _ of [1, 2]) void begin(await uploadTo(anyKey(tenant), 3)).catch(() => undefined);
    await until(async () => (await incoming()).length === 2);
    const refused = await transfer((await uploadTo(anyKey(tenant), 0)).url, 'PUT', { 'content-type': TEXT }, '');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    const other = await uploadTo(anyKey(), 3, 'abc');
    expect((await transfer(other.url, 'PUT', { 'content-type': TEXT }, 'abc')).status).toBe(200);
  });

  it('of which nothing comes any more ends with an answer, and nothing of it stays', async () => {
    limits.idle = 150;
    expect(await begin(await uploadTo(anyKey(), 3))).toEqual({ status: 408, code: 'request_timeout' });
    expect(await incoming()).toEqual([]);
  });

  it('ends with its URL, however little comes of it', async () => {
    limits.idle = 500;
    const answered = begin(await uploadTo(anyKey(), 1_000_000, '', soon(2)));
    const dripping = setInterval(() => open[0]?.write('a'), 50);
    expect(await answered).toEqual({ status: 408, code: 'request_timeout' });
    clearInterval(dripping);
  });

  it('may take as long as its URL lives, and any other request five minutes', () => {
    expect(app.nest.getHttpServer().requestTimeout).toBeGreaterThan(3_600_000);
    expect(slow.limit).toBe(300_000);
  });

  it.each([
    ['POST /v1/auth/login', 408, 'request_timeout'],
    ['POST /v1/deals?/v1/storage/objects/', 408, 'request_timeout'],
    ['PUT /v1/storage/objects/a/b/c', 400, 'validation_failed'],
    ['PUT /v1/storage/objects/a', 404, 'not_found'],
  ])('%s is none: it ends, with %d', async (start, status, code) => {
    slow.limit = 150;
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${start} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`);
    const dripping = setInterval(() => socket.write(' '), 20);
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString())).on('error', () => undefined);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(dripping);
    slow.limit = 300_000;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*"code":"${code}"`, 's'));
  });

  it('is not taken where the volume would be left with less than it must have free', async () => {
    const full = new ObjectFiles(folder, false, Number.MAX_SAFE_INTEGER);
    const received = full.receive(Readable.from(['a']), { size: 1 }, () => Promise.resolve());
    await expect(received).rejects.toBeInstanceOf(StorageUnavailableError);
    expect(await incoming()).toEqual([]);
  });
});

describe('a download', () => {
  const LARGE = randomBytes(24 * MIB);

  it.each([
    ['that nobody reads', 1_500, { idle: 200 }],
    ['that takes far longer than its URL lives', 5_500, { downloadAfterExpiry: -55_000 }], // its URL lives a minute
  ])('%s ends, broken off', async (_, wait, changed) => {
    Object.assign(limits, changed);
    const answer = await stalled(await put(LARGE));
    const before = answer.socket;
    await new Promise((resolve) => setTimeout(resolve, wait)); // nothing is read meanwhile
    let got = 0;
    const ended = new Promise((resolve) => answer.once('close', resolve));
    answer.on('data', (chunk: Buffer) => (got += chunk.length)).resume();
    await ended;
    expect([answer.complete, got < LARGE.length, before.destroyed]).toEqual([false, true, true]);
  });

  it('is one of a few at once of its object, and of all', async () => {
    limits.downloadsOfKey = 2;
    const key = await put(LARGE);
    const url = reach(await driver.downloadUrl(key, { expiresAt: soon(), contentType: TEXT, fileName: 'a' }));
    await Promise.all([stalled(key), stalled(key)]);
    const refused = await transfer(url, 'GET');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
    limits.downloads = 2;
    limits.downloadsOfKey = 32;
    expect((await transfer(url, 'GET')).status).toBe(429);
    open.splice(0).forEach((one) => one.destroy());
    await until(async () => (await transfer(url, 'HEAD')).status === 200);
  });
});

it('content that nobody begins to read is closed', async () => {
  const key = await put(Buffer.from('abc'));
  const held = () => openFiles().filter((path) => path.endsWith(key)).length;
  const content = await driver.read(key);
  expect(held()).toBe(1);
  content.destroy();
  await until(() => held() === 0);
});

describe('a store that is broken', () => {
  it.each(['objects', 'incoming', 'parts'])('says so, and not that nothing is there: %s is no folder', async (name) => {
    const key = await put(Buffer.from('abc'));
    await rename(join(folder, name), join(folder, 'aside'));
    try {
      for (const make of [() => writeFile(join(folder, name), ''), () => rm(join(folder, name))]) {
        await make();
        await expect(driver.ready()).rejects.toBeInstanceOf(StorageUnavailableError);
        if (name !== 'objects') continue;
        await expect(driver.head(key)).rejects.toBeInstanceOf(StorageUnavailableError);
        await expect(driver.move(anyKey(), anyKey(), TEXT)).rejects.toBeInstanceOf(StorageUnavailableError);
        await expect(driver.list('')[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(StorageUnavailableError);
      }
    } finally {
      await rename(join(folder, 'aside'), join(folder, name));
    }
    expect(await driver.head(key)).toEqual({ size: 3 });
  });
});

it('no key of an object stands in the log', async () => {
  const said: string[] = [];
  for (const level of ['warn', 'debug', 'error'] as const)
    jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => void said.push(String(line)));
  const key = anyKey();
  const url = reach(await driver.downloadUrl(key, { expiresAt: soon(), contentType: TEXT, fileName: 'a' }));
  expect((await transfer(url, 'GET')).status).toBe(404);
  jest.restoreAllMocks();
  expect(said).toContainEqual(expect.stringContaining('GET /v1/storage/objects/:tenant/:file/:object'));
  expect(said.join()).not.toContain(key.split('/')[2]);
});
