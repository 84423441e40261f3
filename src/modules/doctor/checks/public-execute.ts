import type { Check } from '../check.js';
import { FUNCTION_NAME, OURS, REACH } from '../catalogue.js';

export const publicExecute: Check = {
  id: 'public-execute',
  title: 'Everybody may call a function',
  severity: 'FIX',
  why: 'PostgreSQL grants EXECUTE on a new function to PUBLIC: what was written for one role is then at the hand of injected SQL.',
  mend: 'REVOKE ALL ON FUNCTION ... FROM PUBLIC and grant it to the one role that needs it; run the bootstrap again, which makes new functions start closed.',
  asks: 'app',
  sql: `
    with recursive ${REACH}
    select ${FUNCTION_NAME} as object, 'PUBLIC may execute it' as detail
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where ${OURS}
       and exists (select from pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) g where g.grantee = 0)
       and exists (select from pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) g
                    where g.privilege_type = 'USAGE' and g.grantee in (select oid from reach))
    union all
    select 'default privileges of ' || o.owner::pg_catalog.regrole::text, 'what it creates starts with EXECUTE for PUBLIC'
      from (select distinct p.proowner as owner from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
             where n.nspname in ('app', 'auth')) o
     where not exists (select from pg_catalog.pg_default_acl d
                        where d.defaclrole = o.owner and d.defaclnamespace = 0 and d.defaclobjtype = 'f'
                          and not exists (select from pg_catalog.aclexplode(d.defaclacl) g where g.grantee = 0))`,
};
