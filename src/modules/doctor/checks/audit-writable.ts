import type { Check } from '../check.js';
import { grantee } from '../catalogue.js';

export const auditWritable: Check = {
  id: 'audit-writable',
  title: 'The audit log can be changed',
  severity: 'BLOCK',
  why: 'A log in which somebody can change or remove a row proves nothing about anybody.',
  mend: 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE from the role named; put back the triggers append_only and no_truncate, ENABLE ALWAYS.',
  asks: 'app',
  // The log is what lies in the schema audit and what that is a part of, what is called so, what asks for audit:read and what
  // refuses changes: taking one of these away does not take the table off the list.
  sql: `
    with log(oid, name, owner, acl, partition) as (
      select c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relowner, c.relacl, c.relispartition
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and (n.nspname = 'audit' or n.nspname = 'app' and (
            c.relname like 'audit\\_%'
         or exists (select from pg_catalog.pg_inherits h join pg_catalog.pg_class p on p.oid = h.inhrelid
                     where h.inhparent = c.oid and p.relnamespace = pg_catalog.to_regnamespace('audit')::oid)
         or exists (select from pg_catalog.pg_policy p
                     where p.polrelid = c.oid and pg_catalog.pg_get_expr(p.polqual, p.polrelid) like '%audit:read%')
         or exists (select from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid
                     where t.tgrelid = c.oid and t.tgtype & 24 = 24 and p.proname = 'refuse_change')))),
    refuses(oid, events) as (
      select t.tgrelid, pg_catalog.bit_or(t.tgtype::int)
        from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
       where t.tgenabled = 'A' and t.tgqual is null and t.tgattr = '' and t.tgtype & 2 = 2 and n.nspname = 'app' and p.proname = 'refuse_change'
       group by t.tgrelid)
    select l.name as object, ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(distinct g.privilege_type, ', ') as detail
      from log l
      cross join lateral (
        select * from pg_catalog.aclexplode(l.acl)
        union all select x.* from pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) x where a.attrelid = l.oid) g
     where g.grantee <> l.owner
       and (g.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
         or g.privilege_type = 'INSERT' and g.grantee is distinct from pg_catalog.to_regrole('ringfence_derive')::oid)
     group by l.name, g.grantee
    union all
    select l.name, 'no trigger that fires always refuses ' || w.what
      from log l left join refuses r on r.oid = l.oid, (values (16, 'UPDATE'), (8, 'DELETE'), (32, 'TRUNCATE')) w(bit, what)
     where coalesce(r.events, 0) & w.bit = 0
    union all
    select l.name, l.owner::pg_catalog.regrole::text || ' owns it'
      from log l where l.owner not in (select r from unnest(array[pg_catalog.to_regrole('ringfence_derive'), pg_catalog.to_regrole('ringfence_owner')]) r where r is not null)`,
};
