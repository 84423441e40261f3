import type { UnfencedClient } from '../../../database/service-client.js';

/** Says to the database who moves a tenant, at the head of a transaction. @returns the operator; null for the command line */
export type Entering = (client: UnfencedClient) => Promise<string | null>;

/** Whoever holds the service role's password. */
export const asCommandLine: Entering = async (client) => {
  await client.query('select auth.enter_command_line()');
  return null;
};

/** A worker: as the operator who asked for it. @throws DatabaseError RF022 when they are one no longer, RF023 when it is over */
export const asRequested =
  (archiveId: string): Entering =>
  async (client) => {
    const [row] = await client.query<{ operator: string }>('select auth.enter_tenant_archive($1) as operator', [
      archiveId,
    ]);
    return (row as { operator: string }).operator;
  };
