import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { bootstrapDatabase } from '../../src/database/bootstrap/bootstrap.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/index.js';
import { migrate } from '../../src/database/migrator.js';
import { TestDatabase } from '../support/database.js';
import { HARDLY_LIMITED } from '../support/hardly-limited.js';
import { ownScanner } from '../support/scanners.js';
import { s3Server } from '../support/s3-server.js';
import { plantWorld } from '../support/world.js';
import { Child } from './child.js';
import { TcpProxy } from './tcp-proxy.js';

/** An installation of its own: server, worker, database, store and scanner, the two stores behind proxies. */
export class Stage {
  server!: Child;
  worker!: Child;
  url = '';
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(
    private readonly home: string,
    private postgres: EmbeddedPostgres,
    readonly database: TcpProxy,
    readonly store: TcpProxy,
    readonly s3: Awaited<ReturnType<typeof s3Server>>['options'],
    readonly db: TestDatabase,
    private readonly env: Record<string, string>,
  ) {}

  static async open(): Promise<Stage> {
    const home = await mkdtemp(join(tmpdir(), 'ringfence-faults-'));
    const postgres = await startEmbeddedPostgres({ home: join(home, 'database') });
    const password = (): string => randomBytes(18).toString('base64url');
    const passwords = { owner: password(), app: password(), auth: password(), service: password() };
    const direct = await bootstrapDatabase(postgres.adminUrl, 'faults', passwords);
    await migrate(direct.owner);
    const world = await plantWorld(direct.service);
    const database = new TcpProxy(postgres.port);
    const s3 = await s3Server();
    const store = new TcpProxy(Number(new URL(s3.options.endpoint as string).port));
    await Promise.all([database.open(), store.open()]);
    const scanner = await ownScanner();
    const through = (text: string): string =>
      Object.assign(new URL(text), { port: String(database.port), pathname: '/faults' }).href;
    const connections = Object.fromEntries(
      Object.entries({ admin: postgres.adminUrl, ...direct }).map(([role, url]) => [role, through(url)]),
    ) as unknown as TestDatabase['connections'];
    const db = new TestDatabase(connections, world);
    const options = { ...s3.options, endpoint: `http://127.0.0.1:${store.port}` };
    const env = await environment(home, connections, options, scanner.url);
    const stage = new Stage(home, postgres, database, store, options, db, env);
    stage.closers.push(scanner.close, s3.close);
    await stage.serve();
    await stage.work();
    return stage;
  }

  get ringFile(): string {
    return this.env['KEY_RING_FILE'] as string;
  }

  /** As the superuser, over a connection of its own: others may have been cut. */
  async look<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.db.connections.admin });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async work(): Promise<void> {
    this.worker = await Child.start('src/worker.ts', /works on jobs/, { ...this.env, WORKER_PORT: '0' });
  }

  /** Ends all sessions, and is away for a while. */
  async restartDatabase(awayMs: number): Promise<void> {
    await this.postgres.stop();
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    this.postgres = await startEmbeddedPostgres({ home: join(this.home, 'database') });
    this.database.target = this.postgres.port;
  }

  async close(): Promise<void> {
    await this.worker.end('SIGTERM');
    await this.server.end('SIGTERM');
    await this.db.close();
    await Promise.all([this.store.close(), this.database.close(), ...this.closers.map((close) => close())]);
    await this.postgres.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  private async serve(): Promise<void> {
    this.server = await Child.start('src/main.ts', /listens on/, { ...this.env, JOBS: 'off' });
    this.url = this.env['PUBLIC_URL'] as string;
  }
}

async function environment(
  home: string,
  { app, auth }: TestDatabase['connections'],
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
