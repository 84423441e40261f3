import { Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { EXPIRING, type Expiring } from './expiring-tables.js';

const AT_ONCE = 1_000;

/** Removes what has expired, in batches, each a transaction of its own. Of two processes at once one does. */
@PlatformTask('rows.sweep', '*/10 * * * *')
@Injectable()
export class ExpiredRows implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(private readonly db: AuthDb) {}

  async run(signal: AbortSignal): Promise<void> {
    for (const table of EXPIRING) {
      const removed = await this.sweep(table, signal);
      if (removed > 0) this.logger.debug(`removed ${removed} rows of ${table.name}`);
    }
  }

  private async sweep({ name, column, keep, skipsLocked }: Expiring, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE && !signal.aborted; removed += batch) {
      const [row] = await this.db.query<{ n: number }>(
        `with turn as materialized (select pg_try_advisory_xact_lock(hashtextextended('ringfence.rows.sweep', 0)) as mine),
         old as materialized (select ctid from ${name} where (select mine from turn)
            and ${column} < now() - interval '${keep}' order by ${column} limit ${AT_ONCE} ${skipsLocked ? 'for update skip locked' : ''}),
         gone as (delete from ${name} where ctid in (select ctid from old) returning 1)
         select count(*)::integer as n from gone`,
      );
      batch = row?.n ?? 0;
    }
    return removed;
  }
}
