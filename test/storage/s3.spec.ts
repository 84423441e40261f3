import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { loadConfig } from '../../src/config/index.js';
import { Clock } from '../../src/context/index.js';
import { inspect, StorageRefusedError, StorageUnavailableError } from '../../src/modules/storage/index.js';
import { S3_TIMEOUTS, type S3Options } from '../../src/modules/storage/drivers/s3/s3-client.js';
import { s3Driver } from '../support/s3-server.js';
import { anyKey, sha256, soon } from '../support/transfer.js';

const SHORT = { connect: 200, attempt: 150, short: 600, long: 600, idle: 300 };
const TEXT = 'text/plain';
const SECRET = 'never-to-be-seen';
const ended: (() => void)[] = [];
afterEach(() => ended.splice(0).forEach((end) => end()));

/** A driver for a store that answers as it is told; what it was asked stands in `asked`. */
async function storeThat(
  answers: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<S3Options> = {},
) {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request);
    request.resume();
    answers(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, driver: driverAt((server.address() as AddressInfo).port, options) };
}

function driverAt(port: number, options: Partial<S3Options> = {}) {
  const credentials = { accessKeyId: 'id', secretAccessKey: SECRET };
  const endpoint = `http://127.0.0.1:${port}`;
  const whole = { endpoint, region: 'eu-1', bucket: 'files', prefix: 'p/', pathStyle: true, credentials, ...options };
  const driver = s3Driver(whole, new Clock(), SHORT);
  ended.push(() => driver.onApplicationShutdown());
  return driver;
}

const error = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
const all = (driver: ReturnType<typeof driverAt>): [string, () => Promise<unknown>][] => {
  const key = anyKey();
  return [
    ['ready', () => driver.ready()],
    ['head', () => driver.head(key)],
    ['read', () => driver.read(key)],
    ['write', () => driver.write(key, Readable.from([Buffer.from('a')]), { contentType: TEXT })],
    ['move', () => driver.move(key, anyKey(), TEXT)],
    ['delete', () => driver.delete([key])],
    ['list', () => driver.list('')[Symbol.asyncIterator]().next()],
    ['startParts', () => driver.startParts(key, TEXT)],
    ['finishParts', () => driver.finishParts(key, 'u', [{ number: 1, etag: 'e' }])],
    ['abortParts', () => driver.abortParts(key, 'u')],
    ['sweepUnfinished', () => driver.sweepUnfinished(new Date())],
  ];
};
const expectUnavailable = async (driver: ReturnType<typeof driverAt>): Promise<void> => {
  await Promise.all(
    all(driver).map(async ([name, use]) => {
      const failure: unknown = await use().catch((thrown: unknown) => thrown);
      expect([name, failure]).toEqual([name, expect.any(StorageUnavailableError)]);
      expect(failure).toMatchObject({ status: 503, extras: { retryAfterSeconds: 5 } });
      expect((failure as Error).message).not.toMatch(/never-to-be-seen|Signature=|AWS4/);
    }),
  );
};

