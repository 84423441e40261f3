import type { Check } from '../check.js';
import { REACHABLE } from '../scope.js';

export const rlsForced: Check = {
  id: 'rls-forced',
  title: 'Row level security is off or not forced',
  severity: 'BLOCK',
  why: 'Without it every tenant reads and writes the rows of all; without FORCE whatever runs as the owner does.',
  mend: 'Call app.protect_table(...), or app.protect_resource(...) if its rows have owners, in the migration that makes the table.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object,
        case when c.relrowsecurity then 'FORCE ROW LEVEL SECURITY is missing' else 'row level security is off' end as detail
      from pg_catalog.pg_class c
     where c.relkind in ('r', 'p') and not c.relispartition and ${REACHABLE}
       and not (c.relrowsecurity and c.relforcerowsecurity)`,
};
