import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UnfencedPool } from '../../database/service-client.js';
import { verifierFile } from '../../modules/audit/reading/verifier-file.js';
import { PlatformActions } from '../../modules/platform/index.js';
import {
  ArchiveError,
  eraseTenant,
  exportTenant,
  importTenant,
  type Progress,
} from '../../modules/platform/tenant-archive/index.js';
import '../../resource-modules.js'; // declares the tables that travel
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { urlOf } from './home-of.js';
import { onThePlatform } from './service-access.js';
import { withStore } from './store-of.js';
import { tenantOf } from './tenants.js';

const POOL = { size: 2, waitMs: 5_000, startupOptions: false };

/** `tenant export`: the tenant with its files and its log, in one file. */
export async function tenantExport(invocation: Invocation): Promise<number> {
  const { env, out, words, options } = invocation;
  const [slug = ''] = words;
  const path = await freshFile(options['out']);
  const tenantId = await onThePlatform(invocation, async (client, audit) => {
    const { id } = await tenantOf(client, slug);
    await audit.record(client, PlatformActions.tenantExported, { operatorId: null, tenantId: id });
    return id;
  });
  const verifier = await verifierFile();
  const { tables, files, missing } = await moving(invocation, (pool, progress) =>
    withStore(env, (store) => exportTenant({ pool, store, verifier }, tenantId, path, progress)),
  );
  for (const { name, rows } of tables) out(`${name.padEnd(24)} ${rows} rows`);
  out(`${'files'.padEnd(24)} ${files.count}, ${files.bytes} bytes`);
  for (const key of missing.slice(0, 10)) out(`The store lacks ${key}: its row is in the archive, its bytes are not.`);
  out(`${slug} is in ${path}: with names and addresses, so keep it as you keep the database.`);
  return missing.length === 0 ? 0 : 1;
}

/** `tenant import`: all of the archive or nothing. */
export async function tenantImport(invocation: Invocation): Promise<number> {
  const { env, out, words } = invocation;
  const path = resolve(words[0] ?? '');
  const records: string[] = [];
  const { tenant, files, missing, audit } = await moving(invocation, (pool, progress) =>
    withStore(env, (store) => importTenant({ pool, store, write: (line) => records.push(line) }, path, progress)),
  );
  for (const record of records) out(record);
  out(`${tenant.slug} is here (${tenant.id}), with ${files.count} files and ${audit.size} numbered rows of its log.`);
  if (missing.length > 0)
    out(`${missing.length} files had no bytes in the archive: they are listed, and cannot be read.`);
  if (audit.keys.length > 0) out(`Its log was signed by ${audit.keys.join(', ')} so far: tell its auditors.`);
  out('Its people sign in once they have set a password: by the mail for a password that was forgotten.');
  return 0;
}

/** `tenant erase`: for good. What went is certified, and the certificate's hash recorded. */
export async function tenantErase(invocation: Invocation): Promise<number> {
  const { env, out, words, options } = invocation;
  const [slug = ''] = words;
  if (options['confirm'] !== slug)
    throw new CliError(`This cannot be taken back. If it is meant, say so: --confirm ${slug}`, 2);
  const records: string[] = [];
  const { certificate, text, sha256 } = await moving(invocation, (pool, progress) =>
    withStore(env, (store) => eraseTenant({ pool, store, write: (line) => records.push(line) }, { slug }, progress)),
  );
  for (const record of records) out(record);
  const { tables, objects, people, remains } = certificate;
  for (const { name, rows } of tables) out(`${name.padEnd(24)} ${rows} rows erased`);
  out(`${'objects'.padEnd(24)} ${objects.count} erased, ${objects.bytes} bytes`);
  out(`${'accounts'.padEnd(24)} ${people.erased} erased, ${people.kept} in use elsewhere`);
  for (const { name, rows } of remains) out(`${name.padEnd(24)} ${rows} rows stay, names and addresses unreadable`);
  out(text);
  out(`SHA-256 of the line above, which the installation's log has: ${sha256}`);
  out('Backups have all of it until the last of them is gone.');
  return 0;
}

/** With connections of the service role, and a line on a terminal that says how far it is. */
async function moving<T>(
  { env }: Invocation,
  work: (pool: UnfencedPool, progress: Progress) => Promise<T>,
): Promise<T> {
  const pool = new UnfencedPool({ url: await urlOf(env, 'service', 'SERVICE_DATABASE_URL'), ...POOL });
  const { stderr } = process;
  let last = 0;
  try {
    return await work(pool, (what, done) => {
      if (!stderr.isTTY || Date.now() - last < 100) return;
      last = Date.now();
      stderr.write(`\r\u001b[K${what} ${done || ''}`);
    });
  } catch (error) {
    throw error instanceof ArchiveError ? new CliError(error.message) : error;
  } finally {
    if (stderr.isTTY) stderr.write('\r\u001b[K');
    await pool.end();
  }
}

/** @throws CliError without a name, or where a file has it */
async function freshFile(name: string | undefined): Promise<string> {
  if (!name) throw new CliError('--out is missing: a file that the archive is written to.', 2);
  const path = resolve(name);
  const taken = await access(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new CliError(`${path} is there already. Name another file.`);
  return path;
}
