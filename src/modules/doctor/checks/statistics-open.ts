import type { Check } from '../check.js';
import { TENANT_TABLES, requestsUse } from '../catalogue.js';

export const statisticsOpen: Check = {
  id: 'statistics-open',
  title: "The planner's estimates tell of all tenants",
  severity: 'FIX',
  why: "Statistics are of the whole table, and EXPLAIN shows what the planner makes of them: an injected EXPLAIN guesses at what others' columns contain.",
  mend: 'CALL app.hide_statistics(...) for the table, after its indexes and policies; DROP STATISTICS for extended ones.',
  asks: 'app',
  sql: `
    with ${TENANT_TABLES}
    select t.name || '.' || pg_catalog.quote_ident(a.attname) as object, 'no index is searched by it and no policy reads it, but statistics are kept' as detail
      from tenant_table t join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
     where not t.partition and ${requestsUse('t.schema')} and a.attstattarget is distinct from 0
       and not exists (select from pg_catalog.pg_index i
                        where i.indrelid = t.oid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
       and not exists (select from pg_catalog.pg_depend d
                        where d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
                          and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = t.oid and d.refobjsubid = a.attnum)
    union all
    select pg_catalog.pg_describe_object(d.classid, d.objid, 0), 'of ' || t.name
      from pg_catalog.pg_depend d join tenant_table t on t.oid = d.refobjid
     where d.classid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
     group by d.classid, d.objid, t.name`,
};
