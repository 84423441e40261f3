import type { Check } from '../check.js';
import { TENANT_TABLES, requestsUse } from '../catalogue.js';

export const indexWithoutTenant: Check = {
  id: 'index-without-tenant',
  title: 'A table has no index that leads with the tenant',
  severity: 'FIX',
  why: "The fence is a condition on the tenant: without such an index each tenant's query reads the rows of all, and how long it takes tells how many those are.",
  mend: 'Make the primary key (tenant_id, id), or CREATE INDEX ON ... (tenant_id, ...).',
  asks: 'app',
  sql: `
    with ${TENANT_TABLES}
    select t.name as object, 'no index leads with its tenant column' as detail
      from tenant_table t
     where (t.partition or ${requestsUse('t.schema')})
       and not exists (select from pg_catalog.pg_index i
                        where i.indrelid = t.oid and i.indkey[0] = t.tenant and i.indisvalid and i.indpred is null)`,
};
