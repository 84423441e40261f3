import type { Check } from '../check.js';

export const contextDefault: Check = {
  id: 'context-default',
  title: 'Who is asking, or what binds them, is set as a default',
  severity: 'BLOCK',
  why: 'A context by default lets a request that forgot its own act as somebody; others of these settings switch rules off.',
  mend: 'ALTER ROLE ... [IN DATABASE ...] RESET the setting, or ALTER DATABASE ... RESET it.',
  asks: 'service',
  sql: `
    select coalesce(case when s.setrole <> 0 then s.setrole::pg_catalog.regrole::text end, 'every role') || ' in ' ||
        coalesce((select d.datname from pg_catalog.pg_database d where d.oid = s.setdatabase), 'every database') as object,
        c.setting as detail
      from pg_catalog.pg_db_role_setting s cross join lateral pg_catalog.unnest(s.setconfig) c(setting)
     where s.setdatabase in (0, (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()))
       and c.setting ~* '^((app|request)\\.|(role|session_authorization|row_security|session_replication_role)=)'`,
};
