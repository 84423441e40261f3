import { open, readFile } from 'node:fs/promises';
import { shareWithOwner, type Home } from './home.js';

/** An open log file and where this start's lines begin in it. */
export interface OpenLog {
  fd: number;
  offset: number;
  close(): Promise<void>;
}

/** Opens the log to append to; the server inherits the descriptor, so it needs no access to the file of its own. */
export async function openLog(home: Home): Promise<OpenLog> {
  const file = await open(home.log, 'a', 0o600);
  await shareWithOwner(home, home.log);
  return { fd: file.fd, offset: (await file.stat()).size, close: () => file.close() };
}

/** The last lines of the log from an offset on. */
export async function logTail(home: Home, offset: number, lines = 20): Promise<string> {
  const content = await readFile(home.log).catch(() => Buffer.alloc(0));
  return content.subarray(offset).toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
