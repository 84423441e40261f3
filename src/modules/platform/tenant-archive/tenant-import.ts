import type { UnfencedClient, UnfencedPool } from '../../../database/service-client.js';
import type { StorageDriver } from '../../storage/index.js';
import { PlatformActions } from '../platform.actions.js';
import { PlatformAudit } from '../platform-audit.js';
import { ArchiveError } from './archive-error.js';
import { fileLine, type Manifest, Tally } from './archive-format.js';
import { readArchive } from './archive-reader.js';
import { carriedTables } from './catalogue.js';
import { checkedCatalogue, schemaVersion } from './catalogue-check.js';
import { ImportedFiles } from './imported-files.js';
import { assertFree, assertPeopleFit, assertPermissionsKnown, assertSchema } from './import-checks.js';
import { TEXT_FORM } from './row-reader.js';
import { type RowWriter, rowWriter } from './row-writer.js';
import type { Progress } from './tenant-export.js';

export interface ImportTarget {
  pool: UnfencedPool;
  store: StorageDriver;
  /** takes the structured line of what was recorded */
  write: (line: string) => void;
}

/** The rows of an archive end where its files begin: what comes behind is not read a third time. */
class RowsRead extends Error {}

/**
 * Brings a tenant from an archive into an installation that has neither it nor its log. Every checksum is verified before
 * anything is written; then the files are, then the rows, in one transaction. If that fails, the files go again.
 * @throws ArchiveError saying what is in the way
 */
export async function importTenant(
  target: ImportTarget,
  path: string,
  progress: Progress = () => undefined,
): Promise<Manifest> {
  const manifest = await verify(target.pool, path, progress);
  const files = new ImportedFiles(target.store);
  try {
    const read = await readArchive(path, {
      file: async (file, bytes) => {
        if (!file.key.startsWith(`${manifest.tenant.id}/`))
          throw new ArchiveError(`The archive has a file of another tenant: ${file.key}. Nothing was imported.`);
        await files.put(file, bytes);
        progress('files', files.count);
      },
    });
    if (JSON.stringify(read) !== JSON.stringify(manifest))
      throw new ArchiveError('The archive was changed while it was read. Nothing was imported.');
    const line = await target.pool.transaction((client) => insert(client, path, manifest, progress));
    target.write(line);
    return manifest;
  } catch (error) {
    await files.takeBack(path);
    throw error;
  }
}

/** All of the archive, and whether this installation can take it. */
async function verify(pool: UnfencedPool, path: string, progress: Progress): Promise<Manifest> {
  const asking = <T>(work: (client: UnfencedClient) => Promise<T>): Promise<T> => pool.transaction(work);
  const manifest = await readArchive(path, {
    rows: async (table, lines) => {
      if (table === 'auth.users') await asking((client) => assertPeopleFit(client, lines));
      if (table === 'app.role_permissions') await asking((client) => assertPermissionsKnown(client, lines));
      progress('verifying', 0);
    },
  });
  await asking(async (client) => {
    assertSchema(manifest, await schemaVersion(client));
    await checkedCatalogue(client);
    await assertFree(client, manifest.tenant);
  });
  return manifest;
}

/** @returns the line for the server's log */
async function insert(client: UnfencedClient, path: string, manifest: Manifest, progress: Progress): Promise<string> {
  const { id, slug } = manifest.tenant;
  await client.query(TEXT_FORM);
  await client.query('select auth.enter_command_line()');
  const types = await checkedCatalogue(client);
  const writers = new Map(carriedTables().map((table) => [table.name, rowWriter(table, types)]));
  await client.query('select app.begin_tenant_import($1, $2)', [id, slug]).catch(taken(slug));
  await insertRows(client, path, manifest, writers, progress);
  await assertFilesAreTheRows(client, manifest);
  const lines: string[] = [];
  const { exportedAt, files, audit } = manifest;
  await new PlatformAudit((line) => lines.push(line)).record(
    client,
    PlatformActions.tenantImported,
    { operatorId: null, tenantId: id },
    {
      exportedAt,
      auditSize: audit.size,
      auditKeys: audit.keys,
      files: files.count,
      missingFiles: manifest.missing.length,
    },
  );
  await client.query('select app.finish_tenant_import($1)', [id]);
  return lines.join('');
}

const taken =
  (slug: string) =>
  (error: unknown): never => {
    if ((error as { code?: string }).code === 'RF036')
      throw new ArchiveError(`There is a tenant ${slug}, or a log of it, already. Nothing was imported.`);
    throw error;
  };

async function insertRows(
  client: UnfencedClient,
  path: string,
  { tenant, tables }: Manifest,
  writers: ReadonlyMap<string, RowWriter>,
  progress: Progress,
): Promise<void> {
  const tallies = new Map<string, Tally>();
  await readArchive(path, {
    rows: async (name, lines) => {
      const tally = tallies.get(name) ?? new Tally();
      tallies.set(name, tally);
      tally.add(lines);
      await writers.get(name)?.(client, tenant.id, lines);
      progress(name, tally.bytes);
    },
    file: () => Promise.reject(new RowsRead()),
  }).catch((error: unknown) => {
    if (!(error instanceof RowsRead)) throw error;
  });
  for (const { name, sha256 } of tables) {
    if ((tallies.get(name) ?? new Tally()).digest() !== sha256)
      throw new ArchiveError(`The archive was changed while it was read: rows of ${name}. Nothing was imported.`);
  }
}

/** @throws ArchiveError when the rows speak of other bytes than were written */
async function assertFilesAreTheRows(client: UnfencedClient, { tenant, files, missing }: Manifest): Promise<void> {
  const tally = new Tally();
  const gone = new Set(missing);
  await client.query(
    `declare versions no scroll cursor for select v.object_key as key, v.size, v.sha256 from app.file_versions v
      where v.tenant_id = $1 and v.status <> 'lost' order by v.file_id, v.number`,
    [tenant.id],
  );
  for (;;) {
    const rows = await client.query<{ key: string; size: string; sha256: string }>('fetch forward 1000 from versions');
    for (const { key, size, sha256 } of rows) if (!gone.has(key)) tally.add(fileLine(key, Number(size), sha256), 1);
    if (rows.length === 0) break;
  }
  await client.query('close versions');
  if (tally.digest() !== files.sha256)
    throw new ArchiveError('The files of the archive are not those that its rows speak of. Nothing was imported.');
}
