import { type UnfencedClient, withUnfencedTransaction } from '../../database/service-client.js';
import { loadConfig } from '../../config/index.js';
import { PlatformAudit } from '../../modules/platform/index.js';
import { canonicalForm } from '../../route/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { urlOf } from './home-of.js';

/** undefined_table, undefined_function */
const OLDER_SCHEMA = /^42(P01|883)$/;

/** One transaction as ringfence_service, for whoever holds its password: what is recorded names no operator. */
export async function onThePlatform<T>(
  { env, out }: Pick<Invocation, 'env' | 'out'>,
  work: (client: UnfencedClient, audit: PlatformAudit) => Promise<T>,
): Promise<T> {
  const url = await urlOf(env, 'service', 'SERVICE_DATABASE_URL');
  const records: string[] = [];
  try {
    const done = await withUnfencedTransaction(url, async (client) => {
      await client.query('select auth.enter_command_line()');
      return work(client, new PlatformAudit((line) => records.push(line)));
    });
    for (const record of records) out(record);
    return done;
  } catch (error) {
    if (!OLDER_SCHEMA.test((error as { code?: string }).code ?? '')) throw error;
    throw new CliError('The schema is older than this version. Run `npm run ringfence -- db migrate` first.');
  }
}

/** Where the links of mails lead, as the servers have it. */
export const webUrlOf = ({ WEB_URL, PUBLIC_URL, PORT }: NodeJS.ProcessEnv): string =>
  loadConfig({ WEB_URL, PUBLIC_URL, PORT }).webUrl;

/** @throws CliError for what is no e-mail address */
export function emailOf(text: string): string {
  const email = canonicalForm(text);
  if (email === undefined) throw new CliError(`"${text}" is no e-mail address.`, 2);
  return email;
}
