import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Config } from '../config/index.js';
import { AuthDb } from './auth-db.js';
import { CatalogueDb, readCatalogue } from './catalogue.js';
import { appDataSource, authDataSource, type EntityClass } from './data-sources.js';
import { DatabaseHealth } from './health.js';
import { LimitsDb } from './limits-db.js';
import { assertMigrated } from './preconditions.js';
import { AfterCommit } from './tenant-transaction/after-commit.js';
import { TenantDb } from './tenant-transaction/tenant-db.js';
import { TenantTransactions } from './tenant-transaction/tenant-transactions.js';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from './tokens.js';

/** Judges the live catalogue, which `select` reads as ringfence_app. @throws UnsafeDatabaseError */
export type AssertIsolated = (
  select: <Row extends object>(sql: string) => Promise<Row[]>,
  production: boolean,
) => Promise<void>;

/** The two pools and the doors to them. Opening the pools is where an unsafe database stops the boot. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(APP_DATA_SOURCE) private readonly app: DataSource,
    @Inject(AUTH_DATA_SOURCE) private readonly auth: DataSource,
    private readonly after: AfterCommit,
  ) {}

  /** @param isolated what must hold on the database before anything is served from it; it throws what does not */
  static withEntities(entities: EntityClass[], isolated: AssertIsolated): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: APP_DATA_SOURCE,
          inject: [Config],
          useFactory: (config: Config) => openApp(config, entities, isolated),
        },
        { provide: AUTH_DATA_SOURCE, inject: [Config], useFactory: openAuth },
        AfterCommit,
        TenantDb,
        TenantTransactions,
        AuthDb,
        LimitsDb,
        DatabaseHealth,
        CatalogueDb,
      ],
      exports: [AfterCommit, TenantDb, TenantTransactions, AuthDb, LimitsDb, DatabaseHealth, CatalogueDb],
    };
  }

  /** Requests and jobs are over by now; what follows their commits may still need the pools. */
  async onApplicationShutdown(): Promise<void> {
    await this.after.drain();
    await Promise.all([this.app, this.auth].filter((source) => source.isInitialized).map((source) => source.destroy()));
  }
}

async function openApp(config: Config, entities: EntityClass[], isolated: AssertIsolated): Promise<DataSource> {
  const source = appDataSource(
    {
      url: required(config.env.APP_DATABASE_URL, 'APP_DATABASE_URL'),
      size: config.env.APP_POOL_SIZE,
      waitMs: config.env.POOL_WAIT_MS,
      startupOptions: config.env.DATABASE_STARTUP_OPTIONS,
      applicationName: 'ringfence-app',
    },
    entities,
  );
  await source.initialize();
  try {
    await assertMigrated(source);
    await isolated((sql) => readCatalogue(source, sql), config.production);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
}

function openAuth(config: Config): Promise<DataSource> {
  return authDataSource({
    url: required(config.env.AUTH_DATABASE_URL, 'AUTH_DATABASE_URL'),
    size: config.env.AUTH_POOL_SIZE,
    waitMs: config.env.POOL_WAIT_MS,
    startupOptions: config.env.DATABASE_STARTUP_OPTIONS,
    applicationName: 'ringfence-auth',
  }).initialize();
}

function required(value: string | undefined, name: string): string {
  if (!value)
    throw new Error(`${name} is not set. Ways out: set it, or start without DATABASE_URL for the embedded server.`);
  return value;
}
