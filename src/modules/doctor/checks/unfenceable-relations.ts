import type { Check } from '../check.js';
import { REACHABLE } from '../scope.js';

export const unfenceableRelations: Check = {
  id: 'unfenceable-relations',
  title: 'The application reaches a relation that no policy can bind',
  severity: 'BLOCK',
  why: 'Materialised views and foreign tables know no row level security: who may read one reads all of it.',
  mend: 'Drop it, or move it out of app and take away what ringfence_app holds on it; offer its rows by a function that fences them.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object,
        case c.relkind when 'm' then 'it is a materialised view' else 'it is a foreign table' end as detail
      from pg_catalog.pg_class c
     where c.relkind in ('m', 'f') and ${REACHABLE}`,
};
