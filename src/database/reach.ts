import pg from 'pg';

const PATIENCE_MS = 5_000;
/** Start and stop of a server, and too many others: 57P03 and its like, 53300, class 08. Else a refusal of ours. */
const STATES_THAT_PASS = /^(57P0[1-3]|53300|08...)$/;
const ERRORS_THAT_PASS =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
const MESSAGES_THAT_PASS = /timeout|Connection terminated/i;

/**
 * Whether the server that the URL names lets its role in, asked once and within seconds.
 * @returns why it does not at the moment; undefined: it does
 * @throws Error for what waiting does not change: a wrong password, no such database
 */
export async function reach(url: string): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    application_name: 'ringfence-start',
  });
  client.on('error', () => undefined); // its statement fails
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    if (!passes(error as Error & { code?: string })) throw error;
    return (error as Error).message || (error as { code?: string }).code;
  } finally {
    client.end().catch(() => undefined);
  }
}

function passes(error: Error & { code?: string }): boolean {
  const { code = '', message } = error;
  if (error instanceof pg.DatabaseError) return STATES_THAT_PASS.test(code);
  return ERRORS_THAT_PASS.test(code) || MESSAGES_THAT_PASS.test(message);
}
