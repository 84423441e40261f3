import type { Check } from '../check.js';
import { FUNCTION_NAME } from '../catalogue.js';

export const catalogueChanged: Check = {
  id: 'catalogue-changed',
  title: "PostgreSQL's own catalogue was changed",
  severity: 'BLOCK',
  why: 'Its functions and operators are what policies are made of, and its schema comes first in every search_path, the empty one included: everybody may call what is put there.',
  mend: 'DROP what was added; what was altered is put back as the page says, or the data moved to a server made anew.',
  asks: 'app',
  sql: `
    select ${FUNCTION_NAME} as object, case
          when p.oid >= 16384 then 'added, owned by ' || p.proowner::pg_catalog.regrole::text || case when p.prosecdef then ', SECURITY DEFINER' else '' end
          when p.prosecdef then 'altered: SECURITY DEFINER' when p.proconfig is not null then 'altered: it has settings of its own'
          when p.proowner <> 10 then 'altered: owned by ' || p.proowner::pg_catalog.regrole::text
          else 'replaced: it is written in ' || l.lanname end as detail
      from pg_catalog.pg_proc p join pg_catalog.pg_language l on l.oid = p.prolang join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('pg_catalog', 'information_schema')
       and (p.oid >= 16384 or p.prosecdef or p.proconfig is not null or p.proowner <> 10
         or l.lanname not in ('internal', 'c', 'sql') or l.lanname = 'sql' and p.oid in (
              select o.oprcode from pg_catalog.pg_operator o where o.oid < 16384 and o.oprname in ('=', '<>', '<', '<=', '>', '>=')))
       and not exists (select from pg_catalog.pg_depend d
                        where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e')
    union all
    select pg_catalog.format('%I.%I', n.nspname, c.relname), 'added, owned by ' || c.relowner::pg_catalog.regrole::text
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('pg_catalog', 'information_schema') and c.oid >= 16384
       and not exists (select from pg_catalog.pg_depend d
                        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
    union all
    select 'schema ' || n.nspname, 'owned by ' || n.nspowner::pg_catalog.regrole::text
      from pg_catalog.pg_namespace n where n.nspname in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspowner <> 10`,
};
