import type { Check } from '../check.js';
import { OURS, REQUESTS, grantee } from '../catalogue.js';

export const sequenceShared: Check = {
  id: 'sequence-shared',
  title: 'A sequence that all tenants share is open',
  severity: 'FIX',
  why: 'A sequence knows no tenants: its next number says how much the others have done meanwhile, and setval stops or repeats the numbers of all.',
  mend: 'REVOKE ALL ON SEQUENCE ... FROM the role named; let ids be uuidv7(), and number per tenant in a row of the tenant.',
  asks: 'app',
  sql: `
    with recursive ${REQUESTS}
    select pg_catalog.format('%I.%I', n.nspname, c.relname) as object,
        ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(g.privilege_type, ', ' order by g.privilege_type) as detail
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace, pg_catalog.aclexplode(c.relacl) g
     where c.relkind = 'S' and ${OURS} and g.grantee in (select oid from requests)
     group by n.nspname, c.relname, g.grantee
    union all
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), 'each new row shows how many all tenants have made'
      from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'app' and c.relkind in ('r', 'p') and not c.relispartition and not a.attisdropped
       and (a.attidentity <> '' or exists (select from pg_catalog.pg_attrdef d
             where d.adrelid = c.oid and d.adnum = a.attnum and pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ '\\mnextval\\('))`,
};
