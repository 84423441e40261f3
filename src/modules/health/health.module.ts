import { type DynamicModule, Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { StoreHealth } from './store-health.js';

@Module({})
export class HealthModule {
  /** @param storage whose store is asked, too */
  static with(storage: DynamicModule): DynamicModule {
    return { module: HealthModule, imports: [storage], controllers: [HealthController], providers: [StoreHealth] };
  }
}
