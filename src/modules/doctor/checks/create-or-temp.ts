import type { Check } from '../check.js';
import { OURS, REACH, grantee } from '../catalogue.js';

export const createOrTemp: Check = {
  id: 'create-or-temp',
  title: 'A role of the application can create things',
  severity: 'FIX',
  why: 'What injected SQL can create, others run into: a table or function that shadows a real one, rows put aside for the next tenant on the connection.',
  mend: 'REVOKE CREATE ON SCHEMA ..., REVOKE CREATE, TEMPORARY ON DATABASE ... FROM the role named.',
  asks: 'app',
  sql: `
    with recursive ${REACH}
    select pg_catalog.format('schema %I', n.nspname) as object, ${grantee('g.grantee')} || ' may create in it' as detail
      from pg_catalog.pg_namespace n, pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) g
     where g.privilege_type = 'CREATE' and g.grantee in (select oid from reach) and (${OURS} or n.nspname = 'pg_catalog')
    union all
    select 'database', ${grantee('g.grantee')} || ' may create ' || case g.privilege_type when 'TEMPORARY' then 'temporary tables' else 'schemas' end
      from pg_catalog.pg_database d, pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) g
     where d.datname = pg_catalog.current_database() and g.privilege_type in ('CREATE', 'TEMPORARY') and g.grantee in (select oid from reach)
    union all
    select pg_catalog.format('schema %I', n.nspname), n.nspowner::pg_catalog.regrole::text || ' owns it'
      from pg_catalog.pg_namespace n where n.nspowner in (select oid from reach)`,
};
