import type { Check } from '../check.js';

export const contextPreset: Check = {
  id: 'context-preset',
  title: 'A connection has a context before anybody asks',
  severity: 'BLOCK',
  why: 'Some default of server, database or role sets what only a request may: a request that forgot its own acts as somebody.',
  mend: 'Find it in postgresql.conf, in ALTER SYSTEM, ALTER DATABASE or ALTER ROLE ... SET, or in the options of the URL, and take it out.',
  asks: 'app',
  sql: `
    select n.name as object, 'the connection has it before any request sets it' as detail
      from (select distinct m[1] as name from pg_catalog.pg_proc p,
                pg_catalog.regexp_matches(p.prosrc, $q$current_setting\\(\\s*'((?:app|request)\\.[a-z_.]+)'$q$, 'g') m
             where p.prosrc like '%current_setting(%' and p.pronamespace not in ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
            union select 'request.jwt.claims') n
     where coalesce(pg_catalog.current_setting(n.name, true), '') <> ''`,
};