describe('an S3 store', () => {
  it('that is not there is unavailable', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    await expectUnavailable(driverAt(port));
  });

  it('that never answers is unavailable, and nobody waits for it', async () => {
    const { driver, asked } = await storeThat(() => undefined);
    await expectUnavailable(driver);
    expect(asked.length).toBeGreaterThan(11); // tried again
  });

  it.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [403, 'AccessDenied'],
    [403, 'SignatureDoesNotMatch'],
    [404, 'NoSuchBucket'],
    [301, 'PermanentRedirect'],
    [400, 'AuthorizationHeaderMalformed'],
  ])('that answers %d %s is unavailable', async (status, code) => {
    const { driver } = await storeThat((request, response) => {
      response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(request.method === 'HEAD' ? '' : error(code));
    });
    const { driver: other } = await storeThat((_request, response) => response.writeHead(404).end());
    if (code !== 'NoSuchBucket') return expectUnavailable(driver);
    await expect(driver.read(anyKey())).rejects.toBeInstanceOf(StorageUnavailableError);
    await expect(other.ready()).rejects.toBeInstanceOf(StorageUnavailableError);
  });

  it.each([
    [400, 'InvalidArgument'],
    [403, 'AccessDenied'],
    [405, 'MethodNotAllowed'],
    [501, 'NotImplemented'],
    [403, 'InvalidObjectState'],
  ])('that answers %d %s refuses this one object', async (status, code) => {
    const { driver } = await storeThat((_request, response) => response.writeHead(status).end(error(code)));
    await expect(driver.read(anyKey())).rejects.toBeInstanceOf(StorageRefusedError);
  });

  it.each([
    [403, 'InvalidAccessKeyId'],
    [403, 'SignatureDoesNotMatch'],
    [403, 'RequestTimeTooSkewed'],
    [400, 'ExpiredToken'],
    [404, 'NoSuchBucket'],
    [429, 'TooManyRequests'],
    [503, 'SlowDown'],
    [500, 'InternalError'],
  ])('that answers %d %s is down for all', async (status, code) => {
    const { driver } = await storeThat((_request, response) => response.writeHead(status).end(error(code)));
    await expect(driver.read(anyKey())).rejects.not.toBeInstanceOf(StorageRefusedError);
  });

  it.each([
    [404, 'NoSuchUpload'],
    [405, 'MethodNotAllowed'],
    [501, 'NotImplemented'],
  ])('that answers %d %s has no such upload in parts any more', async (status, code) => {
    const { driver } = await storeThat((_request, response) => response.writeHead(status).end(error(code)));
    await driver.abortParts(anyKey(), 'u');
  });

  it('that stalls is unavailable within five seconds', () => {
    const { short, connect, attempt } = S3_TIMEOUTS;
    expect([short < 5_000, connect + attempt < short]).toEqual([true, true]); // and it is asked once more
  });

  it('that fails for a moment is asked again', async () => {
    let failures = 2;
    const { driver } = await storeThat((_request, response) => {
      failures -= 1;
      if (failures >= 0) response.writeHead(500).end();
      else response.writeHead(200, { 'content-length': '3' }).end();
    });
    expect(await driver.head(anyKey())).toEqual({ size: 3 });
  });

  it.each([
    ['stops', () => undefined],
    ['hangs up', (response: ServerResponse) => response.destroy()],
  ])('that %s in the middle of an object is unavailable, and the object is not shorter', async (_how, then) => {
    const { driver } = await storeThat((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('abc');
      setTimeout(() => then(response), 50);
    });
    const key = anyKey();
    await expect(buffer(await driver.read(key))).rejects.toBeInstanceOf(StorageUnavailableError);
    const announced = { contentType: TEXT, size: 3, sha256: sha256('abc') };
    await expect(inspect(await driver.read(key), announced)).rejects.toBeInstanceOf(StorageUnavailableError);
  });

  it('is asked for its encryption with all that makes an object, and clients must ask for it, too', async () => {
    const { driver, asked } = await storeThat(
      (request, response) => {
        const started = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
        const copied = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>';
        if (request.method === 'HEAD') response.writeHead(404).end();
        else response.writeHead(200, { etag: '"e"' }).end(request.url?.includes('uploads') ? started : copied);
      },
      { encryption: 'aws:kms', kmsKeyId: 'our-key' },
    );
    const key = anyKey();
    const said = {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'our-key',
    };
    await driver.write(key, Readable.from([Buffer.from('a')]), { contentType: TEXT });
    await driver.startParts(key, TEXT);
    await driver.move(key, anyKey(), TEXT);
    const making = asked.filter(({ method }) => method === 'PUT' || method === 'POST').slice(0, 3);
    expect(making.map(({ headers }) => headers)).toEqual(Array(3).fill(expect.objectContaining(said)));
    // whatever the client said beside the bytes goes no further
    expect(making[2]?.headers).toMatchObject({
      'x-amz-metadata-directive': 'REPLACE',
      'x-amz-tagging-directive': 'REPLACE',
      'content-type': TEXT,
    });
    const terms = { contentType: TEXT, size: 1, sha256: sha256('a'), expiresAt: soon() };
    const { url, headers } = await driver.createUpload(key, terms);
    expect(headers).toMatchObject(said);
    const { searchParams, pathname } = new URL(url);
    expect(searchParams.get('X-Amz-SignedHeaders')?.split(';').sort()).toEqual(
      ['host', 'content-length', ...Object.keys(headers).map((name) => name.toLowerCase())].sort(),
    );
    expect([pathname, url.includes(SECRET)]).toEqual([`/files/p/${key}`, false]);
  });

  it('that knows no tags is asked once more without a word of them', async () => {
    const { driver, asked } = await storeThat((request, response) => {
      if (request.method === 'HEAD') return response.writeHead(404).end();
      if ('x-amz-tagging-directive' in request.headers) return response.writeHead(501).end(error('NotImplemented'));
      return response.end('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>');
    });
    await driver.move(anyKey(), anyKey(), TEXT);
    expect(asked.at(-2)?.headers).toMatchObject({ 'x-amz-metadata-directive': 'REPLACE', 'content-type': TEXT });
  });

  it('lists page after page, and only what is ours', async () => {
    const [first, second] = [anyKey(), anyKey()];
    const entry = (key: string): string =>
      `<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
    const { driver, asked } = await storeThat((request, response) => {
      const page = request.url?.includes('continuation-token=more')
        ? `<IsTruncated>false</IsTruncated>${entry(`p/${second}`)}`
        : `<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>${entry('p/readme.txt')}${entry(`p/${first}`)}`;
      response.end(`<?xml version="1.0"?><ListBucketResult>${page}</ListBucketResult>`);
    });
    const found: string[] = [];
    for await (const { key } of driver.list('')) found.push(key);
    expect([found, asked.length]).toEqual([[first, second], 2]);
  });

  it('gives up uploads in parts that nobody finished, and only old ones of ours', async () => {
    const [old, fresh] = [anyKey(), anyKey()];
    const one = (key: string, id: string, at: string): string =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`;
    const { driver, asked } = await storeThat((request, response) => {
      if (request.method === 'DELETE') return response.writeHead(request.url?.includes('gone') ? 404 : 204).end();
      const more = request.url?.includes('key-marker=next');
      const page = more
        ? `<IsTruncated>false</IsTruncated>${one(`p/${old}`, 'second', '2026-01-01T00:00:00Z')}`
        : `<IsTruncated>true</IsTruncated><NextKeyMarker>next</NextKeyMarker>${one(`p/${old}`, 'first', '2026-01-01T00:00:00Z')}
           ${one(`p/${fresh}`, 'fresh', '2026-03-01T00:00:00Z')}${one('p/other', 'other', '2026-01-01T00:00:00Z')}`;
      return response.end(`<?xml version="1.0"?><ListMultipartUploadsResult>${page}</ListMultipartUploadsResult>`);
    });
    expect(await driver.sweepUnfinished(new Date('2026-02-01'))).toBe(2);
    const given = asked.filter(({ method }) => method === 'DELETE').map(({ url = '' }) => url.split('?')[1]);
    expect(given.map((query) => new URLSearchParams(query).get('uploadId'))).toEqual(['first', 'second']);
  });

  it('that did not delete one of many says so', async () => {
    const { driver } = await storeThat((_request, response) => {
      response.end(
        '<?xml version="1.0"?><DeleteResult><Error><Key>a</Key><Code>InternalError</Code></Error></DeleteResult>',
      );
    });
    await expect(driver.delete([anyKey(), anyKey()])).rejects.toBeInstanceOf(StorageUnavailableError);
  });
});

