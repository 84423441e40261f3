import type { Check } from '../check.js';

export const definerSearchPath: Check = {
  id: 'definer-search-path',
  title: 'A SECURITY DEFINER function resolves names by its caller’s search_path',
  severity: 'BLOCK',
  why: "Who calls it puts a table or function of their own in front, and that is used with the owner's rights.",
  mend: "Say set search_path = '' in the function, and write every name with its schema.",
  asks: 'app',
  sql: `
    select p.oid::pg_catalog.regprocedure::text as object, coalesce(
        'its setting is ' || (select s from pg_catalog.unnest(p.proconfig) s where s ~ '^search_path='),
        'it has no setting of search_path') as detail
      from pg_catalog.pg_proc p
     where p.prosecdef and p.pronamespace not in ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
       and not coalesce(p.proconfig @> array['search_path=""'], false)`,
};
