import type { Check } from '../check.js';
import { TENANT_TABLES } from '../catalogue.js';

export const dataAcrossTenants: Check = {
  id: 'data-across-tenants',
  title: "A row hangs at another tenant's",
  severity: 'BLOCK',
  why: 'Whoever follows the reference reads or changes what is not theirs. A foreign key keeps that from being written, but not while it is switched off, not validated, or not made of both columns.',
  mend: 'Find out how the row came to be; correct or delete it as the owner, then mend what let it in (trigger-disabled, constraint-not-validated, foreign-key-without-tenant).',
  asks: 'service',
  scan: true,
  // A statement for each foreign key between tenant tables: rows whose columns are all given, and no parent of the same tenant.
  sql: `
    with ${TENANT_TABLES},
    key(object, child, parent, child_tenant, parent_tenant, given, matches) as (
      select child.name || '.' || pg_catalog.quote_ident(k.conname), child.name, parent.name,
          (select pg_catalog.format('c.%I', a.attname) from pg_catalog.pg_attribute a where a.attrelid = child.oid and a.attnum = child.tenant),
          (select pg_catalog.format('p.%I', a.attname) from pg_catalog.pg_attribute a where a.attrelid = parent.oid and a.attnum = parent.tenant),
          pg_catalog.string_agg(pg_catalog.format('c.%I is not null', ca.attname), ' and ' order by i),
          pg_catalog.string_agg(pg_catalog.format('p.%I = c.%I', pa.attname, ca.attname), ' and ' order by i)
        from pg_catalog.pg_constraint k
        join tenant_table child on child.oid = k.conrelid
        join tenant_table parent on parent.oid = k.confrelid
        cross join lateral pg_catalog.generate_subscripts(k.conkey, 1) i
        join pg_catalog.pg_attribute ca on ca.attrelid = child.oid and ca.attnum = k.conkey[i]
        join pg_catalog.pg_attribute pa on pa.attrelid = parent.oid and pa.attnum = k.confkey[i]
       where k.contype = 'f' and k.conparentid = 0   -- tables of secrets are closed to the service role, too
         and pg_catalog.has_table_privilege(child.oid, 'select') and pg_catalog.has_table_privilege(parent.oid, 'select')
       group by k.oid, k.conname, child.oid, child.name, child.tenant, parent.oid, parent.name, parent.tenant)
    select pg_catalog.format(
        'select %L::text as object, pg_catalog.count(*) || %L || pg_catalog.min(%s::text) as detail from %s c'
          || ' where %s and %s is not null and not exists (select from %s p where %s and %s = %s) having pg_catalog.count(*) > 0',
        object, ' rows have no parent in ' || parent || ' in their own tenant, the first of tenant ', child_tenant, child,
        given, child_tenant, parent, matches, parent_tenant, child_tenant) as statement
      from key order by object`,
};
