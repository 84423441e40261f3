import type { Check } from '../check.js';
import { FUNCTION_NAME, grantee } from '../catalogue.js';

export const grantToOthers: Check = {
  id: 'grant-to-others',
  title: "A role that is not Ringfence's holds something of its schemas",
  severity: 'FIX',
  why: 'Fences of tables that sign-in must read bind the roles that they name: a grant to another role, with a policy for it, reads every tenant.',
  mend: 'REVOKE ... FROM the role named; what needs all tenants is a read of the platform, as ringfence_service.',
  asks: 'app',
  sql: `
    with own(oid) as (
      select p.oid from pg_catalog.unnest(array['ringfence_owner', 'ringfence_app', 'ringfence_auth', 'ringfence_service',
          'ringfence_context', 'ringfence_derive']) r(name), pg_catalog.to_regrole(r.name) p(oid)),
    held(object, owner, acl) as (
      select pg_catalog.format('%I.%I', n.nspname, c.relname), c.relowner, c.relacl
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname in ('app', 'auth', 'audit', 'meta')
      union all
      select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), c.relowner, a.attacl
        from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where a.attacl is not null and n.nspname in ('app', 'auth', 'audit', 'meta')
      union all
      select ${FUNCTION_NAME}, p.proowner, p.proacl
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'auth', 'audit', 'meta')
      union all
      select pg_catalog.format('schema %I', n.nspname), n.nspowner, n.nspacl
        from pg_catalog.pg_namespace n where n.nspname in ('app', 'auth', 'audit', 'crypto', 'meta')
      union all
      select 'policy ' || p.polname || ' of ' || c.oid::pg_catalog.regclass::text, c.relowner,
          (select pg_catalog.array_agg(pg_catalog.makeaclitem(r, c.relowner, 'SELECT', false)) from pg_catalog.unnest(p.polroles) r where r <> 0)
        from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('app', 'auth', 'audit', 'meta'))
    select h.object, case when h.object like 'policy %' then 'it is for ' || ${grantee('g.grantee')}
        else ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(distinct g.privilege_type, ', ') end as detail
      from held h, pg_catalog.aclexplode(h.acl) g
     where g.grantee <> h.owner and g.grantee not in (select oid from own where oid is not null)
     group by h.object, g.grantee
    union all
    select 'database', 'everybody may connect to it'
      from pg_catalog.pg_database d, pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) g
     where d.datname = pg_catalog.current_database() and g.grantee = 0 and g.privilege_type = 'CONNECT'`,
};
