import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { Config } from '../../config/index.js';
import { UnfencedPool } from '../../database/service-client.js';
import { QueueModule } from '../jobs/index.js';
import { MailModule } from '../mail/index.js';
import { ArchiveExporter } from './archives/archive-exporter.js';
import { ArchiveRuns, MOVING_POOL } from './archives/archive-runs.js';
import { ArchiveWorker } from './archives/archive-worker.js';
import { ArchivesController } from './archives/archives.controller.js';
import { ArchivesRepository } from './archives/archives.repository.js';
import { ArchivesService } from './archives/archives.service.js';
import { IsolationController } from './isolation/isolation.controller.js';
import { IsolationService } from './isolation/isolation.service.js';
import { PlatformDb, UNFENCED_POOL } from './platform-db.js';
import { PlatformTenantsController } from './platform-tenants.controller.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import { PlatformTenantsService } from './platform-tenants.service.js';

/** Operators are few, and what they do is short. */
const POOL_SIZE = 2;

/**
 * The operators' side of a feature: mounted within this module, so that PlatformDb is there for it and for nobody else. It
 * stands in a file `<feature>.platform.ts`, which alone may import this feature.
 */
export interface PlatformFeature {
  controllers: readonly Type[];
  providers: readonly Provider[];
}

/**
 * The installation's own side: tenants as a whole, for operators. The only feature that holds the service role, and no
 * other feature imports it. Where that role's URL is not configured, there is nothing of it.
 */
@Module({})
export class PlatformModule {
  /**
   * @param storage where the files of tenants lie
   * @param features what operators do beside that
   */
  static with({ env }: Config, storage: DynamicModule, features: readonly PlatformFeature[] = []): DynamicModule {
    const url = env.SERVICE_DATABASE_URL;
    if (url === undefined) return { module: PlatformModule };
    const { POOL_WAIT_MS: waitMs, DATABASE_STARTUP_OPTIONS: startupOptions } = env;
    return {
      module: PlatformModule,
      imports: [MailModule, QueueModule, storage],
      controllers: [
        PlatformTenantsController,
        ArchivesController,
        IsolationController,
        ...features.flatMap((one) => one.controllers),
      ],
      providers: [
        {
          provide: UNFENCED_POOL,
          useFactory: () => new UnfencedPool({ url, size: POOL_SIZE, waitMs, startupOptions }),
        },
        // one works and one says how it goes; what lasts sets its own limits
        { provide: MOVING_POOL, useFactory: () => new UnfencedPool({ url, size: 2, waitMs, startupOptions: false }) },
        PlatformDb,
        PlatformTenantsRepository,
        PlatformTenantsService,
        IsolationService,
        ArchivesRepository,
        ArchivesService,
        ArchiveRuns,
        ArchiveExporter,
        ArchiveWorker,
        ...features.flatMap((one) => one.providers),
      ],
    };
  }
}
