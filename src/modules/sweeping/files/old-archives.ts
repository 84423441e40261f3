import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver, StorageRefusedError } from '../../storage/index.js';

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
    for (let removed = AT_ONCE; removed === AT_ONCE;) {
      const old = await this.db.query<{ id: string; object_key: string }>('select * from auth.archives_to_sweep($1)', [
        AT_ONCE,
      ]);
      removed = 0;
      for (const { id, object_key } of old) {
        if (signal.aborted) return;
        removed += Number(await this.remove(id, object_key));
      }
    }
  }

  /** @returns false for an object that the store refuses to remove: the next run asks again */
  private async remove(id: string, key: string): Promise<boolean> {
    try {
      await this.driver.delete([key]);
    } catch (error) {
      if (!(error instanceof StorageRefusedError)) throw error;
      this.logger.error(`the export ${id} cannot be removed: ${error.message}`);
      return false;
    }
    await this.db.query('select auth.sweep_archive($1)', [id]);
    return true;
  }
}
