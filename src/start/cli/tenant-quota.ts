import type { UnfencedClient } from '../../database/service-client.js';
import { PlatformActions } from '../../modules/platform/index.js';
import { CliError } from './cli-error.js';
import type { Invocation } from './command.js';
import { onThePlatform } from './service-access.js';
import { tenantOf } from './tenants.js';

/** Powers of 1024, as IEC 80000-13 names them. */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

interface Usage {
  bytes: number;
  most: number;
}

/** `tenant quota`: what the files of a tenant take, and how much they may. */
export async function tenantQuota(invocation: Invocation): Promise<number> {
  const [slug = '', size] = invocation.words;
  const wanted = size === undefined ? undefined : bytesOf(size);
  const { bytes, most } = await onThePlatform(invocation, async (client, audit) => {
    const { id: tenantId } = await tenantOf(client, slug);
    const before = await usageOf(client, tenantId);
    if (wanted === undefined) {
      await audit.record(client, PlatformActions.tenantRead, { operatorId: null, tenantId });
      return before;
    }
    const details = { from: before.most, to: wanted };
    await audit.record(client, PlatformActions.tenantQuotaChanged, { operatorId: null, tenantId }, details);
    await client.query('select app.set_storage_quota($1, $2)', [tenantId, wanted]);
    return usageOf(client, tenantId);
  });
  invocation.out(`${slug} has room for ${told(most)} of files, and uses ${told(bytes)}.`);
  if (bytes > most) invocation.out('What is there stays. Nothing is added until it is less.');
  return 0;
}

async function usageOf(client: UnfencedClient, tenantId: string): Promise<Usage> {
  const [row] = await client.query<{ bytes: string; most: string }>(
    `select coalesce(max(bytes), 0) as bytes, coalesce(max(bytes_at_most), app.default_storage_quota()) as most
       from app.storage_usage where tenant_id = $1`,
    [tenantId],
  );
  return { bytes: Number(row?.bytes), most: Number(row?.most) };
}

/** @throws CliError for what is no size */
function bytesOf(text: string): number {
  const [, number = '', unit = 'B'] = /^(\d{1,16}(?:\.\d{1,3})?) ?(B|[KMGTP]iB)?$/i.exec(text) ?? [];
  const power = UNITS.findIndex((name) => name.toLowerCase() === unit.toLowerCase());
  const bytes = Math.round(Number(number) * 1024 ** power);
  if (!number || !Number.isSafeInteger(bytes)) throw new CliError(`"${text}" is no size: write 500MiB, or 20GiB.`, 2);
  return bytes;
}

function told(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${UNITS[power]}`;
}
