import type { Check } from '../check.js';
import { FOR_THE_APP, REACHABLE, TENANT_COLUMN } from '../scope.js';

export const fence: Check = {
  id: 'fence',
  title: 'The tenant fence is missing or weaker than it must be',
  severity: 'BLOCK',
  why: 'The fence is what no other policy can widen: without it one careless permissive policy shows every tenant.',
  mend: 'Call app.protect_table(...), or app.protect_resource(...) if its rows have owners: it drops what is there and makes fence and rules anew.',
  asks: 'app',
  sql: `
    select t.name as object, coalesce((
        select case
            when p.polpermissive then 'the fence is permissive'
            when p.polcmd <> '*' then 'the fence is not for all commands'
            when not ${FOR_THE_APP} then 'the fence does not bind ringfence_app'
            when x.qual is distinct from t.wanted then 'the fence reads by ' || coalesce(x.qual, 'nothing')
            when x.checked is distinct from t.wanted then 'the fence writes by ' || coalesce(x.checked, 'nothing')
          end
          from pg_catalog.pg_policy p cross join lateral (
            select pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) x(qual, checked)
         where p.polrelid = t.oid and p.polname = 'fence'), 'it has no policy called fence') as detail
      from (select c.oid, c.oid::pg_catalog.regclass::text as name,
                pg_catalog.format('(%s = ( SELECT app.tenant_id() AS tenant_id))', ${TENANT_COLUMN}) as wanted
              from pg_catalog.pg_class c
             where c.relkind in ('r', 'p') and not c.relispartition and ${REACHABLE}
               and exists (select from pg_catalog.pg_attribute a
                            where a.attrelid = c.oid and a.attname = ${TENANT_COLUMN} and not a.attisdropped)) t
     where not exists (
       select from pg_catalog.pg_policy p
        where p.polrelid = t.oid and p.polname = 'fence' and not p.polpermissive and p.polcmd = '*' and ${FOR_THE_APP}
          and pg_catalog.pg_get_expr(p.polqual, p.polrelid) = t.wanted
          and pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) = t.wanted)`,
};
