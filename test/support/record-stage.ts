import { beforeAll } from '@jest/globals';
import type { Client } from 'pg';
import type { StandardRole } from '../../src/route/index.js';
import { acting, plantCapability } from './acting.js';
import type { TestApp } from './app.js';
import type { TestDatabase } from './database.js';
import { grantTo } from './grant.js';
import { Planter } from './plant-row.js';
import type { Tenant } from './world.js';

/** What the specs of a kind of record stand on: rows to begin with, and people to ask for them, by SQL and over HTTP. */
export class RecordStage {
  planter!: Planter;
  private client!: Client;

  constructor(
    private readonly db: TestDatabase,
    private readonly held: { app: TestApp },
  ) {}

  async open(): Promise<void> {
    this.planter = await Planter.of(await this.db.as('admin'));
    this.client = await this.db.as('app');
  }

  /** The id of a new row, whose parents are made with it; what has a visibility is public. */
  async plant(table: string, tenant: Tenant, given: Record<string, string> = {}): Promise<string> {
    return (await this.planter.plant(table, tenant.id, given))['id'] ?? '';
  }

  /** One statement as the application's role, for somebody, rolled back at the end. @returns its rows, or the SQLSTATE */
  async sql(tenant: Tenant, role: StandardRole, text: string, values: unknown[] = []): Promise<unknown[] | string> {
    const { cap } = await plantCapability(this.db, tenant, tenant.users[role], 2);
    return acting(this.client, cap, () => this.came(text, values));
  }

  /** The same for nobody: without a context. */
  nobody(text: string, values: unknown[] = []): Promise<unknown[] | string> {
    return this.came(text, values);
  }

  private async came(text: string, values: unknown[]): Promise<unknown[] | string> {
    try {
      return (await this.client.query(text, values)).rows as unknown[];
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  /** An access token of a new session. */
  async token(tenant: Tenant, role: StandardRole, aal: 1 | 2 = 2): Promise<string> {
    return (await grantTo(this.held.app, this.db, tenant.users[role].id, { tenant: tenant.id, aal })).accessToken;
  }
}

export function useRecords(db: TestDatabase, held: { app: TestApp }): RecordStage {
  const stage = new RecordStage(db, held);
  beforeAll(() => stage.open());
  return stage;
}
