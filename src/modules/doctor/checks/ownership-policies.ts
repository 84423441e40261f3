import type { Check } from '../check.js';

export const ownershipPolicies: Check = {
  id: 'ownership-policies',
  title: 'Records have owners, and nothing explains or moves them',
  severity: 'BLOCK',
  why: 'Without these policies nobody is told why they see a record, and a member who leaves keeps what they own.',
  mend: 'Call app.protect_resource(...) instead of app.protect_table(...) in the migration that makes the table.',
  asks: 'app',
  sql: `
    select c.oid::pg_catalog.regclass::text as object,
        'it has owner_role_id and not both of the policies derive_reads and derive_moves' as detail
      from pg_catalog.pg_class c
     where c.relnamespace = 'app'::pg_catalog.regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and exists (select from pg_catalog.pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'owner_role_id' and not a.attisdropped)
       and 2 <> (select count(*) from pg_catalog.pg_policy p
                  where p.polrelid = c.oid and p.polname in ('derive_reads', 'derive_moves'))`,
};
