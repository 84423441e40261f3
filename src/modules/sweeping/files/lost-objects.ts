import { Inject, Injectable, Logger } from '@nestjs/common';
import { AuthDb } from '../../../database/index.js';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { STORAGE_DRIVER, type StorageDriver } from '../../storage/index.js';

const AT_ONCE = 1_000;
const A_RUN_AT_MOST = 20_000;
const HEADS_AT_ONCE = 8;
/** So many that were looked for, and none was there: that is another store, or a volume that is not mounted. */
const FOREIGN_FROM = 10;

interface Version {
  tenant_id: string;
  file_id: string;
  number: number;
  object_key: string;
  size: string;
}

/**
 * Versions that are offered and whose bytes are not in the store, or others by their length: they are marked lost, and
 * each is said. Lost is what a store says twice that answers otherwise; one that fails says nothing about anything. What
 * is there again, from a backup, is offered again.
 */
@PlatformTask('files.find_lost', '47 * * * *')
@Injectable()
export class LostObjects implements PlatformTaskRunner {
  private readonly logger = new Logger('Sweeping');

  constructor(
    private readonly db: AuthDb,
    @Inject(STORAGE_DRIVER) private readonly driver: StorageDriver,
  ) {}

  /** @throws StorageUnavailableError: nothing is marked lost then */
  async run(signal: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    const missing: Version[] = [];
    let there = 0;
    for (let fresh = 1; fresh > 0 && seen.size < A_RUN_AT_MOST;) {
      const batch = await this.db.query<Version>('select * from auth.versions_to_look_for($1)', [AT_ONCE]);
      const unseen = batch.filter(({ object_key }) => !seen.has(object_key));
      fresh = unseen.length;
      for (let start = 0; start < unseen.length; start += HEADS_AT_ONCE) {
        if (signal.aborted) return;
        const some = unseen.slice(start, start + HEADS_AT_ONCE);
        const found = await this.find(some);
        some.forEach(({ object_key }) => seen.add(object_key));
        missing.push(...some.filter((version) => !found.includes(version)));
        there += found.length;
        await this.mark(found, true);
      }
      if (missing.length >= AT_ONCE) break; // they would come again and again
    }
    if (missing.length > 0) await this.confirm(missing, there);
  }

  /** Asks again, of a store that says that it is one. */
  private async confirm(missing: Version[], there: number): Promise<void> {
    if (there === 0 && missing.length >= FOREIGN_FROM) {
      this.logger.error(`the store holds none of ${missing.length} files that were looked for: is it the right one?`);
      return;
    }
    await this.driver.ready();
    const found = await this.find(missing);
    await this.driver.ready();
    const lost = missing.filter((version) => !found.includes(version));
    for (const { tenant_id, file_id, number } of await this.mark(lost, false))
      this.logger.error(
        `file ${file_id} version ${number} of tenant ${tenant_id} is lost: its bytes are not in the store`,
      );
  }

  /** @returns those whose bytes are there */
  private async find(versions: Version[]): Promise<Version[]> {
    const found: Version[] = [];
    for (let start = 0; start < versions.length; start += HEADS_AT_ONCE) {
      const some = versions.slice(start, start + HEADS_AT_ONCE);
      const heads = await Promise.all(some.map(({ object_key }) => this.driver.head(object_key)));
      found.push(...some.filter(({ size }, at) => heads[at]?.size === Number(size)));
    }
    return found;
  }

  /** In one order, so that two processes never wait for each other in a circle. @returns those of which that is news */
  private async mark(some: Version[], there: boolean): Promise<Version[]> {
    const versions = some.toSorted((a, b) => (a.object_key < b.object_key ? -1 : 1));
    const marked = await this.db.query<{ news: boolean }>(
      `select auth.mark_version(t, f, n, $4) as news
         from unnest($1::uuid[], $2::uuid[], $3::integer[]) with ordinality x (t, f, n, place) order by place`,
      [versions.map((v) => v.tenant_id), versions.map((v) => v.file_id), versions.map((v) => v.number), there],
    );
    return versions.filter((_, at) => marked[at]?.news);
  }
}
