import type { UnfencedClient } from '../../database/service-client.js';
import { CliError } from './cli-error.js';

/** The word for the installation's own log. A tenant with this slug is named by its id. */
const INSTALLATION = { word: 'platform', tenantId: '00000000-0000-0000-0000-000000000000' };

/** Whose log is meant. `concerns` is absent for the installation's own. */
export interface NamedLog {
  tenantId: string;
  concerns?: string;
}

/** @throws CliError when there is no such tenant */
export async function logOf(client: UnfencedClient, word: string): Promise<NamedLog> {
  if (word === INSTALLATION.word) return { tenantId: INSTALLATION.tenantId };
  const [tenant] = await client.query<{ id: string }>('select id from app.tenants where slug = $1 or id::text = $1', [
    word,
  ]);
  if (!tenant) throw new CliError(`There is no tenant ${word}. npm run ringfence -- tenant list names them.`);
  return { tenantId: tenant.id, concerns: tenant.id };
}
