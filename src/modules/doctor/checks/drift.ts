import { readFileSync } from 'node:fs';
import type { Check } from '../check.js';
import { PROTECTIONS } from '../protections.js';

/** Written by `npm run schema:protections`; a build carries it along. */
const FILE = new URL('../../../../migrations/protections.txt', import.meta.url);
const QUOTE = '$protections$';

/** The file as a literal. It is ours, and all the same must not be able to end its own quotes. */
function made(): string {
  const text = readFileSync(FILE, 'utf8').trimEnd();
  if (text.includes(QUOTE)) throw new Error(`migrations/protections.txt contains ${QUOTE}`);
  return `${QUOTE}${text}${QUOTE}`;
}

// Asked as the service and so never at boot: a server of the version before must start on the schema of the next one.
export const drift: Check = {
  id: 'drift',
  title: 'The database differs from what its migrations make',
  severity: 'BLOCK',
  why: 'Somebody changed a protection by hand, or it came back from an older copy: what was reviewed is not what binds.',
  mend: 'Undo it, or make it a migration and run `npm run schema:protections`; first see by `npm run ringfence -- db status` that the schema is of this version.',
  asks: 'service',
  get sql() {
    return `
    with
      made as (select pg_catalog.split_part(l, ' | ', 1) as name, pg_catalog.substr(l, pg_catalog.strpos(l, ' | ') + 3) as what
                 from pg_catalog.string_to_table(${made()}, E'\\n') l),
      live as (select pg_catalog.split_part(l.line, ' | ', 1) as name, pg_catalog.substr(l.line, pg_catalog.strpos(l.line, ' | ') + 3) as what
                 from (${PROTECTIONS}) l)
    select coalesce(m.name, l.name) as object, case
        when l.name is null then 'it is missing: ' || m.what
        when m.name is null then 'no migration makes it: ' || l.what
        else pg_catalog.format('it is: %s; the migrations make: %s', l.what, m.what) end as detail
      from made m full join live l on l.name = m.name
     where m.what is distinct from l.what`;
  },
};
