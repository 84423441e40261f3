import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import {
  STORAGE_DRIVER,
  type StorageDriver,
  StorageRefusedError,
  StorageUnavailableError,
} from '../../storage/index.js';
import { UPLOAD_HOURS } from './upload-hours.js';

const AT_ONCE = 500;

interface Version {
  tenant_id: string;
  file_id: string;
  number: number;
  upload_key: string;
  object_key: string;
  upload_id: string | null;
}

/**
 * Uploads that nobody completed in a day, and files deleted longer ago than FILE_TRASH_DAYS. The database marks them, so
 * that nobody completes or restores one from then on; its objects go; then its row. A process that ends in between leaves
 * a row that comes again, and whatever another process has removed already is removed once more.
 */
@PlatformTask('files.sweep', '7,37 * * * *')
@Injectable()
export class UnwantedVersions implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(
    private readonly db: AuthDb,
    private readonly config: Config,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** A version that the store refuses to remove is said and left for the next time. @throws StorageUnavailableError when it is down */
  async run(signal: AbortSignal): Promise<void> {
    const terms = [`${UPLOAD_HOURS} hours`, `${this.config.env.FILE_TRASH_DAYS} days`, AT_ONCE];
    for (let removed = 1; removed > 0;) {
      removed = 0;
      const marked = await this.db.query<Version>(
        'select * from auth.versions_to_sweep($1::interval, $2::interval, $3)',
        terms,
      );
      for (const version of marked) {
        if (signal.aborted) return;
        if (await this.remove(version)) removed += 1;
      }
    }
  }

  /** @returns whether it was there, and is gone */
  private async remove(version: Version): Promise<boolean> {
    const { tenant_id, file_id, number, upload_key, object_key, upload_id } = version;
    try {
      if (upload_id !== null) await this.driver.abortParts(object_key, upload_id);
      await this.driver.delete([upload_key, object_key]);
    } catch (error) {
      if (error instanceof StorageUnavailableError && !(error instanceof StorageRefusedError)) throw error;
      this.logger.error(`file ${file_id} version ${number} cannot be removed: ${(error as Error).message}`);
      return false;
    }
    const answer = 'select auth.sweep_version($1, $2, $3) as removed';
    const [row] = await this.db.query<{ removed: boolean }>(answer, [tenant_id, file_id, number]);
    return row?.removed === true;
  }
}
