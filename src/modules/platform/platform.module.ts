import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { UnfencedPool } from '../../database/service-client.js';
import { MailModule } from '../mail/index.js';
import { PlatformDb, UNFENCED_POOL } from './platform-db.js';
import { PlatformTenantsController } from './platform-tenants.controller.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import { PlatformTenantsService } from './platform-tenants.service.js';

/** Operators are few, and what they do is short. */
const POOL_SIZE = 2;

/**
 * The installation's own side: tenants as a whole, for operators. The only feature that holds the service role, and no
 * other feature imports it. Where that role's URL is not configured, there is nothing of it.
 */
@Module({})
export class PlatformModule {
  static with({ env }: Config): DynamicModule {
    const url = env.SERVICE_DATABASE_URL;
    if (url === undefined) return { module: PlatformModule };
    const { POOL_WAIT_MS: waitMs, DATABASE_STARTUP_OPTIONS: startupOptions } = env;
    return {
      module: PlatformModule,
      imports: [MailModule],
      controllers: [PlatformTenantsController],
      providers: [
        {
          provide: UNFENCED_POOL,
          useFactory: () => new UnfencedPool({ url, size: POOL_SIZE, waitMs, startupOptions }),
        },
        PlatformDb,
        PlatformTenantsRepository,
        PlatformTenantsService,
      ],
    };
  }
}
