import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './home.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, reason } from './error.js';
import { shareWithOwner, type Home } from './home.js';
import { invocation, type Runner } from './runner.js';

const run = promisify(execFile);

/** Names of unfinished work; one of a killed run is wiped by the next. */
const UNFINISHED = /^postgres\.(new|pwfile)-/;

/** Unicode rules come from PostgreSQL itself; the second form is for systems whose C library lacks C.UTF-8 (macOS). */
const LOCALES = [['--locale=C.UTF-8'], ['--locale=C', '--builtin-locale=C.UTF-8']] as const;

/** Whether this home has no database yet. */
export async function isFirstRun(home: Home): Promise<boolean> {
  return (await stat(home.data).catch(() => undefined)) === undefined;
}

/** Removes what a killed first run left. */
export async function wipeUnfinished(home: Home): Promise<void> {
  for (const name of await readdir(home.directory)) {
    // Retries: an initdb that outlived its parent may still be writing there. It has its own directory, never ours.
    const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
    if (UNFINISHED.test(name)) await rm(join(home.directory, name), options);
  }
}

/** The superuser's password of an existing database. */
export async function readPassword(home: Home): Promise<string> {
  const password = (await readFile(home.password, 'utf8').catch(() => '')).trim();
  if (password !== '') return password;
  throw new EmbeddedPostgresError(
    `The database in ${home.data} has no readable password file ${home.password}. ` +
      'Restore that file, or remove the whole directory to begin with an empty database.',
  );
}

/**
 * Creates the database: initdb works in a directory beside and the finished one is renamed into place, so that
 * `postgres` exists complete or not at all.
 */
export async function createCluster(
  home: Home,
  binaries: Binaries,
  runner: Runner,
  account?: Account,
): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  await rm(home.password, { force: true });
  await writeFile(home.password, `${password}\n`, { flag: 'wx', mode: 0o600 });
  await shareWithOwner(home, home.password);
  // Our own password file may be closed to the account that initdb runs as, so it gets a passing copy.
  const pwfile = join(home.directory, `postgres.pwfile-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(pwfile, `${password}\n`, { flag: 'wx', mode: 0o600 });
    if (account !== undefined) await chown(pwfile, account.uid, account.gid);
    await rename(await runInitdb(home, binaries, runner, pwfile, account), home.data);
  } finally {
    await rm(pwfile, { force: true });
  }
  return password;
}

async function runInitdb(home: Home, binaries: Binaries, runner: Runner, pwfile: string, account?: Account) {
  let failure: unknown;
  for (const locale of LOCALES) {
    const directory = await mkdtemp(join(home.directory, 'postgres.new-'));
    if (account !== undefined) await chown(directory, account.uid, account.gid);
    const args = [`--pgdata=${directory}`, `--pwfile=${pwfile}`, '--username=postgres', '--auth=scram-sha-256'];
    args.push('--encoding=UTF8', '--locale-provider=builtin', ...locale, '--no-instructions');
    const { file, args: argv, options } = invocation(runner, binaries.initdb, args);
    try {
      // In our process group, unlike the server: Ctrl-C may well end an unfinished initdb.
      await run(file, argv, options);
      return directory;
    } catch (error) {
      failure = error;
      await rm(directory, { recursive: true, force: true });
      if (!/locale/i.test(reason(error))) break;
    }
  }
  throw new EmbeddedPostgresError(
    `initdb could not create the database in ${home.directory}: ${reason(failure).trim()}\n` +
      'Fix the cause and start again; nothing half-made was kept.',
  );
}
