import { KeyRing } from '../../config/index.js';
import { authDataSource } from '../../database/data-sources.js';
import { AuthDb, type AuthTransaction } from '../../database/index.js';
import type { AuditDetails } from '../../modules/audit/index.js';
import type { AuditAction } from '../../route/index.js';
import { CliError } from './cli-error.js';
import { homeOf, urlOf } from './home-of.js';

const WAIT_MS = 5_000;
/** undefined_table, undefined_column, undefined_function */
const OLDER_SCHEMA = /^42(P01|703|883)$/;

/** The key ring that the servers read: KEY_RING_FILE, or the one in the folder of the embedded database. */
export const ringOf = (env: NodeJS.ProcessEnv): Promise<KeyRing> =>
  KeyRing.load(env['KEY_RING_FILE'] || homeOf(env).file('keyring.json'));

/** Works as ringfence_auth, which may change keys and what is encrypted, and sees no tenant's records. */
export async function withAuthDb<T>(env: NodeJS.ProcessEnv, work: (db: AuthDb) => Promise<T>): Promise<T> {
  const url = await urlOf(env, 'auth', 'AUTH_DATABASE_URL');
  const settings = { url, size: 1, waitMs: WAIT_MS, startupOptions: false, applicationName: 'ringfence-keys' };
  const source = await authDataSource(settings).initialize();
  try {
    return await work(new AuthDb(source));
  } catch (error) {
    if (!OLDER_SCHEMA.test((error as { code?: string }).code ?? '')) throw error;
    throw new CliError('The schema is older than this version. Run `npm run ringfence -- db migrate` first.');
  } finally {
    await source.destroy();
  }
}

/** Records in the installation's log, by the command line, in the transaction of what is recorded. */
export async function recordKeys(tx: AuthTransaction, { code }: AuditAction, details: AuditDetails): Promise<void> {
  await tx.query(`select set_config('app.command_line', 'on', true)`); // auth.enter_command_line is the service role's
  await tx.query(`select auth.record_audit(null, null, null, null, $1, null, null, 'success', null, 1, '{}', $2)`, [
    code,
    JSON.stringify(details),
  ]);
}

/** A time as people read it: to the second, UTC. */
export const timeOf = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
