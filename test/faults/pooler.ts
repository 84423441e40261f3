import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { TcpProxy } from './tcp-proxy.js';
import { findPgBouncer, type PgBouncer } from './pgbouncer.js';

/** A role and its SCRAM verifier as the server keeps it: no password lies beside the pooler. */
export type Verifiers = readonly { rolname: string; rolpassword: string }[];

interface PoolerOptions {
  home: string;
  database: string;
  /** of the server behind it, on 127.0.0.1 */
  serverPort: number;
  verifiers: Verifiers;
  /** not root: PgBouncer refuses that */
  account?: { uid: number; gid: number };
  settings?: Readonly<Record<string, string>>;
}

/** As docs/operations.md says to set it; the tests hold it to that. */
export const POOLER_SETTINGS: Readonly<Record<string, string>> = {
  pool_mode: 'transaction',
  server_reset_query: 'DISCARD ALL',
  server_reset_query_always: '1',
  query_wait_timeout: '5',
  server_login_retry: '1',
  server_connect_timeout: '5',
  server_lifetime: '600',
};

/** PgBouncer in transaction mode, at a port that stays, signing in by SCRAM on both its sides. */
export class Pooler {
  private child?: ChildProcess;

  private constructor(
    private readonly program: PgBouncer,
    private readonly options: PoolerOptions,
    private readonly file: string,
    readonly port: number,
  ) {}

  static async start(options: PoolerOptions): Promise<Pooler> {
    const program = findPgBouncer();
    if (!program) throw new Error('There is no PgBouncer: run `node test/faults/pgbouncer.ts`.');
    const probe = new TcpProxy(0);
    await probe.open();
    await probe.close(); // its port is free now
    const home = join(options.home, `pooler-${probe.port}`);
    await mkdir(home, { mode: 0o700 });
    const file = join(home, 'pgbouncer.ini');
    const users = join(home, 'users.txt');
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: String(probe.port),
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: users,
      max_client_conn: '200',
      default_pool_size: '8',
      ...POOLER_SETTINGS,
      ...options.settings,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    const target = `${options.database} = host=127.0.0.1 port=${options.serverPort}`;
    await writeFile(file, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'), { mode: 0o600 });
    const known = options.verifiers.map(({ rolname, rolpassword }) => `"${rolname}" "${rolpassword}"\n`);
    await writeFile(users, known.join(''), { mode: 0o600 });
    const { account } = options;
    if (account) for (const path of [home, file, users]) await chown(path, account.uid, account.gid);
    const pooler = new Pooler(program, options, file, probe.port);
    await pooler.again();
    return pooler;
  }

  /** Starts it, at the same port. */
  async again(): Promise<void> {
    const { account } = this.options;
    this.child = spawn(this.program.path, ['-q', this.file], {
      env: { PATH: process.env['PATH'] ?? '', ...this.program.env },
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      ...account,
    });
    let written = '';
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (written = (written + text).slice(-4_000)));
    for (let left = 100; !(await answers(this.port)); left -= 1) {
      if (left === 0 || this.child.exitCode !== null) throw new Error(`PgBouncer did not start:\n${written}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async end(name: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(name);
    await gone;
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true))).once('error', () => resolve(false));
  });
