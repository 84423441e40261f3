export type { Answer, Attempt, Kept } from './attempt.js';
export { IdempotencyModule } from './idempotency.module.js';
export { RequestMarks } from './marks.js';
export { type Asker, OtherKeys, type Taken } from './other-keys.js';
export { TenantKeys } from './tenant-keys.js';
