/** The benchmark's own PostgreSQL: the embedded server in a directory that is thrown away, with the project's schema. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bootstrapDatabase, urlFor } from '../../dist/src/database/bootstrap/bootstrap.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/index.js';
import { migrate } from '../../dist/src/database/migrator.js';

const NAME = 'ringfence_bench';
/** Rows are read only, and the directory does not outlive the run: no need to wait for a disk. */
const SETTINGS = { fsync: 'off', shared_buffers: '512MB', max_wal_size: '4GB', autovacuum: 'off' };

const password = () => randomBytes(24).toString('base64url');

export async function startDatabase(home, cleanup) {
  const starting = startEmbeddedPostgres({ home, settings: SETTINGS });
  // registered before it is there: an interrupted start must be waited for, or it would outlive us
  cleanup(async () => (await starting.catch(() => undefined))?.stop());
  const server = await starting;
  const urls = await bootstrapDatabase(server.adminUrl, NAME, {
    owner: password(),
    app: password(),
    auth: password(),
    service: password(),
  });
  await migrate(urls.owner);
  return { ...urls, admin: urlFor(server.adminUrl, { database: NAME }) };
}

/** Statistics and visibility map as a server that has run for a while has them. @returns the server's version */
export async function settle(adminUrl) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    const { rows } = await client.query('show server_version');
    return rows[0].server_version;
  } finally {
    await client.end();
  }
}
