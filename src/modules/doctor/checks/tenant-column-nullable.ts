import type { Check } from '../check.js';
import { TENANT_TABLES } from '../catalogue.js';

export const tenantColumnNullable: Check = {
  id: 'tenant-column-nullable',
  title: 'A row may be without a tenant',
  severity: 'BLOCK',
  why: 'A row whose tenant is NULL is behind no fence that anybody thought of, its foreign keys are not checked and its unique keys do not hold.',
  mend: 'ALTER TABLE ... ALTER COLUMN tenant_id SET NOT NULL, and make it uuid.',
  asks: 'app',
  sql: `
    with ${TENANT_TABLES}
    select t.name || '.' || pg_catalog.quote_ident(a.attname) as object,
        pg_catalog.concat_ws(', ',
          case when not a.attnotnull then 'may be NULL' end,
          case when a.attnotnull and exists (select from pg_catalog.pg_constraint k
                 where k.conrelid = t.oid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated)
               then 'NOT NULL is not validated: older rows may be NULL' end,
          case when a.atttypid <> 'pg_catalog.uuid'::pg_catalog.regtype
               then 'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || ', not uuid' end) as detail
      from tenant_table t join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = t.tenant
     where not a.attnotnull or a.atttypid <> 'pg_catalog.uuid'::pg_catalog.regtype
        or exists (select from pg_catalog.pg_constraint k
                    where k.conrelid = t.oid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated)`,
};
