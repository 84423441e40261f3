import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const tableInherits: Check = {
  id: 'table-inherits',
  title: 'A table inherits from another',
  severity: 'BLOCK',
  why: "A query of the parent reads the child's rows under the parent's policies alone, whatever protects the child; keys and unique indexes of the parent do not hold in it.",
  mend: 'ALTER TABLE ... NO INHERIT ...; for parts of one table use PARTITION BY and app.protect_table(...), which protects each partition.',
  asks: 'app',
  sql: `
    select pg_catalog.format('%I.%I', n.nspname, c.relname) as object, 'it inherits from ' || pg_catalog.format('%I.%I', pn.nspname, p.relname) as detail
      from pg_catalog.pg_inherits h
      join pg_catalog.pg_class c on c.oid = h.inhrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_class p on p.oid = h.inhparent join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
     where p.relkind in ('r', 'f') and ${OURS}`,
};
