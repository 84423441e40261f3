import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError, reason } from './error.js';
import type { Home } from './home.js';
import { logTail, openLog } from './log.js';
import { endServer } from './orphan.js';
import { readPostmasterFile } from './postmaster-file.js';
import { invocation, type Runner } from './runner.js';

const ATTEMPTS = 5;
/** Crash recovery of a large database takes its time. */
const READY_MS = 60_000;
/** Worth another try with another port: it was taken between our choice and the server's, or backends still die. */
const TRANSIENT = /could not bind|address already in use|pre-existing shared memory block/i;

/** What the development server runs with; the caller's settings override these. */
const DEFAULTS: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  password_encryption: 'scram-sha-256',
  max_connections: '100',
  // Back-office queries are short: compiling them costs more than it saves.
  jit: 'off',
  // Values of parameters are tenants' data and secrets: not for the log.
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
};

export interface LaunchOptions {
  home: Home;
  postgres: string;
  runner: Runner;
  password: string;
  settings?: Readonly<Record<string, string>>;
  /** Replaced in tests to hit a taken port. */
  choosePort?: () => Promise<number>;
}

export interface Server {
  pid: number;
  port: number;
  adminUrl: string;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1 and waits until it answers. */
export async function launch(options: LaunchOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await (options.choosePort ?? freePort)();
    const { log, child } = await spawnServer(options, port);
    try {
      await untilReady(options, child);
      const adminUrl = `postgres://postgres:${options.password}@127.0.0.1:${port}/postgres`;
      await checkLogin(adminUrl);
      return { pid: child.pid as number, port, adminUrl, stop: () => stopChild(child) };
    } catch (error) {
      await stopChild(child);
      const tail = await logTail(options.home, log);
      if (attempt < ATTEMPTS && TRANSIENT.test(tail)) {
        await delay(50 * attempt);
        continue;
      }
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL did not start: ${reason(error)}. Last lines of ${options.home.log}:\n${tail}\n` +
          'Fix the cause and start again, or set DATABASE_URL to a PostgreSQL server of your own.',
      );
    }
  }
}

/**
 * Starts the process `detached`, that is in a session of its own: a terminal's Ctrl-C goes to the whole foreground
 * group, and the server would end before our application has drained its requests.
 */
async function spawnServer(options: LaunchOptions, port: number): Promise<{ child: ChildProcess; log: number }> {
  const log = await openLog(options.home);
  const args = ['-D', options.home.data, ...settingArgs(options.settings, port)];
  const { file, args: argv, options: how } = invocation(options.runner, options.postgres, args);
  try {
    const child = spawn(file, argv, { ...how, detached: true, stdio: ['ignore', log.fd, log.fd] });
    // A failed spawn shows as a missing pid below; without a listener it would end our process.
    child.on('error', () => undefined);
    // The server must not keep our event loop alive; `stop` waits for it by polling.
    child.unref();
    return { child, log: log.offset };
  } finally {
    await log.close();
  }
}

function settingArgs(settings: Readonly<Record<string, string>> | undefined, port: number): string[] {
  // Last wins: nobody can open the server beyond the loopback address by a setting.
  const fixed = { port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const all = { ...DEFAULTS, ...settings, ...fixed };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server reports its state in its own pid file: unlike a connection, that cannot be another server's answer. */
async function untilReady({ home }: LaunchOptions, child: ChildProcess): Promise<void> {
  if (child.pid === undefined) throw new Error('the program could not be executed');
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (hasExited(child)) throw new Error(`it ended with ${child.signalCode ?? `code ${child.exitCode}`}`);
    const file = await readPostmasterFile(home.data);
    if (file?.pid === child.pid && file.status === 'ready') return;
    await delay(10);
  }
  throw new Error(`it was not ready after ${READY_MS / 1000} s`);
}

async function checkLogin(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`the superuser cannot sign in (${reason(error)})`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasExited(child)) return;
  await endServer(child.pid);
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
