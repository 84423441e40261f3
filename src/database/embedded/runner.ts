import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './home.js';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError } from './error.js';
import type { Home } from './home.js';

const run = promisify(execFile);

/** How to run a PostgreSQL program: as which account, and behind which wrapping command. */
export interface Runner {
  account?: Account;
  wrapper: readonly string[];
}

/** What `spawn` needs to run a program. */
export interface Invocation {
  file: string;
  args: string[];
  options: { env: NodeJS.ProcessEnv; cwd: string; uid?: number; gid?: number };
}

/**
 * Chooses how to run the server, by trying. A normal user runs it as himself. Root changes to the server's account;
 * where that account cannot reach the home or the programs (a checkout under /root, mode 0700), `setpriv` keeps one
 * capability across the change: reading and walking everywhere, or (Docker grants no other) ignoring file modes.
 * That makes the development server able to read other users' files, which is why it is only the fallback.
 */
export async function chooseRunner(home: Home, binaries: Binaries, account: Account | undefined): Promise<Runner> {
  if (account === undefined) return { wrapper: [] };
  const candidates: Runner[] = [
    { account, wrapper: [] },
    { wrapper: keepingCapability(account, 'dac_read_search') },
    { wrapper: keepingCapability(account, 'dac_override') },
  ];
  for (const candidate of candidates) if (await reaches(candidate, home, binaries)) return candidate;
  throw new EmbeddedPostgresError(await unreachableMessage(home, binaries, account));
}

/** The command, account, directory and environment to start a program with. */
export function invocation(runner: Runner, program: string, args: readonly string[]): Invocation {
  const [file = program, ...rest] = [...runner.wrapper, program, ...args];
  // Nothing of our environment goes in: it holds secrets, and PG* or LC_* variables change what PostgreSQL does.
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C' };
  // Not our own directory: the account may have no access to it.
  return { file, args: rest, options: { env, cwd: '/', uid: runner.account?.uid, gid: runner.account?.gid } };
}

function keepingCapability(account: Account, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${account.uid}`,
    `--regid=${account.gid}`,
    '--clear-groups',
    `--bounding-set=-all,+${capability}`,
    `--inh-caps=-all,+${capability}`,
    `--ambient-caps=-all,+${capability}`,
    // PostgreSQL asks access(2) about its own programs, which otherwise counts no capabilities of a non-root user.
    '--securebits=+no_setuid_fixup',
    '--',
  ];
}

/**
 * Really enters the home and really starts programs: mode bits alone would miss ACLs and `noexec` mounts. `--show`
 * makes initdb look for all its parts, `postgres` included, and print its settings without creating anything.
 */
async function reaches(runner: Runner, home: Home, binaries: Binaries): Promise<boolean> {
  const script = 'cd -- "$1" && exec "$2" --show --pgdata="$3"';
  const shell = ['-c', script, 'sh', home.directory, binaries.initdb, home.data];
  const { file, args, options } = invocation(runner, '/bin/sh', shell);
  return run(file, args, options).then(
    () => true,
    () => false,
  );
}

async function unreachableMessage(home: Home, binaries: Binaries, account: Account): Promise<string> {
  const blocked = (await firstBlocked(home.directory, account)) ?? (await firstBlocked(binaries.postgres, account));
  const where = blocked ?? `${home.directory} or ${dirname(binaries.postgres)}`;
  return (
    `PostgreSQL does not run as root, and the account it runs as instead (uid ${account.uid}) cannot enter ${where}. ` +
    'Either start as a normal user, or keep both out of such directories: ' +
    'set RINGFENCE_HOME to a path outside (for example /var/tmp/ringfence) and move the checkout if it lies inside.'
  );
}

/** The topmost directory on the way that the account may not walk through, by mode bits; for the message only. */
async function firstBlocked(path: string, account: Account): Promise<string | undefined> {
  const parent = dirname(path);
  const above = parent === path ? undefined : await firstBlocked(parent, account);
  if (above !== undefined) return above;
  const { uid, gid, mode } = await stat(path);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & bit) === 0 ? path : undefined;
}
