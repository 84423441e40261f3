import pg from 'pg';

/** Statements as ringfence_service, which no fence binds. The ugly name is meant: command line, seed and platform only. */
export interface UnfencedClient {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** One connection, one transaction. @throws whatever `work` throws, after a rollback */
export async function withUnfencedTransaction<T>(
  serviceUrl: string,
  work: (client: UnfencedClient) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: serviceUrl, application_name: 'ringfence-service' });
  client.on('error', () => undefined); // a lost connection fails the statement under way; it must not end the process
  await client.connect();
  try {
    await client.query('begin');
    const result = await work({
      query: async <Row extends object>(text: string, values: unknown[] = []) =>
        (await client.query(text, values)).rows as Row[],
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}
