import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';

/** The schema or the role is not what the fence stands on. The message says what is wrong and how to mend it. */
export class UnsafeDatabaseError extends Error {
  override name = 'UnsafeDatabaseError';
  constructor(readonly faults: string[]) {
    super(`Ringfence does not serve on this database:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** @throws UnsafeDatabaseError naming the migrations that this version needs and the database has not seen */
export async function assertMigrated(source: DataSource): Promise<void> {
  const faults = await migrationFaults(source);
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}

async function migrationFaults(source: DataSource): Promise<string[]> {
  const mend = 'run `npm run ringfence -- db migrate` with OWNER_DATABASE_URL set';
  const [there] = await source.query<{ there: boolean }[]>(
    `select to_regclass('meta.migrations') is not null as there`,
  );
  if (!there?.there) return [`no migration has run: ${mend}`];
  const ran = new Set(
    (await source.query<{ name: string }[]>('select name from meta.migrations')).map((row) => row.name),
  );
  const wanted = migrations.map((migration) => migration.name);
  const pending = wanted.filter((name) => !ran.has(name));
  return pending.length > 0 ? [`migrations are pending (${pending.join(', ')}): ${mend}`] : [];
}
