import { Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';

const AT_ONCE = 1_000;

/** Idempotency-Keys and the answers under them, 24 hours after they came, in batches. */
@PlatformTask('idempotency.sweep', '*/10 * * * *')
@Injectable()
export class OldIdempotencyKeys implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(private readonly db: AuthDb) {}

  async run(signal: AbortSignal): Promise<void> {
    let removed = 0;
    for (let batch = AT_ONCE; batch >= AT_ONCE && !signal.aborted; removed += batch) {
      const [row] = await this.db.query<{ n: number }>('select auth.sweep_idempotent($1) as n', [AT_ONCE]);
      batch = row?.n ?? 0;
    }
    if (removed > 0) this.logger.debug(`removed ${removed} idempotency keys`);
  }
}
