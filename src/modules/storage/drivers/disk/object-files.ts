import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { assertKey, isKey } from '../object-key.js';
import { Measure, type Expected } from '../measure.js';
import { type ObjectInfo, ObjectMissingError, StorageUnavailableError } from '../storage-driver.js';
import { guarded, unavailable } from './failures.js';
import { codeOf, flushed, isPlain, madeWithin, PRIVATE, unlessAbsent, walk } from './folders.js';

const FOLDERS = ['objects', 'incoming', 'parts'] as const;
/** An open file and what identifies its content: it is written once and never changed. */
export interface OpenObject {
  handle: FileHandle;
  size: number;
  /** strong validator (RFC 9110 section 8.8.1) */
  etag: string;
}

/**
 * Objects as files beneath one root, which nobody else may enter:
 *
 *     objects/<tenant>/<file>/<object>   whole ones, flushed
 *     incoming/<random>                  what is being received; moved when it is whole
 *     parts/<upload>/                    see PartFiles
 *
 * No link is followed beneath the root, whoever put it there.
 */
export class ObjectFiles {
  private prepared?: Promise<string>;

  /**
   * @param make whether to make the root. Where it is a volume, no: files must not land beneath one that is not mounted
   * @param freeAtLeast bytes of the volume that are never used: a full one stops more than files
   */
  constructor(
    private readonly root: string,
    private readonly make: boolean,
    private readonly freeAtLeast = 0,
  ) {}

  /** A folder of the root; makes them all at the first call. @throws StorageUnavailableError */
  async folder(name: (typeof FOLDERS)[number]): Promise<string> {
    this.prepared ??= this.prepare().catch((error: unknown) => {
      this.prepared = undefined; // mounted later, perhaps
      throw unavailable(error);
    });
    return join(await this.prepared, name);
  }

  /** Whether it is all there and can be written to. @throws StorageUnavailableError */
  async probe(): Promise<void> {
    const file = join(await this.folder('incoming'), randomUUID());
    for (const folder of FOLDERS) await this.assertThere(folder);
    await guarded(async () => {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile('ready').finally(() => handle.close());
      await rm(file);
    });
  }

