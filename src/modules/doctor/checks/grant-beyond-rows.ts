import type { Check } from '../check.js';
import { OURS, REACH, grantee } from '../catalogue.js';

export const grantBeyondRows: Check = {
  id: 'grant-beyond-rows',
  title: 'A role of the application holds more than rows',
  severity: 'BLOCK',
  why: "TRUNCATE empties every tenant's rows past row level security, TRIGGER runs code in others' statements, REFERENCES asks whether a row exists, MAINTAIN locks and rewrites.",
  mend: 'REVOKE TRUNCATE, REFERENCES, TRIGGER, MAINTAIN ON ... FROM the role named.',
  asks: 'app',
  sql: `
    with recursive ${REACH}
    select pg_catalog.format('%I.%I', n.nspname, c.relname) || coalesce('.' || pg_catalog.quote_ident(g.attname), '') as object,
        ${grantee('g.grantee')} || ' holds ' || pg_catalog.string_agg(distinct g.privilege_type, ', ') as detail
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      cross join lateral (
        select null::name as attname, x.grantee, x.privilege_type from pg_catalog.aclexplode(c.relacl) x
        union all
        select a.attname, x.grantee, x.privilege_type
          from pg_catalog.pg_attribute a, pg_catalog.aclexplode(a.attacl) x where a.attrelid = c.oid and not a.attisdropped) g
     where ${OURS} and c.relkind in ('r', 'p', 'v', 'm', 'f')
       and g.grantee in (select oid from reach) and g.grantee <> c.relowner
       and g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
     group by n.nspname, c.relname, g.attname, g.grantee`,
};
