import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../storage/index.js';

const AT_ONCE = 100;

/** Exports of tenants that have expired: the object goes, then its key. And what no worker will take up any more has failed. */
@PlatformTask('archives.sweep', '*/10 * * * *')
@Injectable()
export class OldArchives implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(
    private readonly db: AuthDb,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws StorageUnavailableError */
  async run(signal: AbortSignal): Promise<void> {
    for (const { id } of await this.db.query<{ id: string }>('select * from auth.fail_lost_archives() as x (id)'))
      this.logger.warn(`export or erasure ${id} has failed: it is not in the queue any more`);
    for (let found = AT_ONCE; found === AT_ONCE;) {
      const old = await this.db.query<{ id: string; object_key: string }>('select * from auth.archives_to_sweep($1)', [
        AT_ONCE,
      ]);
      for (const { id, object_key } of old) {
        if (signal.aborted) return;
        await this.driver.delete([object_key]);
        await this.db.query('select auth.sweep_archive($1)', [id]);
      }
      found = old.length;
    }
  }
}
