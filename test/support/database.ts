import { afterAll, beforeAll } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { lockDatabase, urlFor } from '../../src/database/bootstrap/bootstrap.js';
import { type UnfencedClient, UnfencedPool } from '../../src/database/service-client.js';
import type { Connections } from '../../src/start/home.js';
import { TEMPLATE, type TestEnvironment } from './environment.js';
import type { World } from './world.js';

/** A spec file's own database: a clone of the template, dropped at the end. */
export class TestDatabase {
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly unfenced: UnfencedPool;

  constructor(
    readonly connections: Connections,
    readonly world: World,
  ) {
    const url = `${connections.service}?application_name=ringfence-test`; // not the application's connections
    this.unfenced = new UnfencedPool({ url, size: 10, waitMs: 10_000, startupOptions: false });
  }

  /** A connection as one of the real roles; ended before the database goes, if not sooner. */
  async as(role: keyof Connections): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.connections[role] });
    await client.connect();
    this.beforeDrop(() => client.end());
    return client;
  }

  /** Runs before the database is dropped, newest first: jest runs its own hooks oldest first. */
  beforeDrop(close: () => Promise<unknown>): void {
    this.closers.unshift(close);
  }

  async close(): Promise<void> {
    const failed: unknown[] = [];
    for (const close of this.closers.splice(0)) await close().catch((error: unknown) => failed.push(error));
    await this.unfenced.end();
    if (failed.length > 0) throw failed[0];
  }

  /** Past the fence, to plant and to look. */
  service<T>(work: (client: UnfencedClient) => Promise<T>): Promise<T> {
    return this.unfenced.transaction(work);
  }

  /** Rows seen past the fence. */
  look<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
    return this.service((client) => client.query<Row>(text, values));
  }
}

/** The clone is there from beforeAll to afterAll. */
export function useDatabase(): { readonly db: TestDatabase } {
  const environment = JSON.parse(readFileSync(process.env['RINGFENCE_TEST'] ?? '', 'utf8')) as TestEnvironment;
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const { connections, world, template = TEMPLATE } = environment;
  const own = Object.fromEntries(
    Object.entries(connections).map(([role, url]) => [role, urlFor(url as string, { database: name })]),
  ) as unknown as Connections;
  const db = new TestDatabase(own, world);
  beforeAll(async () => {
    await withAdmin(connections.admin, async (admin) => {
      await admin.query(`create database ${name} template ${template} strategy file_copy owner postgres`);
      await lockDatabase(admin, name);
    });
  });
  afterAll(async () => {
    await db
      .close()
      .finally(() =>
        withAdmin(connections.admin, (admin) => admin.query(`drop database if exists ${name} with (force)`)),
      );
  });
  return { db };
}

async function withAdmin(url: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
