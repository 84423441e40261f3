import type { UnfencedClient } from '../../database/service-client.js';
import { INSTALLATION } from '../../modules/audit/index.js';
import { CliError } from './cli-error.js';

/** The installation's own log. A tenant with this slug is named by its id. */
const WORD = 'platform';

/** Whose log is meant. `concerns` is absent for the installation's own. */
export interface NamedLog {
  tenantId: string;
  concerns?: string;
}

/** @throws CliError when there is no such tenant */
export async function logOf(client: UnfencedClient, word: string): Promise<NamedLog> {
  if (word === WORD) return { tenantId: INSTALLATION };
  const [tenant] = await client.query<{ id: string }>('select id from app.tenants where slug = $1 or id::text = $1', [
    word,
  ]);
  if (!tenant) throw new CliError(`There is no tenant ${word}. npm run ringfence -- tenant list names them.`);
  return { tenantId: tenant.id, concerns: tenant.id };
}
