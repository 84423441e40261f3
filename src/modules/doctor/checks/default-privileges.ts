import type { Check } from '../check.js';
import { REACH, grantee } from '../catalogue.js';

export const defaultPrivileges: Check = {
  id: 'default-privileges',
  title: 'What is created later is open from the start',
  severity: 'FIX',
  why: 'A table that a migration makes is then readable or writable by the application before anybody has protected it.',
  mend: 'ALTER DEFAULT PRIVILEGES FOR ROLE ... REVOKE ... FROM the role named; app.protect_table(...) gives what is needed.',
  asks: 'app',
  sql: `
    with recursive ${REACH}
    select 'default privileges of ' || d.defaclrole::pg_catalog.regrole::text
          || coalesce(' in ' || pg_catalog.quote_ident(n.nspname), '') || ' for '
          || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
                                  when 'n' then 'schemas' else 'large objects' end as object,
        ${grantee('g.grantee')} || ' gets ' || pg_catalog.string_agg(g.privilege_type, ', ' order by g.privilege_type) as detail
      from pg_catalog.pg_default_acl d
      left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace, pg_catalog.aclexplode(d.defaclacl) g
     where g.grantee in (select oid from reach) and g.grantee <> d.defaclrole
     group by d.defaclrole, n.nspname, d.defaclobjtype, g.grantee`,
};
