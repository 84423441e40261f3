import { execFile, spawn } from 'node:child_process';
import { appendFile, chown, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { serverAccount } from '../../src/database/embedded/account.js';
import { locateBinaries } from '../../src/database/embedded/binaries.js';
import { letThrough, openHome } from '../../src/database/embedded/home.js';
import { endServer } from '../../src/database/embedded/orphan.js';
import { readPostmasterFile } from '../../src/database/embedded/postmaster-file.js';
import { chooseRunner, invocation } from '../../src/database/embedded/runner.js';
import { TcpProxy } from './tcp-proxy.js';

const run = promisify(execFile);
const SLOT = 'faults';

/** A second server that follows the first one, and may become its successor. */
export class Standby {
  constructor(
    readonly port: number,
    readonly adminUrl: string,
    private readonly pid: number,
  ) {}

  /**
   * Copies the data of a server that runs, starts the copy, and has the first server wait for it at each COMMIT: what was
   * acknowledged is on both.
   */
  static async of(primaryHome: string, adminUrl: string, path: string): Promise<Standby> {
    const source = await openHome(primaryHome);
    const home = await openHome(path);
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    try {
      await admin.query('select pg_create_physical_replication_slot($1, true)', [SLOT]);
      await admin.query('select pg_backup_start($1, true)', [SLOT]);
      await mkdir(home.data, { mode: 0o700 });
      await copy(source.data, home.data);
      const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      await writeFile(join(home.data, 'backup_label'), rows[0]?.labelfile ?? '');
      await writeFile(join(home.data, 'standby.signal'), '');
      const { uid, gid } = await stat(home.data);
      for (const name of ['backup_label', 'standby.signal']) await chown(join(home.data, name), uid, gid);
      const { port, password } = new URL(adminUrl);
      const from = `host=127.0.0.1 port=${port} user=postgres password=${password}`;
      await appendFile(
        join(home.data, 'postgresql.auto.conf'),
        `primary_conninfo = '${from}'\nprimary_slot_name = '${SLOT}'\n`,
      );
      const standby = await launch(path, password);
      await until(async () => {
        const { rowCount } = await admin.query(`select from pg_stat_replication where state = 'streaming'`);
        return rowCount === 1;
      });
      await admin.query(`alter system set synchronous_standby_names = '*'`);
      await admin.query('select pg_reload_conf()');
      await until(async () => {
        const { rowCount } = await admin.query(`select from pg_stat_replication where sync_state = 'sync'`);
        return rowCount === 1;
      });
      return standby;
    } finally {
      await admin.end();
    }
  }

  /** Makes it the one that takes changes. Ends when it does. */
  async promote(): Promise<void> {
    const admin = new pg.Client({ connectionString: this.adminUrl });
    await admin.connect();
    try {
      const { rows } = await admin.query<{ done: boolean }>('select pg_promote(true, 30) as done');
      if (!rows[0]?.done) throw new Error('The standby was not promoted.');
    } finally {
      await admin.end();
    }
  }

  stop(): Promise<void> {
    return endServer(this.pid);
  }
}

/** All but the WAL, what is the server's own for as long as it runs, and its slots. A file that goes meanwhile is no fault. */
async function copy(from: string, to: string): Promise<void> {
  const left = ['./pg_wal/*', './postmaster.pid', './postmaster.opts', './pg_replslot/*'].map(
    (one) => `--exclude='${one}'`,
  );
  const script = `(tar -C "$1" ${left.join(' ')} -cf - . || [ $? -eq 1 ]) | tar -C "$2" -xpf -`;
  await run('/bin/bash', ['-o', 'pipefail', '-c', script, 'copy', from, to]);
}

async function launch(path: string, password: string): Promise<Standby> {
  const binaries = await locateBinaries();
  const home = await openHome(path);
  const account = await serverAccount(home); // the owner of the copy, who is the owner of the original
  if (account) await letThrough(home, account);
  const runner = await chooseRunner(home, binaries, account);
  const probe = new TcpProxy(0);
  await probe.open();
  await probe.close(); // its port is free now
  const log = await open(home.log, 'a', 0o600);
  const settings = [
    `port=${probe.port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'jit=off',
  ];
  const args = ['-D', home.data, ...settings.flatMap((setting) => ['-c', setting])];
  const { file, args: argv, options } = invocation(runner, binaries.postgres, args);
  const child = spawn(file, argv, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`The standby ended; see ${home.log}.`);
    return (await readPostmasterFile(home.data))?.status === 'ready';
  });
  return new Standby(
    probe.port,
    `postgres://postgres:${password}@127.0.0.1:${probe.port}/postgres`,
    child.pid as number,
  );
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > end) throw new Error('The standby did not follow within 30 seconds.');
}
