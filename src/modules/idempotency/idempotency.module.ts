import { Module } from '@nestjs/common';
import { RequestMarks } from './marks.js';
import { OtherKeys } from './other-keys.js';
import { TenantKeys } from './tenant-keys.js';

/** What was asked and answered under which Idempotency-Key. The pipeline asks (src/pipeline/06b-idempotency.ts). */
@Module({
  providers: [RequestMarks, TenantKeys, OtherKeys],
  exports: [RequestMarks, TenantKeys, OtherKeys],
})
export class IdempotencyModule {}
