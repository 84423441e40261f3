import { type DynamicModule, Module } from '@nestjs/common';
import { ExpiredRows } from './expired/expired-rows.js';
import { OldIdempotencyKeys } from './expired/old-idempotency-keys.js';
import { LostObjects } from './files/lost-objects.js';
import { OldArchives } from './files/old-archives.js';
import { StrayObjects } from './files/stray-objects.js';
import { UnwantedVersions } from './files/unwanted-versions.js';

/** What nobody wants any more goes, and what should be there and is not is said. Tasks of the installation. */
@Module({})
export class SweepingModule {
  /** @param storage where the bytes of files lie */
  static with(storage: DynamicModule): DynamicModule {
    return {
      module: SweepingModule,
      imports: [storage],
      providers: [UnwantedVersions, StrayObjects, LostObjects, OldArchives, ExpiredRows, OldIdempotencyKeys],
    };
  }
}
