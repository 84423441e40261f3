import { createWriteStream } from 'node:fs';
import { rm, rename } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createHash } from 'node:crypto';
import type { UnfencedPool, UnfencedClient } from '../../../database/service-client.js';
import { ObjectMissingError, type StorageDriver } from '../../storage/index.js';
import { ArchiveError } from './archive-error.js';
import { FORMAT, fileLine, LAST, type Manifest, Tally, VERIFIER } from './archive-format.js';
import { type ArchivedFile, ArchiveWriter, DamagedObjectError } from './archive-writer.js';
import { carriedTables } from './catalogue.js';
import { checkedCatalogue, schemaVersion } from './catalogue-check.js';
import { asCommandLine, type Entering } from './entering.js';
import { FileSpool } from './file-spool.js';
import { chunksOf, TEXT_FORM } from './row-reader.js';

/** What an export or import is at, for whoever waits. */
export type Progress = (what: string, done: number) => void;

export interface ExportSource {
  pool: UnfencedPool;
  store: StorageDriver;
  /** the program that checks the tenant's log, as it ships */
  verifier: Buffer;
  /** Default: the command line */
  enter?: Entering;
}

/** Entries without a number that one import can put in their order. */
const UNNUMBERED_AT_MOST = 30_000;

/**
 * Into a file, which appears under its name when it is complete.
 * @throws ArchiveError as archiveTenant does
 */
export async function exportTenant(
  source: ExportSource,
  tenantId: string,
  path: string,
  progress: Progress = () => undefined,
): Promise<Manifest> {
  const part = `${path}.part`;
  try {
    const manifest = await archiveTenant(
      source,
      tenantId,
      createWriteStream(part, { flags: 'wx', mode: 0o600 }),
      progress,
    );
    await rename(part, path);
    return manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(part, { force: true });
    throw error;
  }
}

/** What statements, and waiting for whoever takes the bytes, may last is another's to say. */
const NO_LIMIT = `set local statement_timeout = 0; set local transaction_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`;

/**
 * Writes a tenant, whole, as an archive (archive-format.ts). Rows are of one moment; files are read afterwards, without a
 * transaction: an object never changes under its key. Holds little in memory: what is not taken is not read.
 * @param out ended when all is written; destroyed when anything failed
 * @throws ArchiveError for a table or column that the catalogue does not know, and for what cannot be archived
 */
export async function archiveTenant(
  source: ExportSource,
  tenantId: string,
  out: Writable,
  progress: Progress = () => undefined,
): Promise<Manifest> {
  const exportedAt = new Date();
  const writer = new ArchiveWriter(exportedAt);
  const written = pipeline(writer.tar, createGzip({ level: 6 }), out);
  written.catch(() => undefined); // awaited below; until then the work may fail first
  let spool: FileSpool | undefined;
  try {
    spool = await FileSpool.make();
    const work = write(source, writer, spool, { tenantId, exportedAt, progress });
    // a full disk ends the pipeline, and what waits for it would wait for ever
    const manifest = await Promise.race([work, written.then(() => work)]);
    await written;
    return manifest;
  } catch (error) {
    writer.tar.destroy();
    await written.catch(() => undefined);
    throw error instanceof DamagedObjectError ? damaged(error) : error;
  } finally {
    await spool?.remove();
  }
}

const damaged = ({ message: key }: Error): ArchiveError =>
  new ArchiveError(
    `The store has other bytes under ${key} than were uploaded. Delete that version of the file, or put the object back, and export again.`,
    'object_damaged',
  );

interface Wish {
  tenantId: string;
  exportedAt: Date;
  progress: Progress;
}

