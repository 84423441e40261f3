import type { Check } from '../check.js';
import { FUNCTION_NAME, OURS, REACH, grantee } from '../catalogue.js';

export const grantOption: Check = {
  id: 'grant-option',
  title: 'A role of the application can hand its grants on',
  severity: 'FIX',
  why: 'A grant with GRANT OPTION gives injected SQL the means to open what it holds to every role of the server, and that stays.',
  mend: 'REVOKE GRANT OPTION FOR ... FROM the role named.',
  asks: 'app',
  sql: `
    with recursive ${REACH},
    held(object, acl) as (
      select pg_catalog.format('%I.%I', n.nspname, c.relname), c.relacl
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS}
      union all
      select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), a.attacl
        from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS} and a.attacl is not null
      union all
      select ${FUNCTION_NAME}, p.proacl
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where ${OURS}
      union all
      select pg_catalog.format('schema %I', n.nspname), n.nspacl from pg_catalog.pg_namespace n where ${OURS}
      union all
      select 'database', d.datacl from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())
    select h.object, ${grantee('g.grantee')} || ' may grant ' || pg_catalog.string_agg(g.privilege_type, ', ' order by g.privilege_type) as detail
      from held h, pg_catalog.aclexplode(h.acl) g
     where g.is_grantable and g.grantee in (select oid from reach)
     group by h.object, g.grantee`,
};
