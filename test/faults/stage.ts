import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { bootstrapDatabase } from '../../src/database/bootstrap/bootstrap.js';
import { serverAccount } from '../../src/database/embedded/account.js';
import { openHome } from '../../src/database/embedded/home.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { migrate } from '../../src/database/migrator.js';
import { TestDatabase } from '../support/database.js';
import { HARDLY_LIMITED } from '../support/hardly-limited.js';
import { ownScanner } from '../support/scanners.js';
import { s3Server } from '../support/s3-server.js';
import { plantWorld } from '../support/world.js';
import { Child } from './child.js';
import { Pooler } from './pooler.js';
import type { Standby } from './standby.js';
import { TcpProxy } from './tcp-proxy.js';

const DATABASE = 'faults';

interface StageOptions {
  /** PgBouncer between the application and its database */
  pooler?: boolean;
  /** of the server of the database */
  settings?: Readonly<Record<string, string>>;
  /** of the application */
  env?: Readonly<Record<string, string>>;
}

type Postgres = Pick<EmbeddedPostgres, 'port' | 'adminUrl' | 'stop'>;

/**
 * An installation of its own: server, worker, database, store and scanner. The application reaches database and store at
 * addresses that stay, whoever stands behind them; with a pooler it asks that, and the pooler asks the database's address.
 */
