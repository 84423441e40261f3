import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/index.js';
import { QueuePool } from './queue-pool.js';

/** Milliseconds that a count of requests waits for a connection, and then for the answer: a request waits for both. */
const PATIENCE_MS = 1_000;

/**
 * The one connection by which requests are counted, as ringfence_auth: apart from those that sign people in, so that a
 * storm of sign-ins makes no counted request wait, and counting takes no connection from a sign-in. Connects at the first
 * statement.
 */
@Injectable()
export class LimitsDb implements OnApplicationShutdown {
  private readonly pool: QueuePool | undefined;

  constructor({ env }: Config) {
    if (!env.AUTH_DATABASE_URL) return;
    this.pool = new QueuePool({
      url: env.AUTH_DATABASE_URL,
      waitMs: PATIENCE_MS,
      answerMs: PATIENCE_MS,
      startupOptions: env.DATABASE_STARTUP_OPTIONS,
      connections: 1,
      applicationName: 'ringfence-limits',
    });
  }

  /** One statement in a transaction of its own. @throws Error when the database does not answer within two seconds */
  async query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    if (!this.pool) throw new Error('AUTH_DATABASE_URL is not set');
    return (await this.pool.executeSql(text, values)).rows as Row[];
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.end();
  }
}
