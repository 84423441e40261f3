import { rm } from 'node:fs/promises';
import { EmbeddedPostgresError } from './error.js';
import type { Home } from './home.js';
import { readPostmasterFile, type PostmasterFile } from './postmaster-file.js';
import { isAlive, signal, waitUntilGone, wasStartedFor, worksIn } from './processes.js';

/** How long a fast shutdown may take, and how long the harder one after it. */
const FAST_MS = 15_000;
const IMMEDIATE_MS = 5_000;

/** Ends a server that outlived its killed application, if there is one. Call it only with the lock taken. */
export async function stopOrphan(home: Home, onFound: () => void = () => undefined): Promise<void> {
  const file = await readPostmasterFile(home.data);
  // A dead process's file stays: PostgreSQL then checks itself that no backend of it lives on.
  if (file === undefined || !(await isAlive(file.pid))) return;
  if (!(await isOurs(file, home))) {
    // The id went to an unrelated process. PostgreSQL looks at the id alone and would refuse to start.
    await rm(file.path, { force: true });
    return;
  }
  onFound();
  await endServer(file.pid);
}

/** Fast shutdown (SIGINT: sessions end, data is flushed), then the immediate one if it hangs. */
export async function endServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  if (await waitUntilGone(pid, FAST_MS)) return;
  signal(pid, 'SIGQUIT');
  if (await waitUntilGone(pid, IMMEDIATE_MS)) return;
  throw new EmbeddedPostgresError(
    `The database server (process ${pid}) does not stop. End it by hand and start again.`,
  );
}

/**
 * Ids are reused, so the process itself must show that it serves our data before we send a signal. Its working
 * directory proves that even for a home that was moved; its command line only together with the file's own word.
 */
async function isOurs(file: PostmasterFile, home: Home): Promise<boolean> {
  if (await worksIn(file.pid, home.data)) return true;
  return file.dataDirectory === home.data && (await wasStartedFor(file.pid, home.data));
}