  /**
   * Receives content into a file of its own, to the disk itself, and then moves it to where it belongs.
   * @throws SizeMismatchError, ChecksumMismatchError, StorageUnavailableError, whatever the source throws; nothing is left then
   */
  async receive(
    source: AsyncIterable<unknown>,
    expected: Expected,
    place: (file: string) => Promise<void>,
  ): Promise<{ size: number; sha256: string }> {
    const file = join(await this.folder('incoming'), randomUUID());
    const measure = new Measure(expected);
    return guarded(async () => {
      await this.assertRoom(expected.size ?? 0);
      try {
        const handle = await open(file, 'wx', 0o600);
        await pipeline(source, measure, handle.createWriteStream({ flush: true }));
        await place(file);
        return { size: measure.bytes, sha256: measure.sha256 };
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    });
  }

  /** Moves a whole file to its key, over whatever is there: of an upload, the last one counts. */
  async place(file: string, key: string): Promise<void> {
    const [tenant, owner, object] = assertKey(key).split('/') as [string, string, string];
    const objects = await this.folder('objects');
    for (let attempt = 1; ; attempt += 1) {
      try {
        const target = join(await madeWithin(objects, [tenant, owner]), object);
        await rename(file, target);
        await flushed(dirname(target));
        return;
      } catch (error) {
        // the folder was empty, and another process removed it before we came
        if (codeOf(error) !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  /** @throws ObjectMissingError: also for what is no plain file, or lies behind a link */
  async open(key: string): Promise<OpenObject> {
    const path = await this.pathOf(key);
    return guarded(async () => {
      if (!(await isPlain(dirname(path)))) throw await this.missing();
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(async (error: unknown) => {
        throw /^(ENOENT|ELOOP|ENOTDIR)$/.test(codeOf(error)) ? await this.missing() : error;
      });
      const found = await handle.stat({ bigint: true });
      if (!found.isFile()) {
        await handle.close();
        throw new ObjectMissingError();
      }
      const tag = [found.ino, found.size, found.mtimeNs].map((part) => part.toString(36)).join('-');
      return { handle, size: Number(found.size), etag: `"${tag}"` };
    });
  }

  async move(from: string, to: string): Promise<void> {
    const source = await this.pathOf(from);
    await guarded(async () => {
      if (await this.has(to)) return;
      const there = await lstat(source).catch(unlessAbsent);
      if (there?.isFile() && (await isPlain(dirname(source)))) {
        await this.place(source, to);
        await this.tidy(from);
      } else {
        const moved = await this.open(to); // moved by another one in between, or this throws
        await moved.handle.close();
      }
    });
  }

  async has(key: string): Promise<boolean> {
    try {
      const { handle } = await this.open(key);
      await handle.close();
      return true;
    } catch (error) {
      if (error instanceof ObjectMissingError) return false;
      throw error;
    }
  }

  async remove(key: string): Promise<void> {
    const path = await this.pathOf(key);
    await guarded(async () => {
      if (await isPlain(dirname(path))) await rm(path, { force: true });
      await this.tidy(key);
    });
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    const objects = await this.folder('objects');
    await this.assertThere('objects');
    if (prefix !== '' && !(await guarded(() => isPlain(join(objects, prefix))))) return;
    for await (const path of walk(join(objects, prefix), 3 - prefix.split('/').filter(Boolean).length)) {
      const key = path.slice(objects.length + 1);
      const found = isKey(key) ? await guarded(() => lstat(path).catch(unlessAbsent)) : undefined;
      if (found?.isFile()) yield { key, size: found.size, modifiedAt: found.mtime };
    }
  }

  /** What was being received when a process ended. @returns how many */
  async sweep(folder: 'incoming' | 'parts', before: Date): Promise<number> {
    const path = await this.folder(folder);
    return guarded(async () => {
      let swept = 0;
      for (const name of await readdir(path)) {
        const found = await stat(join(path, name)).catch(unlessAbsent);
        if (!found || found.mtime >= before) continue;
        await rm(join(path, name), { recursive: true, force: true });
        swept += 1;
      }
      return swept;
    });
  }

  private async prepare(): Promise<string> {
    if (this.make) await mkdir(this.root, { recursive: true, mode: PRIVATE });
    const root = await realpath(this.root);
    for (const folder of FOLDERS) await madeWithin(root, [folder]);
    return root;
  }

  /** Nothing is missing from a volume that is not there. */
  private async missing(): Promise<ObjectMissingError> {
    await this.assertThere('objects');
    return new ObjectMissingError();
  }

  /** @throws StorageUnavailableError */
  private async assertThere(folder: (typeof FOLDERS)[number]): Promise<void> {
    const path = await this.folder(folder);
    if (await guarded(() => isPlain(path))) return;
    throw new StorageUnavailableError(new Error(`${folder} is no folder of the store's root`));
  }

  /** @throws StorageUnavailableError */
  private async assertRoom(bytes: number): Promise<void> {
    if (this.freeAtLeast === 0) return;
    const { bavail, bsize } = await statfs(await this.folder('incoming'));
    if (bavail * bsize - bytes < this.freeAtLeast)
      throw new StorageUnavailableError(new Error('the volume has less room left than STORAGE_FREE_BYTES_AT_LEAST'));
  }

  private async pathOf(key: string): Promise<string> {
    return join(await this.folder('objects'), assertKey(key));
  }

  /** Folders that are empty now; somebody else's file in them keeps them. */
  private async tidy(key: string): Promise<void> {
    const file = dirname(await this.pathOf(key));
    for (const folder of [file, dirname(file)]) await rmdir(folder).catch(() => undefined);
  }
}
