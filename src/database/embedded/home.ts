import { chmod, chown, mkdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, errorCode, reason } from './error.js';

/** Where things are under the home. */
export interface Home {
  directory: string;
  data: string;
  log: string;
  password: string;
  lock: string;
}

/** The system account that the server runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Makes the home directory (0700) if it is missing and names the files in it. */
export async function openHome(path: string): Promise<Home> {
  const wanted = resolve(path);
  if (wanted === '/' || wanted === homedir()) {
    throw new EmbeddedPostgresError(
      `RINGFENCE_HOME ${wanted} must be a directory of its own; name a new one inside it.`,
    );
  }
  try {
    // Parents get the usual mode; only the home itself is private.
    await mkdir(dirname(wanted), { recursive: true });
    await mkdir(wanted, { mode: 0o700 }).catch(ignoreExisting);
    // The real path, as PostgreSQL and /proc report it: two spellings of one home must not pass for two homes.
    return homeAt(await realpath(wanted));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `RINGFENCE_HOME ${wanted} cannot be used (${reason(error)}). Set RINGFENCE_HOME to a directory you can write to.`,
    );
  }
}

/**
 * Lets the server's account walk through a home that root owns, and no more: group `x` on the directory. We do not
 * chown the home to that account, as the owner of a directory may replace any file in it, secrets of root included.
 */
export async function letThrough(home: Home, account: Account): Promise<void> {
  const { uid, mode } = await stat(home.directory);
  if (uid !== 0 || (mode & 0o077) !== 0) return;
  await chown(home.directory, 0, account.gid);
  await chmod(home.directory, 0o710);
}

/** Gives a file we made as root to the owner of the home, who may start as himself the next time. */
export async function shareWithOwner(home: Home, file: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(home.directory);
  if (owner.uid !== 0) await chown(file, owner.uid, owner.gid);
}

function homeAt(directory: string): Home {
  return {
    directory,
    data: join(directory, 'postgres'),
    log: join(directory, 'postgres.log'),
    password: join(directory, 'postgres.password'),
    lock: join(directory, 'ringfence.pid'),
  };
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
