import type { Check } from '../check.js';
import { REACHABLE, TENANT_COLUMN } from '../scope.js';

export const tenantColumn: Check = {
  id: 'tenant-column',
  title: 'The application reaches a table whose rows belong to no tenant',
  severity: 'BLOCK',
  why: 'Where rows say no tenant there is nothing to fence by, and what one tenant writes there the next one reads.',
  mend: 'Give it tenant_id and call app.protect_table(...); or take the grant away; or, if every tenant may know it, allow it with the reason.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object, 'it has no column tenant_id' as detail
      from pg_catalog.pg_class c
     where c.relkind in ('r', 'p') and not c.relispartition and ${REACHABLE}
       and not exists (select from pg_catalog.pg_attribute a
                        where a.attrelid = c.oid and a.attname = ${TENANT_COLUMN} and not a.attisdropped)`,
};