export class Stage {
  server!: Child;
  worker!: Child;
  pooler?: Pooler;
  url = '';
  private postgres!: Postgres;
  readonly database = new TcpProxy(0);
  store!: TcpProxy;
  s3!: Awaited<ReturnType<typeof s3Server>>['options'];
  /** its connections go the application's way, except the administrator's and the owner's */
  db!: TestDatabase;
  private env: Record<string, string> = {};
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly home: string,
    private readonly options: StageOptions,
  ) {}

  static async open(options: StageOptions = {}): Promise<Stage> {
    const home = await mkdtemp(join(tmpdir(), 'ringfence-faults-'));
    await chmod(home, 0o711); // servers run as another account
    const stage = new Stage(home, options);
    try {
      await stage.build();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  get ringFile(): string {
    return this.env['KEY_RING_FILE'] as string;
  }

  /** of the server that is in charge, past everything that stands in between */
  get adminUrl(): string {
    return Object.assign(new URL(this.postgres.adminUrl), { pathname: `/${DATABASE}` }).href;
  }

  get serverPort(): number {
    return this.postgres.port;
  }

  /** As the superuser, over a connection of its own: others may have been cut. */
  async look<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.adminUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async serve(): Promise<void> {
    this.server = await Child.start('src/main.ts', /listens on/, { ...this.env, JOBS: 'off' });
  }

  async work(): Promise<void> {
    this.worker = await Child.start('src/worker.ts', /works on jobs/, { ...this.env, WORKER_PORT: '0' });
  }

  get databaseHome(): string {
    return join(this.home, 'database');
  }

  /** Ends all sessions, and is away until startDatabase. */
  stopDatabase(): Promise<void> {
    return this.postgres.stop();
  }

  async startDatabase(): Promise<void> {
    this.postgres = await startEmbeddedPostgres({ home: this.databaseHome, settings: this.options.settings });
    this.database.target = this.postgres.port;
  }

  /** All processes of the server of the database, the first one first. */
  async databaseProcesses(): Promise<number[]> {
    const file = await readFile(join(this.databaseHome, 'postgres', 'postmaster.pid'), 'utf8');
    const first = parseInt(file);
    const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8');
    return [first, ...children.trim().split(' ').filter(Boolean).map(Number)];
  }

  /** The server of the database is gone without a word, and the address leads to its standby. */
  async failOver(standby: Standby): Promise<void> {
    const [first] = await this.databaseProcesses();
    process.kill(first as number, 'SIGKILL');
    await this.database.close();
    await this.postgres.stop();
    this.postgres = standby;
    this.database.target = standby.port;
    await this.database.open();
  }

  /** To a folder that the server may write; while it is stopped. */
  async moveWriteAheadLog(to: string): Promise<void> {
    const log = join(this.databaseHome, 'postgres', 'pg_wal');
    await promisify(execFile)('cp', ['-a', `${log}/.`, to]);
    await rm(log, { recursive: true });
    await symlink(to, log);
  }

  /** @param last what is done when all has ended, before its files go */
  async close(last: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.worker?.end('SIGTERM');
    await this.server?.end('SIGTERM');
    await this.db?.close();
    await this.pooler?.end('SIGTERM');
    await Promise.all([this.store?.close(), this.database.close(), ...this.closers.map((close) => close())]);
    await this.postgres?.stop();
    await last();
    await rm(this.home, { recursive: true, force: true });
  }

  private async build(): Promise<void> {
    await this.database.open();
    await this.startDatabase();
    const password = (): string => randomBytes(18).toString('base64url');
    const passwords = { owner: password(), app: password(), auth: password(), service: password() };
    const direct = await bootstrapDatabase(this.postgres.adminUrl, DATABASE, passwords);
    await migrate(direct.owner);
    const world = await plantWorld(direct.service);
    const s3 = await s3Server();
    const scanner = await ownScanner();
    this.closers.push(s3.close, scanner.close);
    this.s3 = s3.options;
    this.store = new TcpProxy(Number(new URL(s3.options.endpoint as string).port));
    await this.store.open();
    if (this.options.pooler) await this.pool();
    const port = String(this.pooler?.port ?? this.database.port);
    const through = (text: string): string => Object.assign(new URL(text), { port, pathname: `/${DATABASE}` }).href;
    const [app, auth, service] = [direct.app, direct.auth, direct.service].map(through) as [string, string, string];
    this.db = new TestDatabase({ ...direct, admin: this.adminUrl, app, auth, service }, world);
    this.s3 = { ...s3.options, endpoint: `http://127.0.0.1:${this.store.port}` };
    this.env = { ...(await environment(this.home, this.db.connections, this.s3, scanner.url)), ...this.options.env };
    if (this.pooler) this.env['DATABASE_STARTUP_OPTIONS'] = 'false';
    this.url = this.env['PUBLIC_URL'] as string;
    await this.serve();
    await this.work();
  }

  private async pool(): Promise<void> {
    const verifiers = await this.look<{ rolname: string; rolpassword: string }>(
      `select rolname, rolpassword from pg_authid where rolname in ('ringfence_app', 'ringfence_auth', 'ringfence_service')`,
    );
    const account = await serverAccount(await openHome(this.databaseHome));
    this.pooler = await Pooler.start({
      home: this.home,
      database: DATABASE,
      serverPort: this.database.port,
      verifiers,
      account,
    });
  }
}

async function environment(
  home: string,
  { app, auth, service }: TestDatabase['connections'],
  s3: Stage['s3'],
  scanner: string,
): Promise<Record<string, string>> {
  const ring = { current: 'k1', keys: { k1: randomBytes(32).toString('base64') } };
  await writeFile(join(home, 'keys.json'), JSON.stringify(ring), { mode: 0o600 });
  const probe = new TcpProxy(0);
  await probe.open();
  await probe.close(); // its port is free now
  return {
    RINGFENCE_HOME: home,
    KEY_RING_FILE: join(home, 'keys.json'),
    PORT: String(probe.port),
    PUBLIC_URL: `http://127.0.0.1:${probe.port}`,
    APP_DATABASE_URL: app,
    AUTH_DATABASE_URL: auth,
    SERVICE_DATABASE_URL: service,
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: s3.endpoint as string,
    S3_BUCKET: s3.bucket,
    S3_PREFIX: s3.prefix.replace(/\/$/, ''),
    S3_PATH_STYLE: 'true',
    S3_ACCESS_KEY_ID: s3.credentials?.accessKeyId ?? '',
    S3_SECRET_ACCESS_KEY: s3.credentials?.secretAccessKey ?? '',
    CLAMD_URL: scanner,
    LOG_LEVEL: 'warn',
    ...HARDLY_LIMITED,
  };
}
