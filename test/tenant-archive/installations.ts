import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { lockDatabase, urlFor } from '../../src/database/bootstrap/bootstrap.js';
import { migrate } from '../../src/database/migrator.js';
import { KeyRing } from '../../src/config/index.js';
import { carriedTables, type CarriedTable, DERIVED } from '../../src/modules/platform/tenant-archive/catalogue.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../src/modules/storage/index.js';
import { COMMANDS } from '../../src/start/cli/commands.js';
import { runCli } from '../../src/start/cli/run.js';
import type { Connections } from '../../src/start/home.js';
import { startApp, type TestApp } from '../support/app.js';
import { TestDatabase } from '../support/database.js';
import { sha256 } from '../support/transfer.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** A database, a store of files and the command line of both. */
export interface Installation {
  db: TestDatabase;
  app: TestApp;
  store: StorageDriver;
  run(...args: string[]): Promise<Ran>;
}

/** Runs on a database, with a folder of its own and, unless the store is shared, files of its own. */
export async function installation(db: TestDatabase, storage?: NodeJS.ProcessEnv): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-moves-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  const files = (storage ?? { STORAGE_DIR: folder }) as Record<string, string>;
  const key = randomBytes(32);
  const ring = new KeyRing('k1', new Map([['k1', key]]));
  const KEY_RING_FILE = join(folder, 'ring.json');
  await writeFile(KEY_RING_FILE, JSON.stringify({ current: 'k1', keys: { k1: key.toString('base64') } }));
  const app = await startApp(db, files, (builder) => builder.overrideProvider(KeyRing).useValue(ring));
  const env = { ...files, KEY_RING_FILE, SERVICE_DATABASE_URL: db.connections.service, RINGFENCE_HOME: folder };
  const run = async (...args: string[]): Promise<Ran> => {
    const [out, err]: [string[], string[]] = [[], []];
    const terminal = { env, out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
    return { code: await runCli(args, COMMANDS, terminal), out: out.join('\n'), err: err.join('\n') };
  };
  return { db, app, store: app.nest.get<StorageDriver>(STORAGE_DRIVER, { strict: false }), run };
}

/** Another database of the same server, migrated and empty, until the spec's own goes. */
export async function emptyDatabase(db: TestDatabase): Promise<TestDatabase> {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const connections = Object.fromEntries(
    Object.entries(db.connections).map(([role, url]) => [role, urlFor(url as string, { database: name })]),
  ) as unknown as Connections;
  const admin = async (url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await work(client).finally(() => client.end());
  };
  const server = urlFor(db.connections.admin, { database: 'postgres' });
  await admin(server, async (client) => {
    await client.query(`create database ${name} template template0 strategy file_copy owner postgres`);
    await lockDatabase(client, name);
  });
  const lockdown = await readFile('src/database/bootstrap/lockdown.sql', 'utf8');
  await admin(connections.admin, (client) => client.query(lockdown));
  await migrate(connections.owner);
  const made = new TestDatabase(connections, db.world);
  db.beforeDrop(async () => {
    await made.close().finally(() => admin(server, (client) => client.query(`drop database ${name} with (force)`)));
  });
  return made;
}

/** Rows of one tenant in every table that travels or follows, as sorted texts; of each table only the columns that travel. */
export async function rowsOf(db: TestDatabase, tenantId: string): Promise<Record<string, string[]>> {
  const admin = await db.as('admin');
  await admin.query(`set timezone = 'UTC'`);
  const rows: Record<string, string[]> = {};
  for (const table of [...carriedTables(), ...DERIVED] as CarriedTable[]) {
    const { name, columns, without = [], where = 't.tenant_id = $1' } = table;
    const values = columns.filter((column) => !without.includes(column)).map((column) => `t.${column}::text`);
    const found = await admin.query<{ row: string }>(
      `select array_to_json(array[${values.join()}])::text as row from ${name} t where ${where} order by 1`,
      [tenantId],
    );
    rows[name] = found.rows.map(({ row }) => row);
  }
  await admin.end();
  return rows;
}

/** A file at a deal, with its bytes in the store. @returns the object's key */
export async function plantFile(
  { db, store }: Installation,
  tenantId: string,
  dealId: string,
  content: Buffer,
  name = 'offer.txt',
): Promise<string> {
  return db.service(async (client) => {
    const [file] = await client.query<{ id: string; by: string }>(
      `insert into app.files (tenant_id, resource_type, resource_id, name, current, created_by)
         select $1, 'deal', d.id, $3, 1, d.owner_id from app.deals d where d.tenant_id = $1 and d.id = $2 returning id, created_by as by`,
      [tenantId, dealId, name],
    );
    const [version] = await client.query<{ key: string }>(
      `insert into app.file_versions (tenant_id, file_id, number, content_type, size, sha256, upload_key, object_key, status, created_by, completed_at)
         values ($1, $2::uuid, 1, 'text/plain', $3, $4, concat_ws('/', $1::uuid, $2::uuid, gen_random_uuid()),
                 concat_ws('/', $1::uuid, $2::uuid, gen_random_uuid()), 'ready', $5, now()) returning object_key as key`,
      [tenantId, file?.id, content.length, sha256(content), file?.by],
    );
    await client.query(
      `insert into app.storage_usage (tenant_id, bytes) values ($1, app.charged($2))
         on conflict (tenant_id) do update set bytes = app.storage_usage.bytes + excluded.bytes`,
      [tenantId, content.length],
    );
    const key = version?.key ?? '';
    await store.write(key, Readable.from([content]), { contentType: 'text/plain' });
    return key;
  });
}

/** Objects of a tenant by their keys, or of all. */
export async function objectsOf(store: StorageDriver, prefix: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list(prefix)) found[key] = sha256(await buffer(await store.read(key)));
  return found;
}
