import type { UnfencedClient } from '../../database/service-client.js';
import { type DemoHere, resources } from '../../resource/index.js';

interface DemoTenant extends Omit<DemoHere, 'idOf'> {
  tenantId: string;
  /** who own the records that have owners, in turn */
  owners: readonly { id: string; roleId: string }[];
}

/** The rows that each kind of record declares for the demo, in the order in which they name each other. */
export async function seedRecords(client: UnfencedClient, { tenantId, owners, ...about }: DemoTenant): Promise<void> {
  const made = new Map<string, string[]>();
  const idOf = (resource: string, n: number): string => {
    const ids = made.get(resource) ?? [];
    const id = ids[n % ids.length];
    if (!id) throw new Error(`the demo has no ${resource}: declare demo rows for it, and name it in refersTo`);
    return id;
  };
  for (const { name, table, columns, demo } of resources()) {
    const ids: string[] = [];
    for (let n = 0; n < (demo?.count ?? 0); n += 1) {
      const owner = owners[n % owners.length];
      const owned = columns.includes('owner_id') ? { owner_id: owner?.id, owner_role_id: owner?.roleId } : {};
      const row = { tenant_id: tenantId, ...owned, ...demo?.row(n, { ...about, idOf }) };
      const values = Object.values(row);
      const [{ id }] = (await client.query<{ id: string }>(
        `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
        values,
      )) as [{ id: string }];
      ids.push(id);
    }
    made.set(name, ids);
  }
}
