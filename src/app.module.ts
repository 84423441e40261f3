import { type DynamicModule, Module } from '@nestjs/common';
import type { Config, KeyRing } from './config/index.js';
import { CoreModule } from './core.module.js';
import { DatabaseModule } from './database/index.js';
import { AccessModule } from './modules/access/index.js';
import { AccountPagesModule } from './modules/account-pages/index.js';
import { ApiKeysModule } from './modules/api-keys/index.js';
import { AuditModule } from './modules/audit/index.js';
import { assertIsolated } from './modules/doctor/index.js';
import { FilesModule } from './modules/files/index.js';
import { HealthModule } from './modules/health/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { InvitationsModule } from './modules/invitations/index.js';
import { JobsModule } from './modules/jobs/index.js';
import { LimitsModule } from './modules/limits/index.js';
import { MailModule } from './modules/mail/index.js';
import { MetricsModule } from './modules/metrics/index.js';
import { MfaModule } from './modules/mfa/index.js';
import { type PlatformFeature, PlatformModule } from './modules/platform/index.js';
import { RbacModule } from './modules/rbac/index.js';
import { StorageModule } from './modules/storage/index.js';
import { SweepingModule } from './modules/sweeping/index.js';
import { TenancyModule } from './modules/tenancy/index.js';
import { WebhooksModule } from './modules/webhooks/index.js';
import { PipelineModule } from './pipeline/pipeline.module.js';
import { RESOURCE_MODULES } from './resource-modules.js';
import { resources } from './resource/index.js';

/** What operators do across tenants, a line for each feature's `*.platform.ts`: read in a review before anything else. */
const PLATFORM_FEATURES: readonly PlatformFeature[] = [];

/** Imports only, in the order of a request: what it stands on, the way it takes, where it arrives. */
@Module({})
export class AppModule {
  static with(config: Config, ring: KeyRing, platform = PLATFORM_FEATURES): DynamicModule {
    const storage = StorageModule.with(config);
    return {
      module: AppModule,
      imports: [
        CoreModule.with(config, ring),
        DatabaseModule.withEntities(
          resources().map(({ entity }) => entity),
          assertIsolated,
        ),
        AuditModule,
        MetricsModule,
        LimitsModule,
        PipelineModule,
        JobsModule,
        MailModule,
        storage,
        IdentityModule,
        MfaModule,
        RbacModule,
        TenancyModule,
        PlatformModule.with(config, storage, platform),
        InvitationsModule,
        AccessModule,
        ApiKeysModule,
        AccountPagesModule,
        HealthModule.with(storage),
        ...RESOURCE_MODULES,
        FilesModule.with(storage),
        WebhooksModule,
        SweepingModule.with(storage),
      ],
    };
  }
}
