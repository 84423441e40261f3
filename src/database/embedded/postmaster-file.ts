import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server writes about itself into its data directory. */
export interface PostmasterFile {
  path: string;
  pid: number;
  dataDirectory: string;
  /** 'starting', 'stopping', 'ready' or 'standby'; '' while not yet written. */
  status: string;
}

/** Reads `postmaster.pid`: line 1 is the process, line 2 the data directory, line 8 the state (as pg_ctl reads it). */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const path = join(data, 'postmaster.pid');
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { path, pid, dataDirectory: lines[1] ?? '', status: (lines[7] ?? '').trim() };
}
