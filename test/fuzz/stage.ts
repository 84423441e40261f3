import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../src/context/index.js';
import { VARIABLES } from '../../src/config/config.js';
import { startApp } from '../support/app.js';
import { WEBAUTHN } from '../support/authenticator.js';
import type { TestDatabase } from '../support/database.js';
import { TestClock } from '../support/totp.js';
import type { Stage } from './cast.js';
import { hangUp } from './wire.js';

/** What is drawn at random is drawn anew with another one. */
export const SEED = Number(process.env['FUZZ_SEED'] ?? 7);

/** Connections of the application's pool: few, so that one that is not given back is missed soon. */
const POOL = 3;

/** The application with every limit raised as far as it goes, files of its own, and sealing. */
export async function fuzzStage(db: TestDatabase, imports: unknown[] = []): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfence-fuzz-'));
  db.beforeDrop(() => rm(folder, { recursive: true, force: true }));
  const clock = new TestClock();
  const limits = VARIABLES.filter((name) => /^RATE_LIMIT_/.test(name)).map((name) => [name, '1000000'] as const);
  const env = {
    ...WEBAUTHN,
    ...Object.fromEntries(limits),
    GUESSES_PER_ADDRESS: '100000',
    APP_POOL_SIZE: String(POOL),
    AUDIT_SEAL_INTERVAL_MS: '100',
    STORAGE_DIR: folder,
    STORAGE_FREE_BYTES_AT_LEAST: '0',
  };
  const app = await startApp(db, env, (builder) => builder.overrideProvider(Clock).useValue(clock), imports);
  db.beforeDrop(async () => hangUp());
  const admin = await db.as('admin');
  return {
    app,
    db,
    clock,
    forgive: () => admin.query('delete from auth.guesses'),
    makeRoom: () => admin.query(tooMany('app.api_keys', 80) + tooMany('app.webhooks', 15)),
  };
}

/** A tenant may have so many of them; what is deleted is nobody's any more, and who needs one makes another. */
const tooMany = (table: string, most: number): string => `
  delete from ${table} t where (select count(*) from ${table} o where o.tenant_id = t.tenant_id) > ${most};`;

/** What the application's connections are at, when nobody asks anything: not one is busy, or in a transaction. */
export async function busyConnections({ db }: Stage): Promise<string[]> {
  const admin = await db.as('admin');
  for (let tries = 0; ; tries += 1) {
    const { rows } = await admin.query<{ busy: string }>(
      `select usename || ' ' || state || ': ' || left(query, 80) as busy from pg_stat_activity
        where datname = current_database() and usename in ('ringfence_app', 'ringfence_service') and state <> 'idle'
          and application_name <> 'ringfence-test'`,
    );
    if (rows.length === 0 || tries === 20) return rows.map(({ busy }) => busy);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
