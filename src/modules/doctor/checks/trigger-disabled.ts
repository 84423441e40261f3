import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const triggerDisabled: Check = {
  id: 'trigger-disabled',
  title: 'A trigger does not fire, or not always',
  severity: 'BLOCK',
  why: 'Triggers keep the tenant of a row, write the audit log and check foreign keys; one that is disabled keeps nothing, and one that is not ENABLE ALWAYS stays silent with session_replication_role = replica.',
  mend: 'ALTER TABLE ... ENABLE ALWAYS TRIGGER ...; for a trigger of a foreign key: ENABLE TRIGGER ALL, then look for rows that broke it (data-across-tenants).',
  asks: 'app',
  sql: `
    select pg_catalog.format('%I.%I.%I', n.nspname, c.relname, coalesce(k.conname, t.tgname)) as object,
        case t.tgenabled when 'D' then 'disabled' when 'R' then 'fires only while replicating'
                         else 'not ENABLE ALWAYS: silent with session_replication_role = replica' end as detail
      from pg_catalog.pg_trigger t
      join pg_catalog.pg_class c on c.oid = t.tgrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_constraint k on k.oid = t.tgconstraint and t.tgisinternal
      left join pg_catalog.pg_trigger parent on parent.oid = t.tgparentid
     where ${OURS}
       and (t.tgenabled in ('D', 'R')
         or t.tgenabled = 'O' and not t.tgisinternal and n.nspname in ('app', 'auth', 'audit')
            and (parent.tgenabled is null or parent.tgenabled = 'A'))
     group by 1, 2`,
};
