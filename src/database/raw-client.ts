import pg from 'pg';

/** One statement as it is sent, its values apart from the text. */
export interface RawStatement {
  text: string;
  values?: unknown[];
}

/** What the server made of the last statement, or which one it refused and why. */
export type RawOutcome =
  { rows: Record<string, unknown>[] } | { refused: { code: string; message: string; text: string } };

/**
 * Sends statements as they stand, as whichever role the URL names, in one transaction that is always rolled back. For
 * showing what somebody who holds a connection, or injects SQL, gets: nothing of the application stands in between.
 * @throws Error when the server cannot be reached; a statement that it refuses is an outcome
 */
export async function tryStatements(url: string, statements: readonly RawStatement[]): Promise<RawOutcome> {
  const client = new pg.Client({ connectionString: url, application_name: 'ringfence-raw' });
  await client.connect();
  try {
    await client.query('begin');
    return await outcomeOf(client, statements);
  } finally {
    await client.query('rollback').catch(() => undefined);
    await client.end();
  }
}

async function outcomeOf(client: pg.Client, statements: readonly RawStatement[]): Promise<RawOutcome> {
  let rows: Record<string, unknown>[] = [];
  for (const { text, values } of statements) {
    try {
      rows = (await client.query<Record<string, unknown>>(text, values)).rows;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      return { refused: { code: error.code ?? '', message: error.message, text } };
    }
  }
  return { rows };
}
