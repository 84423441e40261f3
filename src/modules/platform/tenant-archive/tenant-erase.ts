import { createHash } from 'node:crypto';
import type { UnfencedClient, UnfencedPool } from '../../../database/service-client.js';
import type { StorageDriver } from '../../storage/index.js';
import { PlatformActions } from '../platform.actions.js';
import { PlatformAudit } from '../platform-audit.js';
import { ArchiveError } from './archive-error.js';
import { carriedTables } from './catalogue.js';
import { checkedCatalogue } from './catalogue-check.js';
import { asCommandLine, type Entering } from './entering.js';
import { countOf, eraseRows, type Removed } from './erase-rows.js';
import type { ImportTarget } from './tenant-import.js';
import type { Progress } from './tenant-export.js';

/** What went when a tenant was erased, and what stays. Its SHA-256 stands in the installation's log. */
export interface Certificate {
  format: 'ringfence-erasure-1';
  tenant: { id: string; slug: string };
  /** RFC 3339, UTC */
  erasedAt: string;
  tables: Removed[];
  objects: { count: number; bytes: number };
  people: { erased: number; kept: number };
  /** rows of the log: append-only, without the keys to names and addresses (docs/adr/0020) */
  remains: Removed[];
}

export interface Erasure {
  /** as it was hashed */
  text: string;
  sha256: string;
  certificate: Certificate;
}

export interface ErasureTarget extends ImportTarget {
  /** Default: the command line */
  enter?: Entering;
}

/** A slug may have been another tenant's since. */
export type NamedTenant = { slug: string } | { id: string };

const AT_ONCE = 500;
const NO_LIMIT = 'set local statement_timeout = 0; set local transaction_timeout = 0';

/**
 * Erases a suspended tenant: its objects, then its rows and keys in one transaction with the entry that says so, then
 * objects that came meanwhile. May be repeated after a crash; of a tenant that is erased it gives the certificate again.
 * @throws ArchiveError when there never was such a tenant, or it is not suspended
 */
export async function eraseTenant(
  target: ErasureTarget,
  named: NamedTenant,
  progress: Progress = () => undefined,
): Promise<Erasure> {
  const { pool, store, write, enter = asCommandLine } = target;
  const tenant = await pool.transaction((client) => suspendedTenant(client, named, enter));
  if (!tenant) return certificateOf(pool, store, named);
  const { id: tenantId, slug } = tenant;
  const objects = await eraseObjects(store, tenantId, progress);
  const lines: string[] = [];
  const erasure = await pool.transaction(async (client) => {
    await client.query(NO_LIMIT);
    const operatorId = await enter(client);
    await checkedCatalogue(client);
    await client.query('select app.begin_tenant_erasure($1)', [tenantId]);
    progress('rows', 0);
    const { tables, people } = await eraseRows(client, tenantId);
    const remains: Removed[] = [];
    for (const { name } of carriedTables().filter(({ kind, name }) => kind === 'audit' && name.startsWith('app.')))
      remains.push({ name, rows: await countOf(client, name, tenantId) });
    const erasedAt = new Date().toISOString();
    const made = sealed({ format: 'ringfence-erasure-1', tenant, erasedAt, tables, objects, people, remains });
    const audit = new PlatformAudit((line) => lines.push(line));
    const details = { slug, sha256: made.sha256, certificate: made.text };
    await audit.record(client, PlatformActions.tenantErased, { operatorId, tenantId }, details);
    await client.query('select app.finish_tenant_erasure($1)', [tenantId]);
    return made;
  });
  for (const line of lines) write(line);
  await eraseObjects(store, tenantId, progress); // an upload that was under way
  return erasure;
}

function sealed(certificate: Certificate): Erasure {
  const text = JSON.stringify(certificate);
  return { text, sha256: createHash('sha256').update(text).digest('hex'), certificate };
}

/** @returns undefined where there is none @throws ArchiveError where it is not suspended */
async function suspendedTenant(
  client: UnfencedClient,
  named: NamedTenant,
  enter: Entering,
): Promise<Certificate['tenant'] | undefined> {
  const [found] = await client.query<Certificate['tenant'] & { status: string }>(
    `select id, slug, status from app.tenants where ${'id' in named ? 'id' : 'slug'} = $1`,
    [nameOf(named)],
  );
  if (!found) return undefined;
  await enter(client);
  const { id, slug, status } = found;
  if (status !== 'suspended')
    throw new ArchiveError(
      `${slug} is active. Suspend it first, so that nobody works in it: npm run ringfence -- tenant suspend ${slug}`,
      'tenant_not_suspended',
    );
  return { id, slug };
}

const nameOf = (named: NamedTenant): string => ('id' in named ? named.id : named.slug);

/** Of a tenant that is gone already. */
async function certificateOf(pool: UnfencedPool, store: StorageDriver, named: NamedTenant): Promise<Erasure> {
  const [row] = await pool.transaction((client) =>
    client.query<{ text: string }>(
      `select l.details ->> 'certificate' as text from app.audit_log l
        where l.tenant_id = '00000000-0000-0000-0000-000000000000' and l.action = $1 and ${'id' in named ? 'l.target_id::text' : `l.details ->> 'slug'`} = $2
          and l.actor_type in ('operator', 'command_line') order by l.id desc limit 1`,
      [PlatformActions.tenantErased.code, nameOf(named)],
    ),
  );
  if (!row)
    throw new ArchiveError(`There is no tenant ${nameOf(named)}, and none of that name was erased.`, 'tenant_gone');
  const erasure = sealed(JSON.parse(row.text) as Certificate);
  await eraseObjects(store, erasure.certificate.tenant.id, () => undefined);
  return erasure;
}

async function eraseObjects(
  store: StorageDriver,
  tenantId: string,
  progress: Progress,
): Promise<{ count: number; bytes: number }> {
  const done = { count: 0, bytes: 0 };
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    await store.delete(keys);
    keys = [];
    progress('objects', done.count);
  };
  for await (const { key, size } of store.list(tenantId)) {
    keys.push(key);
    done.count += 1;
    done.bytes += size;
    if (keys.length >= AT_ONCE) await flush();
  }
  await flush();
  return done;
}
