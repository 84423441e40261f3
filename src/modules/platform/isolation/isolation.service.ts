import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { CatalogueDb } from '../../../database/index.js';
import { examine, type Report } from '../../doctor/index.js';
import { PlatformActions } from '../platform.actions.js';
import { PlatformDb } from '../platform-db.js';

/** Has the doctor look at the database that this server serves from. */
@Injectable()
export class IsolationService {
  constructor(
    private readonly db: PlatformDb,
    private readonly catalogue: CatalogueDb,
    private readonly config: Config,
  ) {}

  /** What takes longer than a few seconds a statement is skipped, and the report says so. */
  async report(): Promise<Report> {
    const { production } = this.config;
    await this.db.transaction(({ client, operatorId, audit }) =>
      audit.record(client, PlatformActions.isolationRead, { operatorId }),
    );
    return examine({ app: (sql) => this.catalogue.select(sql), service: (sql) => this.ask(sql) }, { production });
  }

  /** A transaction each: one that fails must not end the others, and the operator may have been removed meanwhile. */
  private ask<Row extends object>(sql: string): Promise<Row[]> {
    return this.db.transaction(async ({ client }) => {
      await client.query(`set local statement_timeout = '5s'`);
      await client.query(`set local search_path = ''`);
      return client.query<Row>(sql);
    });
  }
}
