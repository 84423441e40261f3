import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, reason } from './error.js';
import type { Account, Home } from './home.js';

const run = promisify(execFile);

/**
 * The account for the server, or undefined for our own. PostgreSQL refuses to run as root, so under root it is the
 * owner of the data or of the home when that is somebody else (one `sudo npm start` must not lock that user out of
 * his own home), and `postgres` otherwise.
 */
export async function serverAccount(home: Home): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const path of [home.data, home.directory]) {
    const owner = await stat(path).catch(() => undefined);
    if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  return (await lookUp()) ?? (await create());
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function create(): Promise<Account> {
  try {
    // -f: a group left over from an earlier account is fine. initdb wants a passwd entry, so a bare uid will not do.
    await run('groupadd', ['-f', '--system', 'postgres']);
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and the user "postgres" could not be created (${reason(error).trim()}). ` +
        'Create that user, or start as a normal user.',
    );
  }
  const account = await lookUp();
  if (account === undefined) throw new EmbeddedPostgresError('The user "postgres" was created but cannot be found.');
  return account;
}
