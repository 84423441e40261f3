import type { Check } from '../check.js';
import { TENANT_TABLES, requestsUse } from '../catalogue.js';

export const uniqueWithoutTenant: Check = {
  id: 'unique-without-tenant',
  title: 'A value is unique across all tenants',
  severity: 'FIX',
  why: 'Row level security does not bind a unique index: being refused a value says that another tenant has it.',
  mend: 'Make it UNIQUE (tenant_id, ...); in an EXCLUDE constraint, add tenant_id WITH =.',
  asks: 'app',
  sql: `
    with ${TENANT_TABLES}
    select pg_catalog.format('%I.%I', n.nspname, c.relname) as object,
        case when i.indisexclusion then 'excludes' else 'is unique' end || ' in ' || t.name || ' without the tenant: '
          || pg_catalog.pg_get_indexdef(i.indexrelid) as detail
      from tenant_table t
      join pg_catalog.pg_index i on i.indrelid = t.oid
      join pg_catalog.pg_class c on c.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where (i.indisunique or i.indisexclusion) and (t.partition or ${requestsUse('t.schema')})
       and not exists (select from pg_catalog.pg_inherits h where h.inhrelid = i.indexrelid)
       and not coalesce(t.tenant = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]), false)`,
};
