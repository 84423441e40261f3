import pg from 'pg';

export interface QueuePoolSettings {
  /** of ringfence_auth */
  url: string;
  /** how long a statement waits for a free connection, milliseconds */
  waitMs: number;
  /** off behind a pooler that refuses start-up options */
  startupOptions: boolean;
  /** how long the server may take to answer before its connection counts as broken, milliseconds. Default 20,000 */
  answerMs?: number;
  /** how many at most. Default 2 */
  connections?: number;
  /** what the server's list of connections calls them. Default ringfence-queue */
  applicationName?: string;
}

const STARTUP =
  '-c search_path=pg_temp -c TimeZone=UTC -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=30s';
const CONNECTIONS = 2;
const NAME = 'ringfence-queue';
/** Longer than the server's own statement_timeout: who hears nothing by then, will hear nothing. */
const ANSWER_MS = 20_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * The connections of the queue (pg-boss), apart from those that sign people in: polling must not wait for them, nor they for
 * it. Each statement stands alone, so a pooler in transaction mode may be in between. Connects at the first statement.
 */
export class QueuePool {
  private readonly pool: pg.Pool;
  private readonly clients = new Set<pg.PoolClient>();

  constructor(settings: QueuePoolSettings) {
    const { startupOptions, connections = CONNECTIONS, applicationName = NAME } = settings;
    this.pool = new pg.Pool({
      connectionString: settings.url,
      max: connections,
      connectionTimeoutMillis: settings.waitMs,
      query_timeout: settings.answerMs ?? ANSWER_MS,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: 600,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: applicationName,
      ...(startupOptions ? { options: STARTUP } : {}),
    });
    this.pool.on('error', () => undefined); // an idle connection that breaks is replaced at its next use
    this.pool.on('connect', (client) => {
      this.clients.add(client);
      client.on('error', () => undefined); // one in use fails its statement
    });
    this.pool.on('remove', (client) => this.clients.delete(client));
  }

  /**
   * What pg-boss calls. Its text may be a whole transaction; one that fails in the middle costs the connection, and so does
   * whatever the server did not answer: a connection that is broken without a word would be handed out again.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- rows of any shape, as pg-boss's interface has it
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: any[] }> {
    const client = await this.pool.connect();
    let answered = false;
    try {
      const result = await client.query(text, values);
      answered = true;
      return result;
    } catch (error) {
      answered = error instanceof pg.DatabaseError;
      throw error;
    } finally {
      if (!answered) disconnect(client);
      client.release(!answered || client.getTransactionStatus() !== 'I');
    }
  }

  /** Waits for the statements that are under way. */
  end(): Promise<void> {
    return this.pool.end();
  }

  /** Breaks all connections: statements that are under way fail. */
  destroy(): void {
    this.clients.forEach(disconnect);
  }
}

const disconnect = (client: pg.PoolClient): void => void client.connection.stream.destroy();
