import type { Check } from '../check.js';
import { isAsked } from '../references.js';

const KEY = { table: 'k.conrelid', column: 'a.attname', target: 'k.confrelid' };

export const referenceUnasked: Check = {
  id: 'reference-unasked',
  title: 'A record can name one that its writer does not see',
  severity: 'FIX',
  why: 'Referential checks pass row level security by: somebody can hang a record at a hidden one, and learns from the refusal which ids exist.',
  mend: "Call app.check_reference('app.<table>', '<column>', 'app.<target>') in the migration that makes the key.",
  asks: 'service',
  sql: `
    select pg_catalog.format('%s.%I', k.conrelid::pg_catalog.regclass, a.attname) as object,
        pg_catalog.format('ringfence_app may %s it, and nothing asks whether they see what it names in %s', m.right_, k.confrelid::pg_catalog.regclass) as detail
      from pg_catalog.pg_constraint k
      join auth.resources r on r.relation = k.confrelid
      join pg_catalog.pg_class c on c.oid = k.conrelid and c.relnamespace = 'app'::pg_catalog.regnamespace
      join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey) and a.attname <> 'tenant_id'
      cross join lateral (
        select 'insert' where pg_catalog.has_column_privilege('ringfence_app', k.conrelid, a.attnum, 'insert') and not ${isAsked('made', KEY)}
        union all
        select 'update' where pg_catalog.has_column_privilege('ringfence_app', k.conrelid, a.attnum, 'update') and not ${isAsked('changed', KEY)}) m(right_)
     where k.contype = 'f' and k.conparentid = 0`,
};
