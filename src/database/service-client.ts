import pg from 'pg';
import { CommitUnknownError, TransactionLostError } from './tenant-transaction/errors.js';

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

/** What a pool of the service role is given. */
export interface UnfencedPoolSettings {
  url: string;
  size: number;
  /** how long a transaction waits for a free connection, milliseconds */
  waitMs: number;
  /** off behind a pooler that refuses start-up options */
  startupOptions: boolean;
}

const STARTUP =
  '-c search_path=app,auth,pg_temp -c TimeZone=UTC -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c transaction_timeout=30s';

/** A few connections of ringfence_service, for a server that operators use. Opens none before the first transaction. */
export class UnfencedPool {
  private readonly pool: pg.Pool;

  constructor({ url, size, waitMs, startupOptions }: UnfencedPoolSettings) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: size,
      connectionTimeoutMillis: waitMs,
      idleTimeoutMillis: 60_000,
      maxLifetimeSeconds: 600,
      application_name: 'ringfence-service',
      ...(startupOptions ? { options: STARTUP } : {}),
    });
    this.pool.on('error', () => undefined); // an idle connection that breaks is replaced at its next use
    this.pool.on('connect', (client) => client.on('error', () => undefined)); // one in use fails its statement
  }

  /** @throws whatever `work` throws, after a rollback; a connection that cannot be rolled back is not used again */
  async transaction<T>(work: (client: UnfencedClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let clean = false;
    try {
      await client.query('begin');
      const result = await work({
        query: async <Row extends object>(text: string, values: unknown[] = []) =>
          (await client.query(text, values)).rows as Row[],
      });
      await commit(client);
      clean = true;
      return result;
    } catch (error) {
      clean = await client.query('rollback').then(
        () => !(error instanceof CommitUnknownError),
        () => false,
      );
      throw error;
    } finally {
      client.release(!clean);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

/** A swallowed error makes COMMIT a rollback, and one that is cut off may have gone either way: neither is success. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit').catch((error: unknown) => {
    if (error instanceof pg.DatabaseError) throw error; // refused by a deferred constraint, for instance
    throw new CommitUnknownError('COMMIT was not answered', { cause: error });
  });
  if (command !== 'COMMIT') throw new TransactionLostError('the transaction had failed before COMMIT');
}
