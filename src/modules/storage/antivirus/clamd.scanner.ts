import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ContentNotScannableError, type Scanner, ScannerUnavailableError, type Verdict } from './scanner.js';

/** Milliseconds: to connect; to take the next piece of the content; to answer, once it has all of it. */
export interface ClamdTimeouts {
  connect: number;
  piece: number;
  answer: number;
}

export const CLAMD_TIMEOUTS: ClamdTimeouts = { connect: 2_000, piece: 30_000, answer: 120_000 };
const ANSWER_BYTES_AT_MOST = 4_096;
const PIECE_BYTES_AT_MOST = 1024 * 1024;

/**
 * ClamAV's daemon over TCP, in its own protocol (man clamd, "INSTREAM"): each piece of the content behind its length, a
 * length of 0 at the end, and one answer. Written here, since the package for it (clamscan) ignores back-pressure, so that
 * a large file lies in memory whole, and cannot be told to give up.
 */
export class ClamdScanner implements Scanner {
  private readonly host: string;
  private readonly port: number;

  /** @param url tcp://host:port */
  constructor(
    url: string,
    private readonly timeouts: ClamdTimeouts = CLAMD_TIMEOUTS,
  ) {
    const { hostname, port } = new URL(url);
    this.host = hostname.replace(/^\[|\]$/g, '');
    this.port = Number(port);
  }

  async scan(content: Readable, signal?: AbortSignal): Promise<Verdict> {
    try {
      const sent = { whole: false };
      const answer = await this.ask((socket, answered) => this.send(content, socket, answered, sent), signal);
      return verdictOf(answer, sent.whole);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw content.errored ?? error; // its own: whatever else fails leaves it as it is until here
    } finally {
      content.on('error', () => undefined).destroy();
    }
  }

  async ready(): Promise<void> {
    const answer = await this.ask(
      (socket) => write(socket, Buffer.from('zPING\0'), this.timeouts.connect),
      undefined,
      2_000,
    );
    if (answer !== 'PONG') throw new ScannerUnavailableError(new Error(`PING was answered ${answer}`));
  }

  /** @throws ScannerUnavailableError when there is no whole answer */
  private async ask(say: Say, signal?: AbortSignal, within = this.timeouts.answer): Promise<string> {
    const socket = connect({ host: this.host, port: this.port, noDelay: true, signal });
    const answer = answerOf(socket);
    answer.catch(() => undefined); // seen by the race below, or the connection failed before it
    const answered = new AbortController();
    void answer.then(
      () => answered.abort(),
      () => undefined,
    );
    try {
      await inTime(once(socket, 'connect'), this.timeouts.connect, 'connect');
      await Promise.race([say(socket, answered.signal), answer]);
      return await inTime(answer, within, 'answer');
    } catch (error) {
      throw new ScannerUnavailableError(error);
    } finally {
      socket.destroy();
    }
  }

  /** No faster than it is taken. Stops at an answer that comes before the end: there is nothing more to say. */
  private async send(
    content: Readable,
    socket: Socket,
    answered: AbortSignal,
    sent: { whole: boolean },
  ): Promise<void> {
    await write(socket, Buffer.from('zINSTREAM\0'), this.timeouts.piece);
    for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES_AT_MOST) {
        const piece = chunk.subarray(start, start + PIECE_BYTES_AT_MOST);
        const framed = Buffer.concat([lengthOf(piece), piece]);
        await setImmediate(); // lets an answer in: a write finds the connection closed, and the answer is lost with it
        if (answered.aborted) return;
        await write(socket, framed, this.timeouts.piece);
      }
    }
    sent.whole = true;
    await write(socket, lengthOf(Buffer.of()), this.timeouts.piece);
  }
}

type Say = (socket: Socket, answered: AbortSignal) => Promise<void>;

function verdictOf(answer: string, whole: boolean): Verdict {
  if (answer === 'stream: OK' && whole) return { clean: true };
  const [, signature] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
  if (signature !== undefined) return { clean: false, signature };
  if (/^INSTREAM size limit exceeded/.test(answer)) throw new ContentNotScannableError();
  throw new ScannerUnavailableError(new Error(`INSTREAM was answered ${answer}`));
}

/** Up to its NUL. A connection that ends before it is no answer. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString('utf8');
      if (text.includes('\0')) resolve(text.slice(0, text.indexOf('\0')));
      else if (text.length > ANSWER_BYTES_AT_MOST) reject(new Error('an answer without an end'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection ended without an answer')));
  });
}

const lengthOf = (piece: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  return length;
};

/** Settles when the system has taken it. */
const write = (socket: Socket, data: Buffer, ms: number): Promise<void> =>
  inTime(
    new Promise((resolve, reject) => socket.write(data, (error) => (error ? reject(error) : resolve()))),
    ms,
    'take what is sent',
  );

async function inTime<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not ${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
