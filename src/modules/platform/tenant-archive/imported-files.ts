import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { StorageDriver } from '../../storage/index.js';
import { ArchiveError } from './archive-error.js';
import { drained, readArchive } from './archive-reader.js';
import type { ArchivedFile } from './archive-writer.js';

const AT_ONCE = 500;

/**
 * Puts the files of an archive into the store. An object that lies there already with the same bytes is left as it is, and
 * left there: an import was cut before, or both installations share the store.
 */
export class ImportedFiles {
  private readonly there = new Set<string>();
  count = 0;

  constructor(private readonly store: StorageDriver) {}

  /** @throws ArchiveError when other bytes lie there under its key */
  async put(file: ArchivedFile, bytes: Readable): Promise<void> {
    const { key, size, sha256, contentType } = file;
    const head = await this.store.head(key);
    if (head) {
      await drained(bytes);
      if (head.size !== size || (await this.hashOf(key)) !== sha256)
        throw new ArchiveError(`Other bytes lie under ${key} in the store. Nothing was imported: take another store.`);
      this.there.add(key);
    } else await this.store.write(key, bytes, { contentType, size, sha256 });
    this.count += 1;
  }

  /** What was put goes again: the first `count` of the archive, but for what was there before. */
  async takeBack(path: string): Promise<void> {
    const keys: string[] = [];
    let left = this.count;
    if (left === 0) return;
    const flush = (): Promise<void> => this.store.delete(keys.splice(0));
    await readArchive(path, {
      file: async ({ key }, bytes) => {
        if (left > 0 && !this.there.has(key)) keys.push(key);
        left -= 1;
        if (keys.length >= AT_ONCE) await flush();
        await drained(bytes);
      },
    }).catch(() => undefined); // the reason why it is taken back may be the archive itself
    await flush();
  }

  private async hashOf(key: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of await this.store.read(key)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
}
