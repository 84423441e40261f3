import type { Check } from '../check.js';
import { REACHABLE } from '../scope.js';

export const partitionFenced: Check = {
  id: 'partition-fenced',
  title: 'A partition is not fenced as its table is',
  severity: 'BLOCK',
  why: 'Row level security does not descend: who may name the partition reads past the policies of its table.',
  mend: 'Call app.protect_table(...) on the table again once the partition is there, or make partitions with the function that does.',
  asks: 'app',
  sql: `
    select i.inhrelid::pg_catalog.regclass::text as object,
        'of ' || c.oid::pg_catalog.regclass || ': ' || case
          when not child.relrowsecurity then 'row level security is off'
          when not child.relforcerowsecurity then 'FORCE ROW LEVEL SECURITY is missing'
          else 'its fence is not that of the table' end as detail
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhparent
      join pg_catalog.pg_class child on child.oid = i.inhrelid
     where c.relkind in ('r', 'p') and child.relkind in ('r', 'p') and ${REACHABLE}
       and not (child.relrowsecurity and child.relforcerowsecurity and not exists (
         select p.polname, p.polpermissive, p.polcmd, p.polroles, pg_catalog.pg_get_expr(p.polqual, p.polrelid),
             pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
           from pg_catalog.pg_policy p where p.polrelid = i.inhparent and not p.polpermissive and p.polcmd = '*'
         except
         select p.polname, p.polpermissive, p.polcmd, p.polroles, pg_catalog.pg_get_expr(p.polqual, p.polrelid),
             pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
           from pg_catalog.pg_policy p where p.polrelid = i.inhrelid))`,
};
