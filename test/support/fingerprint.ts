import type { Client } from 'pg';
import { type Relation, tenantColumnOf } from './catalogue.js';

const PEOPLE = '(select user_id from app.memberships where tenant_id = $1)';

/** A digest of the rows of a tenant, and of those of its people, in each table that has any, by the table's name. */
export async function fingerprintOf(
  admin: Client,
  relations: Iterable<Relation>,
  tenantId: string,
): Promise<Record<string, string | null>> {
  const sums = [...relations].flatMap((relation) => {
    const condition = theirs(relation);
    if (!condition || !['r', 'p'].includes(relation.kind) || relation.partitionOf) return [];
    return [`(select md5(string_agg(t::text, '|' order by t::text)) from ${relation.name} t where ${condition}) as "${relation.name}"`]; // prettier-ignore
  });
  return (await admin.query<Record<string, string | null>>(`select ${sums.join(', ')}`, [tenantId])).rows[0] ?? {};
}

function theirs(relation: Relation): string | undefined {
  const column = tenantColumnOf(relation);
  if (column) return `"${column}" = $1`;
  if (relation.name === 'auth.users') return `id in ${PEOPLE}`;
  return relation.columns.some(({ name }) => name === 'user_id') ? `user_id in ${PEOPLE}` : undefined;
}
