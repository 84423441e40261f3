import type { Check } from '../check.js';
import { CODE, FUNCTION_NAME, OURS } from '../catalogue.js';

export const elevationBySetting: Check = {
  id: 'elevation-by-setting',
  title: 'A setting that anybody can set decides',
  severity: 'BLOCK',
  why: "Whoever can send SQL can SET any setting: a tenant, a role or a flag that is read from one is the attacker's to choose.",
  mend: 'Ask app.tenant_id(), app.may(...) and the like, which follow from the secret in app.cap; set what must be set for one transaction only.',
  asks: 'app',
  atBoot: false,
  sql: `
    with ${CODE},
    reads(object, kind, name) as (
      select c.object, c.kind, m[1] from code c,
        pg_catalog.regexp_matches(pg_catalog.lower(c.source), '\\mcurrent_setting\\M(?:\\s*\\(\\s*''([^'']*)'')?', 'g') m)
    select distinct object, 'this ' || kind || ' reads ' || coalesce(name, 'a setting whose name is not written there') as detail
      from reads
     where kind in ('policy', 'view', 'constraint')
        or name is null or name like '%.%' and name <> 'app.cap'
    union all
    select object, 'this ' || kind || ' sets a setting that outlives the transaction'
      from code where source ~* '\\mset_config\\s*\\([^;]*,\\s*(false|''f''|''off''|''0''|''no'')\\s*\\)' or source ~* '\\mset\\s+session\\M'
    union all
    select ${FUNCTION_NAME}, 'it runs with ' || s
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace, unnest(p.proconfig) s
     where ${OURS} and s ~* '^(role|session_authorization|session_replication_role|row_security|lo_compat_privileges|[a-z_]+\\.[a-z_.]+)='`,
};
