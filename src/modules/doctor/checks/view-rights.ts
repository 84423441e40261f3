import type { Check } from '../check.js';
import { REACHABLE } from '../scope.js';

export const viewRights: Check = {
  id: 'view-rights',
  title: "A view shows rows with its owner's rights",
  severity: 'BLOCK',
  why: 'Row level security asks for the rights of whoever owns the view, so that everybody sees what the owner sees.',
  mend: 'Make it a view WITH (security_invoker = true), or drop it.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object, 'the view lacks security_invoker' as detail
      from pg_catalog.pg_class c
     where c.relkind = 'v' and ${REACHABLE}
       and not exists (select from pg_catalog.pg_options_to_table(c.reloptions) o
                        where o.option_name = 'security_invoker' and o.option_value::boolean)`,
};
