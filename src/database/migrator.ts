import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/index.js';

/** Where TypeORM notes which migrations ran: a schema of its own, which the application may read. */
export const MIGRATIONS_SCHEMA = 'meta';
export const MIGRATIONS_TABLE = 'migrations';

/** DataSource options of the migrator: the owner's URL, no entities, no synchronize, one connection. */
export function migratorOptions(ownerUrl: string): DataSourceOptions {
  return {
    type: 'postgres',
    url: ownerUrl,
    schema: MIGRATIONS_SCHEMA,
    migrations,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: 1,
    applicationName: 'ringfence-migrator',
  };
}

/** Runs what is pending, each migration in a transaction of its own. @returns the names of those that ran */
export async function migrate(ownerUrl: string): Promise<string[]> {
  return withMigrator(ownerUrl, async (source) => (await source.runMigrations()).map((migration) => migration.name));
}

/**
 * Takes back the last migration, with the rows of what it made.
 * @param name which one that is meant to be
 * @returns whether it was; if not, nothing has changed
 */
export async function revertLast(ownerUrl: string, name: string): Promise<boolean> {
  return withMigrator(ownerUrl, async (source) => {
    const [last] = await source.query<{ name: string }[]>(
      `select name from ${MIGRATIONS_SCHEMA}.${MIGRATIONS_TABLE} order by id desc limit 1`,
    );
    if (last?.name !== name) return false;
    await source.undoLastMigration();
    return true;
  });
}

/** Takes back every migration that ran, newest first. For tests and for throwing a database away. */
export async function revertAll(ownerUrl: string): Promise<void> {
  await withMigrator(ownerUrl, async (source) => {
    const ran = await source.query<unknown[]>(`select 1 from ${MIGRATIONS_SCHEMA}.${MIGRATIONS_TABLE}`);
    for (let left = ran.length; left > 0; left -= 1) await source.undoLastMigration();
  });
}

async function withMigrator<T>(ownerUrl: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = new DataSource(migratorOptions(ownerUrl));
  await source.initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}
