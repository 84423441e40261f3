import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const rewriteRule: Check = {
  id: 'rewrite-rule',
  title: 'A rule rewrites statements on a table',
  severity: 'BLOCK',
  why: "What a rule adds runs with the rights of the table's owner: row level security asks the owner, and a write can be sent elsewhere or dropped unseen.",
  mend: 'DROP RULE ...; a trigger does what is meant, with the rights of its caller.',
  asks: 'app',
  sql: `
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, r.rulename) as object,
        'ON ' || case r.ev_type when '1' then 'SELECT' when '2' then 'UPDATE' when '3' then 'INSERT' else 'DELETE' end
          || case when r.is_instead then ' DO INSTEAD' else ' DO ALSO' end as detail
      from pg_catalog.pg_rewrite r
      join pg_catalog.pg_class c on c.oid = r.ev_class
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and not (r.ev_type = '1' and r.rulename = '_RETURN' and c.relkind in ('v', 'm'))`,
};
