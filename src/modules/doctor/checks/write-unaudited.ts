import type { Check } from '../check.js';

export const writeUnaudited: Check = {
  id: 'write-unaudited',
  title: 'The application can change something that the audit log does not keep',
  severity: 'FIX',
  why: 'Who reads the log of a tenant afterwards takes it for all that happened.',
  mend: 'CALL app.audit_table(...) for the table, again when a column was added that people change.',
  asks: 'app',
  sql: `
    with granted(oid, name, attnum, attname, event, bit) as (
      select distinct c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname),
          case when e.bit = 16 then a.attnum end, case when e.bit = 16 then a.attname end, e.event, e.bit
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        cross join (values ('INSERT', 4), ('DELETE', 8), ('UPDATE', 16)) e(event, bit)
       where n.nspname = 'app' and c.relkind in ('r', 'p') and not c.relispartition
         and case when e.event = 'DELETE' then pg_catalog.has_table_privilege('ringfence_app', c.oid, e.event)
                  else pg_catalog.has_column_privilege('ringfence_app', c.oid, a.attnum, e.event) end)
    select g.name || coalesce('.' || pg_catalog.quote_ident(g.attname), '') as object, 'no trigger that fires always keeps its ' || g.event as detail
      from granted g
     where not exists (
       select from pg_catalog.pg_trigger t
         join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where t.tgrelid = g.oid and t.tgenabled = 'A' and t.tgattr = '' and t.tgtype & g.bit = g.bit and t.tgtype & 3 = 1
          and n.nspname = 'app' and p.proname = 'audit_change'
          and (t.tgqual is null or pg_catalog.strpos(pg_catalog.pg_get_triggerdef(t.oid),
                pg_catalog.format('old.%1$I IS DISTINCT FROM new.%1$I', g.attname)) > 0))`,
};
