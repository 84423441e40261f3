import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { ArchiveError } from './archive-error.js';
import {
  FIRST,
  FORMAT,
  fileLine,
  LAST,
  type Manifest,
  manifestSchema,
  PAX_SHA256,
  PAX_TYPE,
  Tally,
  VERIFIER,
} from './archive-format.js';
import type { ArchivedFile } from './archive-writer.js';
import { carriedTables } from './catalogue.js';

/** Is given what an archive holds, in its order. What it does not take is checked all the same. */
export interface ArchiveVisitor {
  /** whole lines of one table */
  rows?(table: string, lines: Buffer): Promise<void>;
  /** has taken all bytes when it resolves; what it took is checked when the stream ends: that fails then */
  file?(file: ArchivedFile, bytes: Readable): Promise<void>;
}

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

const TABLE = /^tables\/([a-z_]+\.[a-z_]+)\/(\d{6,})\.ndjson$/;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FILE = new RegExp(`^files/(${UUID}/${UUID}/${UUID})$`);
const SHA256 = /^[0-9a-f]{64}$/;
/** A row of the log may have 16 MiB of changes; more than that is none of our chunks. */
const IN_MEMORY_AT_MOST = 128 * 1024 * 1024;
const FILE_AT_MOST = 5 * 1024 ** 3;

const damaged = (why: string): ArchiveError =>
  new ArchiveError(`The archive is cut or was changed: ${why}. Nothing was imported. Copy it again, or export again.`);

/**
 * Reads an archive from its beginning to its end, in bounded memory.
 * @throws ArchiveError for whatever is not as the manifest says, and for what is no archive
 */
export async function readArchive(path: string, visitor: ArchiveVisitor = {}): Promise<Manifest> {
  const reading = new Reading(visitor);
  const source = createReadStream(path);
  const gunzip = createGunzip();
  const tar = extract();
  source.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error) => tar.destroy(error));
  source.pipe(gunzip);
  gunzip.pipe(tar);
  try {
    for await (const entry of tar) await reading.entry(entry);
    return reading.end();
  } catch (error) {
    throw readable(error);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** What zlib and tar-stream say of bytes that are not theirs. */
function readable(error: unknown): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code.startsWith('Z_')) return damaged(message);
  if (/tar|header|Unexpected end of data/i.test(message) && (error as Error).name === 'Error') return damaged(message);
  return error;
}

class Reading {
  private readonly tables = new Map<string, Tally>();
  private readonly files = new Tally();
  private fileBytes = 0;
  private chunk = 0;
  private begun = false;
  private verifier = '';
  private manifest: Manifest | undefined;

  constructor(private readonly visitor: ArchiveVisitor) {}

  async entry(entry: Entry): Promise<void> {
    const { name, type } = entry.header;
    if (type !== 'file' || this.manifest) throw damaged(`${name} does not belong there`);
    if (!this.begun) return this.first(entry);
    const table = TABLE.exec(name);
    const file = FILE.exec(name);
    if (table) await this.table(entry, table[1] ?? '', Number(table[2]));
    else if (file) await this.file(entry, file[1] ?? '');
    else if (name === VERIFIER)
      this.verifier = createHash('sha256')
        .update(await whole(entry))
        .digest('hex');
    else if (name === LAST) this.manifest = manifestOf(await whole(entry));
    else throw damaged(`${name} does not belong there`);
  }

  end(): Manifest {
    const { manifest, verifier, files, fileBytes } = this;
    if (!manifest) throw damaged('its end is missing');
    const tables = manifest.tables.map(({ name }) => {
      const tally = this.tables.get(name) ?? new Tally();
      return { name, rows: tally.count, bytes: tally.bytes, sha256: tally.digest() };
    });
    const unnamed = [...this.tables.keys()].filter((name) => !tables.some((one) => one.name === name));
    const wrong = tables.find((one, n) => JSON.stringify(one) !== JSON.stringify(manifest.tables[n]));
    const found = { count: files.count, bytes: fileBytes, sha256: files.digest() };
    if (wrong ?? unnamed.length > 0) throw damaged(`rows of ${wrong?.name ?? unnamed.join()} are not those that left`);
    if (JSON.stringify(found) !== JSON.stringify(manifest.files)) throw damaged('its files are not those that left');
    if (verifier !== manifest.verifier.sha256) throw damaged('the verifier is not the one that left');
    return manifest;
  }

  private async first(entry: Entry): Promise<void> {
    const text = entry.header.name === FIRST ? (await whole(entry)).toString() : '';
    const { format } = text.startsWith('{') ? (JSON.parse(text) as { format?: string }) : {};
    if (format === undefined) throw new ArchiveError('This is no archive of a tenant: `tenant export` makes one.');
    if (format !== FORMAT)
      throw new ArchiveError(
        `This version reads ${FORMAT}, and the archive is ${format}. Use the version that made it.`,
      );
    this.begun = true;
  }

  private async table(entry: Entry, name: string, chunk: number): Promise<void> {
    if (!carriedTables().some((table) => table.name === name)) throw damaged(`no table ${name} is carried`);
    const tally = this.tables.get(name) ?? new Tally();
    this.chunk = this.tables.has(name) ? this.chunk + 1 : 1;
    if (chunk !== this.chunk) throw damaged(`a part of ${name} is missing`);
    this.tables.set(name, tally);
    const lines = await whole(entry);
    if (lines.at(-1) !== 0x0a) throw damaged(`a row of ${name} is cut`);
    tally.add(
      lines,
      lines.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0),
    );
    await this.visitor.rows?.(name, lines);
  }

  private async file(entry: Entry, key: string): Promise<void> {
    const { size = -1, pax } = entry.header as { size?: number; pax?: Record<string, string> };
    const [sha256 = '', contentType = ''] = [pax?.[PAX_SHA256], pax?.[PAX_TYPE]];
    if (size < 0 || size > FILE_AT_MOST || !SHA256.test(sha256)) throw damaged(`${key} is not described`);
    const bytes = checked(entry, sha256, key);
    await (this.visitor.file?.({ key, size, sha256, contentType }, bytes) ?? drained(bytes));
    this.files.add(fileLine(key, size, sha256), 1);
    this.fileBytes += size;
  }
}

/** The bytes of an entry; the stream fails at its end when they are not those that left. */
function checked(entry: Entry, sha256: string, key: string): Readable {
  const hash = createHash('sha256');
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) =>
      done(hash.digest('hex') === sha256 ? null : damaged(`the bytes of ${key} are not those that left`)),
  });
  entry.on('error', (error: Error) => check.destroy(error));
  return (entry as unknown as Readable).pipe(check);
}

/** Takes all bytes and keeps none. @throws whatever the stream fails with */
export const drained = (bytes: Readable): Promise<void> => finished(bytes.resume());

async function whole(entry: Entry): Promise<Buffer> {
  if (entry.header.size > IN_MEMORY_AT_MOST) throw damaged(`${entry.header.name} is too large`);
  return buffer(entry);
}

function manifestOf(text: Buffer): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text.toString()));
  } catch {
    throw damaged('its manifest cannot be read');
  }
}
