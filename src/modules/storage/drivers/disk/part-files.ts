import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidPartsError, ObjectMissingError, type Part, PART_BYTES_AT_LEAST } from '../storage-driver.js';
import { guarded } from './failures.js';
import { codeOf, unlessAbsent } from './folders.js';
import type { ObjectFiles } from './object-files.js';

const UPLOAD = /^[0-9a-f-]{36}$/;

/** Uploads in parts: `parts/<upload>/` holds the key that it is for in `key`, and each part under its number. */
export class PartFiles {
  constructor(private readonly files: ObjectFiles) {}

  async start(key: string): Promise<string> {
    const uploadId = randomUUID();
    const folder = await this.folderOf(uploadId);
    await guarded(async () => {
      await mkdir(folder, 0o700);
      await writeFile(join(folder, 'key'), key, { mode: 0o600, flag: 'wx' });
    });
    return uploadId;
  }

  /** @returns its SHA-256. @throws ObjectMissingError when the upload is over, or another key's */
  async receive(
    key: string,
    uploadId: string,
    number: number,
    size: number,
    source: AsyncIterable<unknown>,
  ): Promise<string> {
    const folder = await this.own(key, uploadId);
    const place = (file: string): Promise<void> =>
      rename(file, join(folder, String(number))).catch((error: unknown) => {
        throw codeOf(error) === 'ENOENT' ? new ObjectMissingError() : error; // finished meanwhile
      });
    return (await this.files.receive(source, { size }, place)).sha256;
  }

  /** @throws InvalidPartsError, ObjectMissingError */
  async finish(key: string, uploadId: string, parts: readonly Part[]): Promise<void> {
    const folder = await this.own(key, uploadId);
    const ordered = [...parts].sort((a, b) => a.number - b.number);
    const numbers = new Set(ordered.map(({ number }) => number));
    if (ordered.length === 0 || numbers.size < ordered.length) throw new InvalidPartsError();
    for (const { number } of ordered.slice(0, -1)) {
      const found = await guarded(() => stat(join(folder, String(number))).catch(unlessAbsent));
      if (!found || found.size < PART_BYTES_AT_LEAST) throw new InvalidPartsError();
    }
    await this.files.receive(joined(folder, ordered), {}, async (file) => {
      if (await this.files.has(key))
        await rm(file); // another one was quicker, and what is there may be inspected already
      else await this.files.place(file, key);
    });
    await rm(folder, { recursive: true, force: true });
  }

  async abort(key: string, uploadId: string): Promise<void> {
    const folder = await this.own(key, uploadId).catch((error: unknown) => {
      if (error instanceof ObjectMissingError) return undefined;
      throw error;
    });
    if (folder) await guarded(() => rm(folder, { recursive: true, force: true }));
  }

  private async folderOf(uploadId: string): Promise<string> {
    if (!UPLOAD.test(uploadId)) throw new ObjectMissingError();
    return join(await this.files.folder('parts'), uploadId);
  }

  private async own(key: string, uploadId: string): Promise<string> {
    const folder = await this.folderOf(uploadId);
    const owner = await guarded(() => readFile(join(folder, 'key'), 'utf8').catch(unlessAbsent));
    if (owner !== key) throw new ObjectMissingError();
    return folder;
  }
}

/** One part after the other; each must be the one that was named, so its end comes only when its hash is right. */
async function* joined(folder: string, parts: readonly Part[]): AsyncIterable<Buffer> {
  for (const { number, etag } of parts) {
    const hash = createHash('sha256');
    const part = createReadStream(join(folder, String(number)));
    try {
      for await (const chunk of part) {
        hash.update(chunk as Buffer);
        yield chunk as Buffer;
      }
    } catch (error) {
      throw codeOf(error) === 'ENOENT' ? new InvalidPartsError() : error;
    }
    if (etag.replaceAll('"', '') !== hash.digest('hex')) throw new InvalidPartsError();
  }
}
