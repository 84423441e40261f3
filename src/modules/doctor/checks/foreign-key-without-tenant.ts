import type { Check } from '../check.js';
import { TENANT_TABLES } from '../catalogue.js';

export const foreignKeyWithoutTenant: Check = {
  id: 'foreign-key-without-tenant',
  title: "A foreign key can point at another tenant's row",
  severity: 'BLOCK',
  why: "Row level security does not bind the check of a foreign key: without the tenant on both sides a row may hang at another tenant's, and a guessed id is told from a real one.",
  mend: 'Make the key composite: FOREIGN KEY (tenant_id, x_id) REFERENCES ... (tenant_id, id), and keep the tenant out of SET NULL and SET DEFAULT.',
  asks: 'app',
  sql: `
    with ${TENANT_TABLES}
    select child.name || '.' || pg_catalog.quote_ident(k.conname) as object,
        case when not child.tenant = any (k.conkey) then 'the key to ' || parent.name || ' has no tenant column'
             when k.confkey[pg_catalog.array_position(k.conkey, child.tenant)] <> parent.tenant
               then 'its tenant column is compared with another column of ' || parent.name
             else 'ON ' || case when k.confupdtype in ('n', 'd') then 'UPDATE' else 'DELETE' end || ' it gives the row another tenant' end as detail
      from pg_catalog.pg_constraint k
      join tenant_table child on child.oid = k.conrelid
      join tenant_table parent on parent.oid = k.confrelid
     where k.contype = 'f' and k.conparentid = 0
       and (not child.tenant = any (k.conkey)
         or k.confkey[pg_catalog.array_position(k.conkey, child.tenant)] <> parent.tenant
         or k.confupdtype in ('n', 'd')
         or k.confdeltype in ('n', 'd') and (k.confdelsetcols is null or child.tenant = any (k.confdelsetcols)))`,
};
