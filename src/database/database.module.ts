import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Config } from '../config/index.js';
import { AuthDb } from './auth-db.js';
import { appDataSource, authDataSource, type EntityClass } from './data-sources.js';
import { DatabaseHealth } from './health.js';
import { LimitsDb } from './limits-db.js';
import { assertSafeDatabase } from './preconditions.js';
import { TenantDb } from './tenant-transaction/tenant-db.js';
import { TenantTransactions } from './tenant-transaction/tenant-transactions.js';
import { APP_DATA_SOURCE, AUTH_DATA_SOURCE } from './tokens.js';

/** The two pools and the doors to them. Opening the pools is where an unsafe database stops the boot. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    @Inject(APP_DATA_SOURCE) private readonly app: DataSource,
    @Inject(AUTH_DATA_SOURCE) private readonly auth: DataSource,
  ) {}

  static withEntities(entities: EntityClass[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: APP_DATA_SOURCE, inject: [Config], useFactory: (config: Config) => openApp(config, entities) },
        { provide: AUTH_DATA_SOURCE, inject: [Config], useFactory: openAuth },
        TenantDb,
        TenantTransactions,
        AuthDb,
        LimitsDb,
        DatabaseHealth,
      ],
      exports: [TenantDb, TenantTransactions, AuthDb, LimitsDb, DatabaseHealth],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.app, this.auth].filter((source) => source.isInitialized).map((source) => source.destroy()));
  }
}

async function openApp(config: Config, entities: EntityClass[]): Promise<DataSource> {
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
    await assertSafeDatabase(source);
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
