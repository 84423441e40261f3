import type { Check } from '../check.js';
import { isAsked } from '../references.js';

const KEY = { table: 'k.child', column: 'k.col', target: 'k.parent' };

// ringfence_app cannot read auth.resources, where parents are written down. The catalogue tells them, too: what requests
// write, and what is deleted with a row of another table that they write (members and roles are written by functions).
export const parentNotFollowed: Check = {
  id: 'parent-not-followed',
  title: 'Records are seen without what they belong to',
  severity: 'BLOCK',
  why: 'What belongs to another record is hidden with it by one policy and two triggers; without them comments of a hidden ticket are read, counted and written.',
  mend: 'Call app.follow_parent(...) in the migration that makes the table; where records do not belong together, let the key be without ON DELETE CASCADE.',
  asks: 'app',
  sql: `
    select f.object, f.detail from (
      select pg_catalog.format('%s.%I', c.oid::pg_catalog.regclass, a.attname) as object, c.oid as child, c.relname, a.attname as col, f.confrelid as parent
        from pg_catalog.pg_constraint f
        join pg_catalog.pg_class c on c.oid = f.conrelid
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (f.conkey) and a.attname <> 'tenant_id'
       where f.contype = 'f' and f.confdeltype = 'c' and f.conparentid = 0
         and c.relnamespace = 'app'::pg_catalog.regnamespace and pg_catalog.has_any_column_privilege('ringfence_app', f.confrelid, 'insert')
         and pg_catalog.has_any_column_privilege('ringfence_app', c.oid, 'insert, update')) k
    cross join lateral (
      select pg_catalog.format('((%1$I IS NULL) OR ( SELECT true FROM %2$s p WHERE ((p.tenant_id = %3$I.tenant_id) AND (p.id = %3$I.%1$I))))',
        k.col, k.parent::pg_catalog.regclass, k.relname)) w(wanted)
    cross join lateral (
      select k.object, pg_catalog.format('no restrictive policy follows_parent for all commands of ringfence_app reads and writes by %s', w.wanted) as detail
       where not exists (
         select from pg_catalog.pg_policy p
          where p.polrelid = k.child and p.polname = 'follows_parent' and not p.polpermissive and p.polcmd = '*'
            and p.polroles && array[0::oid, 'ringfence_app'::pg_catalog.regrole::oid]
            and pg_catalog.regexp_replace(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '\\s+', ' ', 'g') = w.wanted
            and pg_catalog.regexp_replace(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '\\s+', ' ', 'g') = w.wanted)
      union all
      select k.object, pg_catalog.format('no trigger d_%s_made, always enabled, asks for the parent of a new row', k.col) where not ${isAsked('made', KEY)}
      union all
      select k.object, pg_catalog.format('no trigger d_%s_changed, always enabled, asks for a new parent', k.col) where not ${isAsked('changed', KEY)}) f`,
};
