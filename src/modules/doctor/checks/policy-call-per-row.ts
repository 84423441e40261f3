import type { Check } from '../check.js';
import { OURS, PER_ROW } from '../catalogue.js';

export const policyCallPerRow: Check = {
  id: 'policy-call-per-row',
  title: 'A policy calls a function for each row',
  severity: 'FIX',
  why: 'Each call costs a look-up: once a statement that is nothing, once a row it is the whole of the time.',
  mend: 'Write (select app.f(...)) instead of app.f(...).',
  asks: 'app',
  sql: `
    with recursive ${PER_ROW}
    select r.object, pg_catalog.format('%I.%I stands outside (select ...)', n.nspname, p.proname) as detail
      from per_row r
      join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and d.objid = r.policy
       and d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
      join pg_catalog.pg_proc p on p.oid = d.refobjid
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where ${OURS} and r.source ~ ('\\m' || p.proname || '"?\\s*\\{')`,
};