describe('the configuration of files', () => {
  const s3 = { STORAGE_DRIVER: 's3', S3_BUCKET: 'files' };
  const production = {
    NODE_ENV: 'production',
    APP_DATABASE_URL: 'postgres://a@db/x',
    AUTH_DATABASE_URL: 'postgres://a@db/x',
    KEY_RING_FILE: 'ring.json',
    PUBLIC_URL: 'https://api.example.com',
    SMTP_URL: 'smtps://mail.example:465',
    STORAGE_DIR: '/srv/files',
  };

  it.each<[string, Record<string, string>, RegExp]>([
    ['a bucket', { STORAGE_DRIVER: 's3' }, /S3_BUCKET/],
    ['both halves of a key', { ...s3, S3_ACCESS_KEY_ID: 'a' }, /S3_SECRET_ACCESS_KEY/],
    ['a use for a KMS key', { ...s3, S3_KMS_KEY_ID: 'a' }, /S3_KMS_KEY_ID/],
    ['a prefix without edges', { ...s3, S3_PREFIX: '/a/' }, /S3_PREFIX/],
    ['an endpoint over HTTP', { ...s3, S3_ENDPOINT: 'ftp://a' }, /S3_ENDPOINT/],
    ['a folder in production', { ...production, STORAGE_DIR: '' }, /STORAGE_DIR is missing/],
    [
      'TLS in production',
      { ...production, ...s3, S3_ENDPOINT: 'http://minio:9000' },
      /S3_ENDPOINT must start with https/,
    ],
  ])('needs %s', (_what, env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });

  it('is complete as it stands', () => {
    expect(loadConfig(production).env.STORAGE_DRIVER).toBe('disk');
    expect(loadConfig({ ...production, ...s3, S3_PREFIX: 'a/b' }).env.S3_PREFIX).toBe('a/b');
  });
});
