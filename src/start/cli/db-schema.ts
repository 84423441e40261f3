import { migrations } from '../../../migrations/index.js';
import { appDataSource } from '../../database/data-sources.js';
import { readCatalogue } from '../../database/catalogue.js';
import { assertMigrated, UnsafeDatabaseError } from '../../database/index.js';
import { migrate, MIGRATIONS_SCHEMA, MIGRATIONS_TABLE, revertLast } from '../../database/migrator.js';
import { tryStatements } from '../../database/raw-client.js';
import { assertIsolated } from '../../modules/doctor/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { urlOf } from './home-of.js';

const WAIT_MS = 5_000;
const UNDEFINED_TABLE = '42P01';

/** `db migrate`: runs what is pending and names it. */
export async function dbMigrate({ env, out }: Invocation): Promise<number> {
  const ran = await migrate(await urlOf(env, 'owner', 'OWNER_DATABASE_URL'));
  if (ran.length === 0) out('Nothing is pending: the schema is up to date.');
  else for (const name of ran) out(`ran  ${name}`);
  return 0;
}

/** `db revert`: takes back the last migration. @throws CliError for another one */
export async function dbRevert({ env, out, words: [name = ''] }: Invocation): Promise<number> {
  if (!(await revertLast(await urlOf(env, 'owner', 'OWNER_DATABASE_URL'), name)))
    throw new CliError(`${name} is not the last migration that ran: \`db status\` names them in order.`);
  out(`took back  ${name}`);
  return 0;
}

/** `db status`: each migration, then what the server checks before it serves. Exit code 1 if it would not serve. */
export async function dbStatus({ env, out }: Invocation): Promise<number> {
  const url = await urlOf(env, 'app', 'APP_DATABASE_URL');
  const ran = await ranOn(url);
  for (const { name } of migrations) out(`${ran.has(name) ? 'ran      ' : 'pending  '}${name}`);
  const known = new Set(migrations.map(({ name }) => name));
  for (const name of ran) if (!known.has(name)) out(`unknown  ${name} (this version is older than the schema)`);
  const unsafe = await faultOf(url, env['NODE_ENV'] === 'production');
  out(unsafe?.message ?? 'Ringfence serves on this database: every table is fenced and the role is bound.');
  return unsafe ? 1 : 0;
}

/** The names of the migrations that have yet to run, in order. */
export async function pendingOn(url: string): Promise<string[]> {
  const ran = await ranOn(url);
  return migrations.map(({ name }) => name).filter((name) => !ran.has(name));
}

async function ranOn(appUrl: string): Promise<Set<string>> {
  const outcome = await tryStatements(appUrl, [
    { text: `select name from ${MIGRATIONS_SCHEMA}.${MIGRATIONS_TABLE} order by id` },
  ]);
  if ('rows' in outcome) return new Set(outcome.rows.map((row) => String(row['name'])));
  if (outcome.refused.code === UNDEFINED_TABLE) return new Set();
  throw Object.assign(new Error(outcome.refused.message), { code: outcome.refused.code });
}

async function faultOf(url: string, production: boolean): Promise<UnsafeDatabaseError | undefined> {
  const settings = { url, size: 1, waitMs: WAIT_MS, startupOptions: false, applicationName: 'ringfence-status' };
  const source = await appDataSource(settings, []).initialize();
  try {
    await assertMigrated(source);
    await assertIsolated((sql) => readCatalogue(source, sql), production);
    return undefined;
  } catch (error) {
    if (error instanceof UnsafeDatabaseError) return error;
    throw error;
  } finally {
    await source.destroy();
  }
}
