import pg from 'pg';

export interface QueuePoolSettings {
  /** of ringfence_auth */
  url: string;
  /** how long a statement waits for a free connection, milliseconds */
  waitMs: number;
  /** off behind a pooler that refuses start-up options */
  startupOptions: boolean;
}

const STARTUP =
  '-c search_path=pg_temp -c TimeZone=UTC -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=30s';
const CONNECTIONS = 2;

/**
 * The connections of the queue (pg-boss), apart from those that sign people in: polling must not wait for them, nor they for
 * it. Each statement stands alone, so a pooler in transaction mode may be in between. Connects at the first statement.
 */
export class QueuePool {
  private readonly pool: pg.Pool;

  constructor({ url, waitMs, startupOptions }: QueuePoolSettings) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: waitMs,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: 600,
      keepAlive: true,
      application_name: 'ringfence-queue',
      ...(startupOptions ? { options: STARTUP } : {}),
    });
    this.pool.on('error', () => undefined); // an idle connection that breaks is replaced at its next use
    this.pool.on('connect', (client) => client.on('error', () => undefined)); // one in use fails its statement
  }

  /** What pg-boss calls. Its text may be a whole transaction; one that fails in the middle costs the connection. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows of any shape, as pg-boss's interface has it
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }> {
    const client = await this.pool.connect();
    try {
      return await client.query(text, values);
    } finally {
      client.release(client.getTransactionStatus() !== 'I');
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}
