import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { KeyRing } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { ObjectFiles } from '../../src/modules/storage/drivers/disk/object-files.js';
import { SignedUrls } from '../../src/modules/storage/drivers/disk/signed-urls.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { startApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { diskStore, type Store } from '../support/stores.js';
import { anyKey, sha256, soon, transfer } from '../support/transfer.js';

const { db } = useDatabase();
const TEXT = 'text/plain';
let store: Store;
beforeAll(async () => {
  store = await diskStore(db);
});
afterAll(() => store.close());

const at = (...path: string[]): string => join(store.folder, ...path);
const put = async (bytes: string | Buffer): Promise<string> => {
  const key = anyKey();
  await store.driver.write(key, Readable.from([Buffer.from(bytes)]), { contentType: TEXT });
  return key;
};
const urlTo = async (key: string): Promise<string> =>
  store.reach(await store.driver.downloadUrl(key, { expiresAt: soon(), contentType: TEXT, fileName: 'a.txt' }));
const uploadOf = async (size: number, bytes: Buffer | string = '') => {
  const key = anyKey();
  const terms = { contentType: TEXT, size, sha256: sha256(bytes), expiresAt: soon() };
  const { url, headers } = await store.driver.createUpload(key, terms);
  return { key, url: store.reach(url), headers };
};
const incoming = (): string[] => readdirSync(at('incoming'));
const problem = ({ bytes }: { bytes: Buffer }): { code: string } => JSON.parse(bytes.toString()) as { code: string };
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('an upload to the disk', () => {
  it('in chunks is held to its size', async () => {
    for (const [body, status, code] of [
      ['abcd', 413, 'content_too_large'],
      ['ab', 400, 'content_incomplete'],
    ] as const) {
      const { key, url, headers } = await uploadOf(3);
      const answer = await transfer(url, 'PUT', headers, body);
      expect([answer.status, problem(answer).code]).toEqual([status, code]);
      expect([await store.driver.head(key), incoming()]).toEqual([undefined, []]);
    }
  });

  it('that is far too large is told so, and not read to its end', async () => {
    const { url, headers } = await uploadOf(3);
    const body = randomBytes(30_000_000);
    const refused = await transfer(url, 'PUT', { ...headers, 'content-length': String(body.length) }, body);
    expect([refused.status, incoming()]).toEqual([413, []]);
    const chunked = await transfer(url, 'PUT', headers, body);
    expect([chunked.status, incoming()]).toEqual([413, []]);
  });

  it('that breaks off leaves nothing', async () => {
    const { key, url, headers } = await uploadOf(1_000_000);
    const outgoing = request(url, { method: 'PUT', headers, agent: false });
    outgoing.on('error', () => undefined);
    outgoing.write(randomBytes(500_000));
    await until(() => incoming().length === 1);
    outgoing.destroy();
    await until(() => incoming().length === 0);
    expect(await store.driver.head(key)).toBeUndefined();
  });

  it('holds no connection to the database while bytes move', async () => {
    const admin = await db.as('admin');
    const body = Buffer.from('abc');
    const { key, url, headers } = await uploadOf(3, body);
    const outgoing = request(url, { method: 'PUT', headers, agent: false });
    const answered = new Promise<number | undefined>((resolve) =>
      outgoing.on('response', (incoming) => resolve(incoming.resume().statusCode)),
    );
    outgoing.write(body.subarray(0, 2));
    await until(() => incoming().length === 1);
    const { rows } = await admin.query(
      `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    outgoing.end(body.subarray(2));
    expect([rows, await answered, await store.driver.head(key)]).toEqual([[], 200, { size: 3 }]);
  });

  it('is nobody else’s to read, on the disk', async () => {
    const key = await put('abc');
    for (const folder of ['objects', 'incoming', 'parts', `objects/${dirname(key)}`])
      expect(statSync(at(folder)).mode & 0o777).toBe(0o700);
    expect(statSync(at('objects', key)).mode & 0o777).toBe(0o600);
  });
});

describe('a URL to the disk', () => {
  const ring = (current: string, ...ids: string[]): KeyRing =>
    new KeyRing(current, new Map(ids.map((id) => [id, Buffer.alloc(32, id)])));
  const grant = { method: 'GET', key: anyKey(), expires: 9_999_999_999, contentType: TEXT, disposition: 'a' } as const;
  const signed = (from: KeyRing): string =>
    new URL(new SignedUrls('http://x', from, new Clock()).urlOf(grant)).searchParams.get('signature') ?? '';
  const reads = (by: KeyRing, signature: string): unknown =>
    new SignedUrls('http://x', by, new Clock()).read(signature, 'GET', grant.key);

  it('outlives a change of the current key, and not the key', () => {
    const signature = signed(ring('k1', 'k1'));
    expect(reads(ring('k2', 'k2', 'k1'), signature)).toEqual(grant);
    expect(reads(ring('k2', 'k2'), signature)).toBeUndefined();
  });

  it('is worth nothing with one character more, fewer or changed', () => {
    const own = ring('k1', 'k1');
    const signature = signed(own);
    expect(reads(own, signature)).toEqual(grant);
    const altered = signature.split('').map((character, n) => {
      return signature.slice(0, n) + (character === 'A' ? 'B' : 'A') + signature.slice(n + 1);
    });
    for (const one of [
      ...altered,
      `${signature}A`,
      `${signature}=`,
      `${signature}.`,
      `.${signature}`,
      signature.slice(1),
    ])
      expect(reads(own, one)).toBeUndefined();
    for (const one of ['', '.', 'a', 'a.b', signature.slice(0, -1)]) expect(reads(own, one)).toBeUndefined();
  });

  it('has one parameter, and it has it once', async () => {
    const url = await urlTo(await put('abc'));
    const [path = ''] = url.split('?');
    expect((await transfer(path, 'GET')).status).toBe(400);
    expect((await transfer(`${url}&a=b`, 'GET')).status).toBe(400);
    expect((await transfer(`${url}&signature=a`, 'GET')).status).toBe(400);
    expect((await transfer(`${path}?signature=a.b`, 'GET')).status).toBe(403);
    for (const method of ['POST', 'DELETE', 'PATCH']) expect((await transfer(url, method)).status).toBe(404);
  });
});

describe('a download from the disk', () => {
  let url: string;
  beforeAll(async () => {
    url = await urlTo(await put('0123456789'));
  });
  const get = (headers: Record<string, string>, method = 'GET') => transfer(url, method, headers);

  it('runs nothing and is taken for nothing else', async () => {
    const { headers } = await get({});
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'content-length': '10',
    });
    expect(headers['etag']).toMatch(/^"/);
  });

  it.each([
    ['the end', 'bytes=-3', 206, '789'],
    ['more than all of the end', 'bytes=-99', 206, '0123456789'],
    ['from the last byte', 'bytes=9-', 206, '9'],
    ['what ends before it begins: all', 'bytes=5-4', 200, '0123456789'],
    ['two ranges: all', 'bytes=0-1,4-5', 200, '0123456789'],
    ['another unit: all', 'lines=20-', 200, '0123456789'],
    ['no range: all', 'bytes=b-a', 200, '0123456789'],
  ])('answers %s', async (_what, range, status, text) => {
    const answer = await get({ range });
    expect([answer.status, answer.bytes.toString()]).toEqual([status, text]);
  });

  it('answers a range behind the end as a problem', async () => {
    for (const range of ['bytes=10-', 'bytes=10-20', 'bytes=-0']) expect((await get({ range })).status).toBe(416);
    const answer = await get({ range: 'bytes=99-' });
    expect([answer.status, problem(answer).code]).toEqual([416, 'range_not_satisfiable']);
    expect(answer.headers).toMatchObject({
      'content-range': 'bytes */10',
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(answer.headers).not.toHaveProperty('content-disposition');
  });

  it('answers a part only of what the client has the rest of', async () => {
    const etag = (await get({})).headers['etag'] ?? '';
    for (const [condition, status] of [
      [etag, 206],
      [`W/${etag}`, 200],
      ['"another"', 200],
      [new Date().toUTCString(), 200],
    ] as const)
      expect((await get({ range: 'bytes=0-1', 'if-range': condition })).status).toBe(status);
  });

  it('heeds conditions, in their order', async () => {
    const etag = (await get({})).headers['etag'] ?? '';
    for (const [headers, status] of [
      [{ 'if-match': `"a", ${etag}` }, 200],
      [{ 'if-match': '*' }, 200],
      [{ 'if-match': '"a"' }, 412],
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-match': '"a"', 'if-none-match': etag }, 412],
      [{ 'if-none-match': `"a", W/${etag}` }, 304],
      [{ 'if-none-match': '*', range: 'bytes=99-' }, 304],
    ] as const)
      expect([headers, (await get(headers)).status]).toEqual([headers, status]);
  });

  it('answers HEAD as GET, without the content', async () => {
    const answer = await get({ range: 'bytes=0-1' }, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.bytes.length]).toEqual([200, '10', 0]);
    expect(answer.headers['content-disposition']).toBe('attachment; filename=a.txt');
  });

  it('keeps no file open: whole, in part, unread or broken off', async () => {
    const big = await urlTo(await put(randomBytes(20_000_000)));
    const open = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(join('/proc/self/fd', fd)).startsWith(at('objects'));
        } catch {
          return false;
        }
      }).length;
    for (let n = 0; n < 3; n += 1) {
      await get({});
      await get({ range: 'bytes=0-1' });
      await get({ range: 'bytes=99-' });
      await get({ 'if-none-match': '*' });
      await get({}, 'HEAD');
      await new Promise<void>((resolve, reject) => {
        const outgoing = request(big, { agent: false }, (answer) => {
          answer.once('data', () => {
            expect(open()).toBe(1);
            answer.destroy();
            resolve();
          });
        });
        outgoing.on('error', reject).end();
      });
    }
    await until(() => open() === 0);
  });
});

describe('a link on the disk', () => {
  it('is not followed: to a file, or on the way to one', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'ringfence-outside-'));
    const [key, behind] = [anyKey(), anyKey()];
    const [tenant = '', file = '', object = ''] = behind.split('/');
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(dirname(at('objects', key)), { recursive: true });
    await symlink(join(outside, 'secret'), at('objects', key));
    await mkdir(join(outside, file));
    await writeFile(join(outside, file, object), 'secret');
    await symlink(outside, at('objects', tenant));
    for (const one of [key, behind]) {
      expect(await store.driver.head(one)).toBeUndefined();
      expect((await transfer(await urlTo(one), 'GET')).status).toBe(404);
      await expect(store.driver.move(one, anyKey(), TEXT)).rejects.toThrow();
    }
    await expect(store.driver.write(behind, Readable.from(['a']), { contentType: TEXT })).rejects.toThrow();
    await store.driver.delete([behind]);
    expect(await readFile(join(outside, file, object), 'utf8')).toBe('secret');
    const found: string[] = [];
    for await (const one of store.driver.list('')) found.push(one.key);
    for await (const one of store.driver.list(tenant)) found.push(one.key);
    expect(found.filter((one) => one === key || one === behind)).toEqual([]);
    await rm(at('objects', tenant));
    await rm(outside, { recursive: true });
  });
});

describe('parts on the disk', () => {
  const start = async () => {
    const key = anyKey();
    const id = await store.driver.startParts(key, TEXT);
    const { url } = await store.driver.partUpload(key, id, 1, { size: 3, expiresAt: soon() });
    return { key, id, url: store.reach(url), send: () => transfer(store.reach(url), 'PUT', {}, 'abc') };
  };

  it('must be the ones that were named, large enough, and the upload’s own', async () => {
    const { key, id, send } = await start();
    const { etag = '' } = (await send()).headers;
    expect(etag).toBe(`"${sha256('abc')}"`);
    const part = { number: 1, etag };
    for (const parts of [[], [part, part], [{ number: 1, etag: sha256('x') }], [part, { number: 2, etag }]])
      await expect(store.driver.finishParts(key, id, parts)).rejects.toMatchObject({ code: 'invalid_parts' });
    await expect(store.driver.finishParts(anyKey(), id, [part])).rejects.toThrow();
    await expect(store.driver.finishParts(key, '../../objects', [part])).rejects.toThrow();
    expect([await store.driver.head(key), incoming()]).toEqual([undefined, []]);
    await store.driver.finishParts(key, id, [part]);
    expect([(await send()).status, await store.driver.head(key)]).toEqual([404, { size: 3 }]);
  });

  it('go with the upload when it is given up, by its owner or by the sweeper', async () => {
    const given = await start();
    await given.send();
    await store.driver.abortParts(anyKey(), given.id);
    expect(existsSync(at('parts', given.id))).toBe(true);
    await store.driver.abortParts(given.key, given.id);
    await store.driver.abortParts(given.key, randomUUID());
    expect([existsSync(at('parts', given.id)), (await given.send()).status]).toEqual([false, 404]);
    const old = await start();
    await utimes(at('parts', old.id), 1_000, 1_000);
    await writeFile(at('incoming', 'left'), '');
    await utimes(at('incoming', 'left'), 1_000, 1_000);
    const fresh = await start();
    expect(await store.driver.sweepUnfinished(new Date(2_000_000))).toBe(2);
    expect([readdirSync(at('parts')), incoming()]).toEqual([[fresh.id], []]);
  });
});

describe('a disk that is gone', () => {
  it('is not made, where it was named; only the default is', async () => {
    const missing = at('missing');
    await expect(new ObjectFiles(missing, false).probe()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(existsSync(missing)).toBe(false);
    await new ObjectFiles(missing, true).probe();
    expect(statSync(missing).mode & 0o777).toBe(0o700);
    const away = await mkdtemp(join(tmpdir(), 'ringfence-files-'));
    await rm(away, { recursive: true });
    const module = await startApp(db, { STORAGE_DIR: away });
    const driver = module.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false });
    await expect(driver.ready()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(existsSync(away)).toBe(false);
  });

  it('is unavailable, and not empty; and available when it is back', async () => {
    const key = await put('abc');
    const [url, up] = [await urlTo(key), await uploadOf(3, 'abc')];
    await rename(store.folder, `${store.folder}.away`);
    try {
      await expect(store.driver.ready()).rejects.toMatchObject({ code: 'storage_unavailable' });
      await expect(store.driver.head(key)).rejects.toMatchObject({ code: 'storage_unavailable' });
      for (const answer of [await transfer(url, 'GET'), await transfer(up.url, 'PUT', up.headers, 'abc')]) {
        expect([answer.status, problem(answer).code]).toEqual([503, 'storage_unavailable']);
        expect(answer.headers['retry-after']).toBe('5');
        expect(answer.bytes.toString()).not.toContain(store.folder);
      }
      expect(existsSync(store.folder)).toBe(false);
    } finally {
      await rename(`${store.folder}.away`, store.folder);
    }
    await store.driver.ready();
    expect((await transfer(url, 'GET')).bytes.toString()).toBe('abc');
  });
});
