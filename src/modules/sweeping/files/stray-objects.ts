import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../context/index.js';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver, StorageRefusedError } from '../../storage/index.js';
import { STRAY_HOURS } from './upload-hours.js';

const AT_ONCE = 500;
/** So many objects, of which none is known: that is another database's store, and nothing of it is touched. */
const FOREIGN_FROM = 100;
const HELD_AT_MOST = 100_000;

/**
 * Objects that no row speaks of, and uploads in parts that nobody finished: what a process left that ended in between. Only
 * what is older than an upload can be; a row is there before its object, so nothing that is still wanted looks like one.
 */
@PlatformTask('files.sweep_objects', '23 2 * * *')
@Injectable()
export class StrayObjects implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(
    private readonly db: AuthDb,
    private readonly clock: Clock,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws StorageUnavailableError */
  async run(signal: AbortSignal): Promise<void> {
    const before = new Date(this.clock.now() - STRAY_HOURS * 3_600_000);
    const sweep: Sweep = { strays: [], known: false, removed: 0 };
    let keys: string[] = [];
    for await (const { key, modifiedAt } of this.driver.list('')) {
      if (signal.aborted) return;
      if (modifiedAt < before) keys.push(key);
      if (keys.length < AT_ONCE) continue;
      await this.judge(keys, sweep);
      keys = [];
    }
    await this.judge(keys, sweep);
    if (sweep.known || sweep.strays.length < FOREIGN_FROM) await this.remove(sweep);
    else
      this.logger.error(
        `the store holds ${sweep.strays.length} objects, and the database knows none of them: is it its store?`,
      );
    const unfinished = await this.driver.sweepUnfinished(before);
    if (sweep.removed + unfinished > 0)
      this.logger.log(`removed ${sweep.removed} objects without a row and ${unfinished} unfinished uploads`);
  }

  /** Strays are held until an object is met that is known. */
  private async judge(keys: string[], sweep: Sweep): Promise<void> {
    if (keys.length === 0) return;
    const found = await this.db.query<{ key: string }>('select * from auth.unknown_objects($1) as x (key)', [keys]);
    if (sweep.strays.length < HELD_AT_MOST) sweep.strays.push(...found.map(({ key }) => key));
    sweep.known ||= found.length < keys.length;
    if (sweep.known) await this.remove(sweep);
  }

  private async remove(sweep: Sweep): Promise<void> {
    const keys = sweep.strays.splice(0);
    try {
      await this.driver.delete(keys);
      sweep.removed += keys.length;
    } catch (error) {
      if (!(error instanceof StorageRefusedError)) throw error;
      this.logger.error(`some of ${keys.length} objects without a row cannot be removed: ${error.message}`);
    }
  }
}

interface Sweep {
  strays: string[];
  known: boolean;
  removed: number;
}
