import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ArchivedFile } from './archive-writer.js';

interface VersionRow {
  object_key: string;
  size: string;
  sha256: string;
  content_type: string;
  status: string;
}

/** Which files an export must read once its transaction is over: on disk, since there may be any number of them. */
export class FileSpool {
  private readonly out: WriteStream;

  private constructor(private readonly folder: string) {
    this.out = createWriteStream(join(folder, 'versions.txt'), { mode: 0o600 });
  }

  static async make(): Promise<FileSpool> {
    return new FileSpool(await mkdtemp(join(tmpdir(), 'ringfence-export-')));
  }

  /** @param lines rows of app.file_versions */
  async add(lines: Buffer): Promise<void> {
    const rows = lines
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as VersionRow);
    const files = rows.flatMap(({ status, object_key, size, sha256, content_type }) =>
      status === 'lost' ? [] : [`${object_key} ${size} ${sha256} ${encodeURIComponent(content_type)}\n`],
    );
    if (!this.out.write(files.join(''))) await once(this.out, 'drain');
  }

  /** Those that have bytes, once all were added. */
  async *files(): AsyncGenerator<ArchivedFile, void> {
    this.out.end();
    if (!this.out.closed) await once(this.out, 'close');
    const input = createReadStream(join(this.folder, 'versions.txt'));
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      const [key = '', size, sha256 = '', contentType = ''] = line.split(' ');
      yield { key, size: Number(size), sha256, contentType: decodeURIComponent(contentType) };
    }
  }

  async remove(): Promise<void> {
    this.out.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }
}
