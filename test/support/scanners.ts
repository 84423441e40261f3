import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ClamdScanner } from '../../src/modules/storage/antivirus/clamd.scanner.js';

/** Harmless, and known to every scanner: https://www.eicar.org. In two pieces, so that this file is left alone. */
export const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD' + '-ANTIVIRUS-TEST-FILE!$H+H*';
/** Found anywhere in a content, by a signature of our own. */
export const MARKER = 'RINGFENCE-ANTIVIRUS-TEST';
export const STREAM_BYTES_AT_MOST = 1024 * 1024;

export interface RunningScanner {
  url: string;
  close(): Promise<void>;
}

/** ClamAV's daemon, where this machine has it (Debian: clamav-daemon). */
export const clamdProgram: string | undefined = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'clamd'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** The real daemon with two signatures of ours, so that it needs none from elsewhere and starts at once. */
export async function clamd(program: string): Promise<RunningScanner> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-clamd-'));
  const md5 = createHash('md5').update(EICAR).digest('hex');
  const port = await freePort();
  await mkdir(join(folder, 'signatures'));
  await writeFile(join(folder, 'signatures/a.hdb'), `${md5}:${EICAR.length}:Eicar-Test\n`);
  await writeFile(join(folder, 'signatures/b.ndb'), `Ringfence-Test:0:*:${Buffer.from(MARKER).toString('hex')}\n`);
  const settings = {
    Foreground: 'yes',
    User: process.getuid?.() === 0 ? 'root' : '',
    TCPAddr: '127.0.0.1',
    TCPSocket: port,
    DatabaseDirectory: join(folder, 'signatures'),
    TemporaryDirectory: folder,
    StreamMaxLength: STREAM_BYTES_AT_MOST,
    AlertExceedsMax: 'yes',
  };
  const lines = Object.entries(settings).flatMap(([name, value]) => (value === '' ? [] : [`${name} ${value}\n`]));
  await writeFile(join(folder, 'clamd.conf'), lines.join(''));
  const child = spawn(program, ['-c', join(folder, 'clamd.conf')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = `tcp://127.0.0.1:${port}`;
  await up(url);
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { url, close };
}

/** How a daemon of the tests' own behaves; `answers` gets what was sent. */
export interface Manners {
  /** reads nothing behind the command */
  deaf?: boolean;
  answers?: (content: Buffer) => string | undefined;
  /** taken for the end of the content, with an answer at once */
  bytesAtMost?: number;
  ends?: 'without an answer' | 'half way';
}

/** Speaks INSTREAM and PING as the daemon does, and finds EICAR and the marker. For machines without the daemon, and for what it never does. */
export async function ownScanner(manners: Manners = {}): Promise<RunningScanner & { sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    converse(socket, { bytesAtMost: STREAM_BYTES_AT_MOST, ...manners });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async (): Promise<void> => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await once(server, 'close');
  };
  return { url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, close };
}

const found = (content: Buffer): string => {
  if (content.equals(Buffer.from(EICAR))) return 'stream: Eicar-Test.UNOFFICIAL FOUND';
  return content.includes(MARKER) ? 'stream: Ringfence-Test.UNOFFICIAL FOUND' : 'stream: OK';
};

function converse(socket: Socket, { deaf, answers = found, bytesAtMost = 0, ends }: Manners): void {
  let heard = Buffer.alloc(0);
  let content = Buffer.alloc(0);
  let command = '';
  const say = (answer: string | undefined): void => {
    if (answer !== undefined) socket.end(`${answer}\0`);
  };
  socket.on('data', (data: Buffer) => {
    heard = Buffer.concat([heard, data]);
    if (!command && heard.includes(0)) {
      command = heard.subarray(0, heard.indexOf(0)).toString();
      heard = heard.subarray(heard.indexOf(0) + 1);
      if (command === 'zPING') return say('PONG');
      if (deaf) return void socket.pause();
    }
    while (command === 'zINSTREAM' && heard.length >= 4) {
      const length = heard.readUInt32BE(0);
      if (length === 0) return ends ? void socket.destroy() : say(answers(content));
      if (heard.length < 4 + length) break;
      content = Buffer.concat([content, heard.subarray(4, 4 + length)]);
      heard = heard.subarray(4 + length);
      if (ends === 'half way') return void socket.destroy();
      if (content.length > bytesAtMost) return say('INSTREAM size limit exceeded. ERROR');
    }
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function up(url: string): Promise<void> {
  for (let left = 150; ; left -= 1) {
    try {
      return await new ClamdScanner(url).ready();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
