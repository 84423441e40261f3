import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { loadConfig } from '../../src/config/index.js';
import { ClamdScanner } from '../../src/modules/storage/antivirus/clamd.scanner.js';
import { ContentNotScannableError, ScannerUnavailableError } from '../../src/modules/storage/index.js';
import {
  clamd,
  clamdProgram,
  EICAR,
  MARKER,
  type Manners,
  ownScanner,
  type RunningScanner,
  STREAM_BYTES_AT_MOST,
} from '../support/scanners.js';

const SHORT = { connect: 300, piece: 300, answer: 300 };
const of = (...pieces: (string | Buffer)[]): Readable => Readable.from(pieces.map((piece) => Buffer.from(piece)));
/** Pieces of 64 KiB for ever, counted. */
function endless() {
  const made = { pieces: 0 };
  const stream = new Readable({
    read() {
      made.pieces += 1;
      this.push(Buffer.alloc(65_536, 'a'));
    },
  });
  return { made, stream };
}

const kinds: [string, () => Promise<RunningScanner>][] = [['a daemon of the tests', () => ownScanner()]];
if (clamdProgram !== undefined) kinds.push(['ClamAV itself', () => clamd(clamdProgram!)]);
else
  process.stderr.write(
    'antivirus.spec.ts: no clamd on this machine (Debian: clamav-daemon); a daemon of the tests alone\n',
  );

describe.each(kinds)('%s', (_, start) => {
  let running: RunningScanner;
  let scanner: ClamdScanner;
  beforeAll(async () => {
    running = await start();
    scanner = new ClamdScanner(running.url);
  });
  afterAll(() => running.close());

  it('is ready', () => scanner.ready());

  it('lets through what is clean, whatever its pieces, and nothing at all', async () => {
    for (const content of [of('hello'), of('h', 'el', 'lo'), of(Buffer.alloc(STREAM_BYTES_AT_MOST, 'a')), of()])
      expect(await scanner.scan(content)).toEqual({ clean: true });
  });

  it('names what it finds, also across two pieces', async () => {
    expect(await scanner.scan(of(EICAR))).toEqual({ clean: false, signature: 'Eicar-Test.UNOFFICIAL' });
    const [one, two] = [MARKER.slice(0, 7), MARKER.slice(7)];
    expect(await scanner.scan(of('x'.repeat(70_000), one, two, 'y'))).toEqual({
      clean: false,
      signature: 'Ringfence-Test.UNOFFICIAL',
    });
  });

  it('is asked no further once it has had too much, and never vouches for that', async () => {
    const told: unknown[] = [];
    // its connection may break before its answer is read: then it is asked again, as by a job
    do {
      const { made, stream } = endless();
      told.push(await scanner.scan(stream).catch((error: unknown) => error));
      expect([stream.destroyed, made.pieces < 1_000]).toEqual([true, true]);
    } while (told.at(-1) instanceof ScannerUnavailableError && told.length < 20);
    expect(told.at(-1)).toBeInstanceOf(ContentNotScannableError);
  });

  it('passes on what breaks the content', async () => {
    const broken = new Error('the store stopped');
    const content = Readable.from(
      (async function* () {
        yield Buffer.from('a');
        await Promise.resolve();
        throw broken;
      })(),
    );
    await expect(scanner.scan(content)).rejects.toBe(broken);
    await expect(scanner.scan(Readable.from([]).destroy())).rejects.toThrow(ScannerUnavailableError);
  });

  it('is left when the caller gives up', async () => {
    const gone = new AbortController();
    const reason = new Error('the caller left');
    const stalled = new Readable({ read: () => undefined });
    const scanned = scanner.scan(stalled, gone.signal);
    setTimeout(() => gone.abort(reason), 50);
    await expect(scanned).rejects.toBe(reason);
    expect(stalled.destroyed).toBe(true);
    expect(getEventListeners(gone.signal, 'abort')).toEqual([]);
    await expect(scanner.scan(of('a'), gone.signal)).rejects.toBe(reason);
  });
});

describe('a daemon that', () => {
  const meets = async (manners: Manners, content: () => Readable) => {
    const running = await ownScanner(manners);
    const stream = content();
    const told = await new ClamdScanner(running.url, SHORT).scan(stream).catch((error: unknown) => error);
    const open = stream.destroyed ? 'destroyed' : 'open';
    await running.close();
    return [told instanceof Error ? told.constructor : told, open];
  };
  const unavailable = [ScannerUnavailableError, 'destroyed'];

  it.each<[string, Manners]>([
    ['answers nothing', { answers: () => undefined }],
    ['ends without an answer', { ends: 'without an answer' }],
    ['ends half way', { ends: 'half way' }],
    ['answers what nobody knows', { answers: () => 'stream: OKAY' }],
    ['fails', { answers: () => "Can't write to temporary file ERROR" }],
    ['talks without an end', { answers: () => 'a'.repeat(10_000).replace(/\0/g, '') }],
  ])('%s vouches for nothing', async (_, manners) => {
    expect(await meets(manners, () => of('hello'))).toEqual(unavailable);
  });

  it('says OK before the end vouches for nothing', async () => {
    const half = () =>
      Readable.from(
        (async function* () {
          yield Buffer.from('a');
          await new Promise((resolve) => setTimeout(resolve, 100));
          yield Buffer.from(MARKER);
          await new Promise((resolve) => setTimeout(resolve, 100));
          yield Buffer.from('b');
        })(),
      );
    const early = await ownScanner();
    early.sockets.add = (socket) => {
      setTimeout(() => socket.write('stream: OK\0'), 50);
      return Set.prototype.add.call(early.sockets, socket) as typeof early.sockets;
    };
    await expect(new ClamdScanner(early.url).scan(half())).rejects.toThrow(ScannerUnavailableError);
    await early.close();
  });

  it('takes nothing holds up the content, and nobody for long', async () => {
    const { made, stream } = endless();
    expect(await meets({ deaf: true }, () => stream)).toEqual(unavailable);
    expect(made.pieces * 65_536).toBeLessThan(32 * 1024 * 1024); // what the system's buffers hold
  });

  it('is not there is said to be away, for a moment', async () => {
    const { url, close } = await ownScanner();
    await close();
    const scanner = new ClamdScanner(url, SHORT);
    await expect(scanner.ready()).rejects.toThrow(/scanner_unavailable.*ECONNREFUSED/);
    await expect(scanner.scan(of('a'))).rejects.toMatchObject({ status: 503, extras: { retryAfterSeconds: 5 } });
  });
});

describe('CLAMD_URL', () => {
  it.each(['tcp://127.0.0.1:3310', 'tcp://clamav:3310', 'tcp://[::1]:3310'])('%s is one', (url) => {
    expect(loadConfig({ CLAMD_URL: url }).env.CLAMD_URL).toBe(url);
  });
  it.each(['http://a:1', 'tcp://a', 'tcp://a:1/x', 'a:1'])('%s is none', (url) => {
    expect(() => loadConfig({ CLAMD_URL: url })).toThrow('must be tcp://host:port');
  });
});
