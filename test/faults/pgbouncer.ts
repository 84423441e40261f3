/*
 * `node test/faults/pgbouncer.ts` finds a PgBouncer for the tests of faults, or unpacks Debian's beside the modules of Node,
 * or says what to do and fails. Nothing is installed into the system: a package that is installed starts a service.
 * Node runs this file as it is (it strips the types), so it imports nothing of ours.
 *
 *   PGBOUNCER_PATH   this one and no other
 *   FAULTS_WITHOUT   `pooler` leaves it out, on purpose; see test/faults/jest.config.mjs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A pooler that starts. */
export interface PgBouncer {
  path: string;
  version: string;
  /** what it needs in its environment */
  env: Record<string, string>;
}

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache');
const HOME = join(CACHE, 'ringfence-pgbouncer');
const USUAL = [
  '/usr/sbin/pgbouncer',
  '/usr/local/sbin/pgbouncer',
  '/usr/local/bin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
];
/** Its libraries that a server without it may lack, by their names in any release of Debian. */
const LIBRARY = /^\s+Depends: (libc-?ares\S*|libevent-\S*)$/gm;

const HELP = `
No PgBouncer was found, and Debian's could not be fetched. The tests of faults did not run. Either
  - install it (Debian: apt-get install pgbouncer, and stop the service that this starts), or
  - say where one is: PGBOUNCER_PATH=/path/to/pgbouncer npm run test:faults, or
  - leave the pooler out: FAULTS_WITHOUT=pooler npm run test:faults
`;

/** @returns undefined when there is none  @throws Error when PGBOUNCER_PATH names none that starts */
export function findPgBouncer(named = process.env['PGBOUNCER_PATH']): PgBouncer | undefined {
  if (named) {
    const found = started(named);
    if (!found) throw new Error(`PGBOUNCER_PATH=${named} is no PgBouncer that starts.`);
    return found;
  }
  return USUAL.map((path) => started(path)).find(Boolean) ?? unpacked();
}

function started(path: string, env: Record<string, string> = {}): PgBouncer | undefined {
  if (!existsSync(path)) return undefined;
  const { stdout } = spawnSync(path, ['-V'], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 10_000 });
  const version = /PgBouncer (\S+)/.exec(stdout)?.[1];
  return version === undefined ? undefined : { path, version, env };
}

function unpacked(): PgBouncer | undefined {
  const libraries = join(HOME, 'usr/lib');
  if (!existsSync(libraries)) return undefined;
  const folders = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.name.includes('-linux-'));
  const path = folders.map(({ name }) => join(libraries, name)).join(':');
  return started(join(HOME, 'usr/sbin/pgbouncer'), { LD_LIBRARY_PATH: path });
}

/** Debian's own and its libraries, unpacked and not installed. All or nothing: the folder gets its name at the end. */
function fetchFromDebian(): PgBouncer | undefined {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  say('No PgBouncer here: unpacking Debian’s into node_modules/.cache (once) ...');
  mkdirSync(CACHE, { recursive: true });
  const temporary = mkdtempSync(join(CACHE, 'unpacking-'));
  try {
    const fetched = (): boolean => ran('apt-get', ['download', '-q', ...packages()], temporary);
    // without lists of packages it is not found; only root may fetch those
    if (!fetched() && !(process.getuid?.() === 0 && ran('apt-get', ['update', '-q'], temporary) && fetched()))
      return undefined;
    for (const file of readdirSync(temporary).filter((name) => name.endsWith('.deb')))
      if (!ran('dpkg-deb', ['-x', file, 'root'], temporary)) return undefined;
    rmSync(HOME, { recursive: true, force: true });
    renameSync(join(temporary, 'root'), HOME);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return unpacked();
}

function packages(): string[] {
  const { stdout } = spawnSync('apt-cache', ['depends', '--important', 'pgbouncer'], { encoding: 'utf8' });
  return ['pgbouncer', ...[...(stdout ?? '').matchAll(LIBRARY)].map(([, name]) => name as string)];
}

function ran(command: string, args: string[], cwd: string): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 120_000,
  });
  if (error) say(`${command}: ${error.message}`);
  return status === 0;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function main(): void {
  if (process.env['FAULTS_WITHOUT']?.split(',').includes('pooler'))
    return say('The pooler is left out, as FAULTS_WITHOUT says.');
  const found = findPgBouncer() ?? fetchFromDebian();
  if (!found) throw new Error(HELP.trim());
  say(`PgBouncer ${found.version}: ${found.path}`);
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    say((error as Error).message);
    process.exitCode = 1;
  }
}
