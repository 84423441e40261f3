import type { Check } from '../check.js';
import { OURS } from '../catalogue.js';

export const replicationOpen: Check = {
  id: 'replication-open',
  title: 'Rows leave or enter past row level security',
  severity: 'FIX',
  why: 'A publication sends the rows of all tenants to whoever may replicate, and a subscription writes rows that no policy has judged.',
  mend: 'DROP PUBLICATION ... or DROP SUBSCRIPTION ..., or allow it with the reason: who reads at the other end, and what protects the rows there.',
  asks: 'app',
  sql: `
    select 'publication ' || p.pubname as object, case when p.puballtables then 'of all tables'
        else 'of ' || (select pg_catalog.string_agg(x.what, ', ' order by x.what) from (
          select pg_catalog.format('%I.%I', n.nspname, c.relname) as what
            from pg_catalog.pg_publication_rel r join pg_catalog.pg_class c on c.oid = r.prrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where r.prpubid = p.oid and ${OURS}
          union all
          select pg_catalog.format('schema %I', n.nspname)
            from pg_catalog.pg_publication_namespace s join pg_catalog.pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid) x) end as detail
      from pg_catalog.pg_publication p
     where p.puballtables or exists (select from pg_catalog.pg_publication_rel r where r.prpubid = p.oid)
        or exists (select from pg_catalog.pg_publication_namespace s where s.pnpubid = p.oid)
    union all
    select 'subscription ' || s.subname, 'it writes as ' || s.subowner::pg_catalog.regrole::text
      from pg_catalog.pg_subscription s
     where s.subdbid = (select b.oid from pg_catalog.pg_database b where b.datname = pg_catalog.current_database())`,
};
