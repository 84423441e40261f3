import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const constraintNotValidated: Check = {
  id: 'constraint-not-validated',
  title: 'A constraint does not hold for every row',
  severity: 'FIX',
  why: 'Code and queries rely on what is declared; a key that was never checked may point into another tenant, and an index that was never finished keeps nothing unique.',
  mend: 'ALTER TABLE ... VALIDATE CONSTRAINT ... (lift FORCE in that transaction, or it sees no rows), ALTER CONSTRAINT ... ENFORCED; REINDEX INDEX CONCURRENTLY ... for an index.',
  asks: 'app',
  sql: `
    select pg_catalog.format('%I.%I.%I', coalesce(n.nspname, dn.nspname), coalesce(c.relname, d.typname), k.conname) as object,
        case when not k.conenforced then 'NOT ENFORCED' else 'NOT VALID' end as detail
      from pg_catalog.pg_constraint k
      left join pg_catalog.pg_class c on c.oid = k.conrelid
      left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join pg_catalog.pg_type d on d.oid = k.contypid
      left join pg_catalog.pg_namespace dn on dn.oid = d.typnamespace
     where not k.convalidated or not k.conenforced
    union all
    select pg_catalog.format('%I.%I', n.nspname, c.relname), 'the index is not valid: its building did not end'
      from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${OURS} and not (i.indisvalid and i.indisready and i.indislive)`,
};
