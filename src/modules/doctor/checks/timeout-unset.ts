import type { Check } from '../check.js';

export const timeoutUnset: Check = {
  id: 'timeout-unset',
  title: 'A role has no timeout',
  severity: 'FIX',
  why: 'One statement, lock or forgotten transaction of one tenant then holds up all of them until somebody ends it by hand.',
  mend: 'ALTER ROLE ... SET the timeout named, or run the bootstrap again, which sets all of them.',
  asks: 'service',
  sql: `
    with wanted(role, setting) as (values
      ('ringfence_app', 'statement_timeout'), ('ringfence_app', 'lock_timeout'),
      ('ringfence_app', 'idle_in_transaction_session_timeout'), ('ringfence_app', 'transaction_timeout'),
      ('ringfence_auth', 'statement_timeout'), ('ringfence_auth', 'lock_timeout'),
      ('ringfence_auth', 'idle_in_transaction_session_timeout'), ('ringfence_auth', 'transaction_timeout'),
      ('ringfence_service', 'statement_timeout'), ('ringfence_service', 'lock_timeout'),
      ('ringfence_service', 'idle_in_transaction_session_timeout'), ('ringfence_owner', 'lock_timeout')),
    given(role, setting, value) as (
      select w.role, w.setting, (
          select pg_catalog.split_part(s, '=', 2)
            from pg_catalog.pg_db_role_setting d, unnest(d.setconfig) s
           where pg_catalog.split_part(s, '=', 1) = w.setting
             and d.setrole in (0, pg_catalog.to_regrole(w.role)::oid)
             and d.setdatabase in (0, (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database()))
           order by d.setrole <> 0 desc, d.setdatabase <> 0 desc limit 1)
        from wanted w)
    select role || '.' || setting as object, case when value is null then 'it is not set' else 'it is ' || value || ', which is none' end as detail
      from given where coalesce(value ~ '^-?0+[a-z ]*$', true)`,
};
