import type { Check } from '../check.js';
import { FUNCTION_NAME, OURS } from '../catalogue.js';

export const contextImmutable: Check = {
  id: 'context-immutable',
  title: 'A function that depends on who is asking is IMMUTABLE',
  severity: 'BLOCK',
  why: 'The planner works an IMMUTABLE function out once and keeps its answer in the plan: the next request on that connection gets the tenant, the rights or the rows of the last one.',
  mend: 'ALTER FUNCTION ... STABLE.',
  asks: 'app',
  sql: `
    with body(object, source, reader) as materialized (
      select ${FUNCTION_NAME}, b.source,
          b.source ~* '\\mcurrent_setting\\M' or p.proowner = pg_catalog.to_regrole('ringfence_context')::oid
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        cross join lateral (select coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) as source) b
       where ${OURS} and p.prokind = 'f' and p.provolatile = 'i')
    select b.object, case when b.reader then 'it reads who is asking'
        else 'it calls what reads who is asking, or reads tables' end as detail
      from body b
     where b.reader or b.source ~* '\\m(from|join)\\s+(app|auth|audit)\\.'
        or exists (select from pg_catalog.regexp_matches(b.source, '(?:\\m(\\w+)\\.)?\\m(\\w+)\\s*\\(', 'g') m
                     join pg_catalog.pg_proc p on p.proname = m[2]
                     join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = coalesce(m[1], n.nspname)
                    where ${OURS} and (p.proowner = pg_catalog.to_regrole('ringfence_context')::oid
                      or coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) ~* '\\mcurrent_setting\\M'))`,
};
