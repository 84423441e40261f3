import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const operatorByUser: Check = {
  id: 'operator-by-user',
  title: 'An operator or a cast was made by hand',
  severity: 'FIX',
  why: "A condition such as tenant_id = ... means whatever operator or cast fits best: one made by hand can be chosen in a policy's stead, and its estimator is called with the statistics of all tenants.",
  mend: 'DROP OPERATOR ... or DROP CAST ...; call a function by its name instead.',
  asks: 'app',
  sql: `
    with made(class, oid, object) as (
      select 'pg_catalog.pg_operator'::pg_catalog.regclass::oid, o.oid,
          pg_catalog.format('operator %I.%s (%s, %s)', n.nspname, o.oprname, pg_catalog.format_type(o.oprleft, null), pg_catalog.format_type(o.oprright, null))
        from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace where o.oid >= 16384 or ${OURS}
      union all
      select 'pg_catalog.pg_cast'::pg_catalog.regclass::oid, c.oid,
          pg_catalog.format('cast (%s as %s)', pg_catalog.format_type(c.castsource, null), pg_catalog.format_type(c.casttarget, null))
        from pg_catalog.pg_cast c where c.oid >= 16384
      union all
      select 'pg_catalog.pg_opclass'::pg_catalog.regclass::oid, k.oid, pg_catalog.format('operator class %I.%I', n.nspname, k.opcname)
        from pg_catalog.pg_opclass k join pg_catalog.pg_namespace n on n.oid = k.opcnamespace where k.oid >= 16384 or ${OURS})
    select m.object, 'it belongs to no extension' as detail
      from made m
     where not exists (select from pg_catalog.pg_depend d where d.classid = m.class and d.objid = m.oid and d.deptype = 'e')`,
};
