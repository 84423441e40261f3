import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, QueryRunner } from 'typeorm';
import { AUTH_DATA_SOURCE } from './tokens.js';

/** A transaction of ringfence_auth: one hand-written statement at a time. */
export interface AuthTransaction {
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/**
 * The door to credentials, sessions and the outbox, for the modules that sign people in. It knows no tenant: what it may do is bounded by
 * the grants of ringfence_auth.
 */
@Injectable()
export class AuthDb {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly source: DataSource) {}

  /** One statement in a transaction of its own. */
  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const runner = this.source.createQueryRunner();
    try {
      return await rows<Row>(runner, text, values);
    } finally {
      await runner.release();
    }
  }

  /**
   * @param cap the caller's capability, where there is a caller: the tables that change for their owner alone ask the
   * database whose it is (auth.holder), so that a wrong id in a statement changes nothing
   */
  transaction<T>(work: (tx: AuthTransaction) => Promise<T>, cap?: string): Promise<T> {
    return this.source.transaction(async (manager) => {
      const query: AuthTransaction['query'] = (text, values = []) =>
        rows(manager.queryRunner as QueryRunner, text, values);
      if (cap !== undefined) await query(`select set_config('app.cap', $1, true)`, [cap]);
      return work({ query });
    });
  }
}

async function rows<Row extends object>(runner: QueryRunner, text: string, values: unknown[]): Promise<Row[]> {
  const result = await runner.query(text, values, true);
  return (result as unknown as { records?: Row[] }).records ?? [];
}
