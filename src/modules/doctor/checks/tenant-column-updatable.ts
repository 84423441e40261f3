import type { Check } from '../check.js';
import { REQUESTS, TENANT_TABLES, grantee, requestsUse } from '../catalogue.js';

export const tenantColumnUpdatable: Check = {
  id: 'tenant-column-updatable',
  title: 'A row could change its tenant',
  severity: 'FIX',
  why: 'A row that changes hands takes its content to another tenant. The fence refuses it; the grant and the trigger are there for the day when the fence is wrong.',
  mend: 'Grant UPDATE on the other columns only, and call app.protect_table(...), which adds the trigger a_tenant_is_immutable.',
  asks: 'app',
  sql: `
    with recursive ${REQUESTS}, ${TENANT_TABLES}
    select t.name || '.' || pg_catalog.quote_ident(a.attname) as object, ${grantee('g.grantee')} || ' may update it' as detail
      from tenant_table t
      join pg_catalog.pg_class c on c.oid = t.oid
      join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = t.tenant
      cross join lateral (select * from pg_catalog.aclexplode(c.relacl) union all select * from pg_catalog.aclexplode(a.attacl)) g
     where g.privilege_type = 'UPDATE' and g.grantee in (select oid from requests)
    union all
    select t.name, 'no trigger that fires in every session refuses a change of the tenant'
      from tenant_table t
     where ${requestsUse('t.schema')} and not t.partition and not exists (
       select from pg_catalog.pg_trigger g join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = t.tenant
         join pg_catalog.pg_proc p on p.oid = g.tgfoid join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where g.tgrelid = t.oid and g.tgenabled = 'A' and g.tgattr = '' and g.tgtype & 19 = 19   -- before update, for each row
          and (g.tgqual is null or pg_catalog.pg_get_triggerdef(g.oid) like
                pg_catalog.format('%% WHEN ((old.%1$I IS DISTINCT FROM new.%1$I)) %%', a.attname))
          and n.nspname = 'app' and p.proname in ('tenant_id_is_immutable', 'refuse_change'))`,
};
