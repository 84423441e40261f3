import type { Check } from '../check.js';
import { FOR_THE_APP, REACHABLE } from '../scope.js';

export const commandPolicies: Check = {
  id: 'command-policies',
  title: 'A command is granted and no policy rules it',
  severity: 'BLOCK',
  why: 'A grant without a rule meets nothing today, and everything that the next careless policy says.',
  mend: 'Call app.protect_table(...) with the commands that the application needs: it makes a rule and a grant for each.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object, 'no policy permits ' || k.command || ', which is granted' as detail
      from pg_catalog.pg_class c
      cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) k(command, letter)
     where c.relkind in ('r', 'p') and c.relrowsecurity and ${REACHABLE}
       and (pg_catalog.has_table_privilege('ringfence_app', c.oid, k.command)
         or k.command <> 'delete' and pg_catalog.has_any_column_privilege('ringfence_app', c.oid,
              case k.command when 'delete' then 'select' else k.command end))
       and not exists (select from pg_catalog.pg_policy p
                        where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('*', k.letter::"char") and ${FOR_THE_APP})`,
};
