import type { Check } from '../check.js';
import { REACH, grantee } from '../catalogue.js';

export const parameterGranted: Check = {
  id: 'parameter-granted',
  title: "A role of the application may set a superuser's parameter",
  severity: 'BLOCK',
  why: 'With session_replication_role alone it switches foreign keys off and every trigger that is not ENABLE ALWAYS; others load code or log elsewhere.',
  mend: 'REVOKE SET, ALTER SYSTEM ON PARAMETER ... FROM the role named.',
  asks: 'app',
  sql: `
    with recursive ${REACH}
    select 'parameter ' || p.parname as object, ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(g.privilege_type, ', ') as detail
      from pg_catalog.pg_parameter_acl p, pg_catalog.aclexplode(p.paracl) g
     where g.grantee in (select oid from reach)
     group by p.parname, g.grantee`,
};