async function write(source: ExportSource, writer: ArchiveWriter, spool: FileSpool, wish: Wish): Promise<Manifest> {
  await writer.begin();
  const rows = await writeRows(source, writer, spool, wish);
  const { files, missing } = await writeFiles(source.store, writer, spool, wish);
  await writer.entry(VERIFIER, source.verifier);
  const verifier = { sha256: createHash('sha256').update(source.verifier).digest('hex') };
  const exportedAt = wish.exportedAt.toISOString();
  const manifest: Manifest = { format: FORMAT, exportedAt, ...rows, files, missing, verifier };
  await writer.entry(LAST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  writer.end();
  return manifest;
}

function writeRows(
  { pool, enter = asCommandLine }: ExportSource,
  writer: ArchiveWriter,
  spool: FileSpool,
  { tenantId, progress }: Wish,
): Promise<Pick<Manifest, 'tenant' | 'schemaVersion' | 'tables' | 'audit'>> {
  return pool.transaction(async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    await client.query(TEXT_FORM);
    await client.query(NO_LIMIT);
    await enter(client);
    await checkedCatalogue(client);
    const head = await headOf(client, tenantId);
    const tables: Manifest['tables'] = [];
    for (const table of carriedTables()) {
      const tally = new Tally();
      let chunk = 0;
      for await (const { lines, rows } of chunksOf(client, table, tenantId)) {
        tally.add(lines, rows);
        if (table.name === 'app.file_versions') await spool.add(lines);
        await writer.entry(`tables/${table.name}/${String((chunk += 1)).padStart(6, '0')}.ndjson`, lines);
        progress(table.name, tally.count);
      }
      tables.push({ name: table.name, rows: tally.count, bytes: tally.bytes, sha256: tally.digest() });
    }
    return { ...head, tables };
  });
}

/** @throws ArchiveError where there is no such tenant, or nobody numbers its log */
async function headOf(
  client: UnfencedClient,
  tenantId: string,
): Promise<Pick<Manifest, 'tenant' | 'schemaVersion' | 'audit'>> {
  const [tenant] = await client.query<Manifest['tenant']>('select id, slug, name from app.tenants where id = $1', [
    tenantId,
  ]);
  if (!tenant) throw new ArchiveError(`There is no tenant ${tenantId}.`, 'tenant_gone');
  const [log] = await client.query<{ keys: string[]; size: string; unnumbered: string }>(
    `select array(select distinct c.verifier_key from app.audit_checkpoints c where c.tenant_id = $1 order by 1) as keys,
            (select count(*) from app.audit_leaves f where f.tenant_id = $1) as size,
            (select count(*) from app.audit_log l where l.tenant_id = $1 and not exists (
               select from app.audit_leaves f where f.tenant_id = $1 and f.entry_id = l.id)) as unnumbered`,
    [tenantId],
  );
  const { keys = [], size = '0', unnumbered = '0' } = log ?? {};
  if (Number(unnumbered) > UNNUMBERED_AT_MOST)
    throw new ArchiveError(`${unnumbered} entries of its log have no number. A server that runs numbers them.`);
  return { tenant, schemaVersion: await schemaVersion(client), audit: { keys, size: Number(size) } };
}

/** Every version that has bytes, in the order of the rows. */
async function writeFiles(
  store: StorageDriver,
  writer: ArchiveWriter,
  spool: FileSpool,
  { progress }: Wish,
): Promise<Pick<Manifest, 'files' | 'missing'>> {
  const tally = new Tally();
  const missing: string[] = [];
  let bytes = 0;
  for await (const file of spool.files()) {
    if (await writeFile(store, writer, file)) {
      tally.add(fileLine(file.key, file.size, file.sha256), 1);
      bytes += file.size;
    } else missing.push(file.key);
    progress('files', tally.count);
  }
  return { files: { count: tally.count, bytes, sha256: tally.digest() }, missing };
}

/** @returns whether it was there, in the size that its row says */
async function writeFile(store: StorageDriver, writer: ArchiveWriter, file: ArchivedFile): Promise<boolean> {
  const head = await store.head(file.key);
  if (head?.size !== file.size) return false;
  const bytes = await store.read(file.key).catch((error: unknown) => {
    if (error instanceof ObjectMissingError) return undefined;
    throw error;
  });
  if (bytes) await writer.file(file, bytes);
  return bytes !== undefined;
}
