import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { FIRST, FORMAT, PAX_SHA256, PAX_TYPE } from './archive-format.js';

/** What an archive is told of one file. */
export interface ArchivedFile {
  key: string;
  size: number;
  sha256: string;
  contentType: string;
}

/** The bytes that came are not those of its row. */
export class DamagedObjectError extends Error {
  override name = 'DamagedObjectError';
}

/** Puts entries into a tar, one after the other; each waits until what came before was taken. */
export class ArchiveWriter {
  readonly tar: Pack = pack();

  constructor(private readonly mtime: Date) {}

  begin(): Promise<void> {
    return this.entry(FIRST, Buffer.from(`${JSON.stringify({ format: FORMAT })}\n`));
  }

  entry(name: string, content: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.tar.entry({ name, mtime: this.mtime, mode: 0o600 }, content, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** @throws DamagedObjectError when the bytes are others than announced: the archive is void then */
  async file({ key, size, sha256, contentType }: ArchivedFile, source: Readable): Promise<void> {
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _, done) {
        bytes += chunk.byteLength;
        hash.update(chunk);
        if (bytes > size) done(new DamagedObjectError(key));
        else done(null, chunk);
      },
      flush(done) {
        done(bytes === size && hash.digest('hex') === sha256 ? null : new DamagedObjectError(key));
      },
    });
    const pax = { [PAX_SHA256]: sha256, [PAX_TYPE]: contentType };
    const into = this.tar.entry({ name: `files/${key}`, size, mtime: this.mtime, mode: 0o600, pax });
    await pipeline(source, measure, into as unknown as NodeJS.WritableStream);
  }

  end(): void {
    this.tar.finalize();
  }
}
