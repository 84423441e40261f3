import type { Check } from '../check.js';

/** The last release of each major version that mends security faults, by server_version_num, with its day. */
const FLOORS: readonly (readonly [least: number, name: string, since: string])[] = [[180007, '18.7', '2026-11-12']];

const known = FLOORS.map(([least, name, since]) => `(${least}, '${name} of ${since}')`).join(', ');

export const serverVersion: Check = {
  id: 'server-version',
  title: 'The server lacks security fixes',
  severity: 'BLOCK',
  why: 'Faults that are known by name are in it; some let whoever may send a statement read or run more than policies allow.',
  mend: 'Update PostgreSQL to the newest minor release of its major version; nothing has to be dumped for that.',
  asks: 'app',
  sql: `
    select 'PostgreSQL ' || pg_catalog.split_part(v.name, ' ', 1) as object, case
        when v.name ~ '(beta|rc|devel|alpha)' then 'it is no release'
        when v.number < 180000 then 'Ringfence needs PostgreSQL 18 or later'
        else 'security fixes are missing: use at least ' || f.least_name end as detail
      from (select pg_catalog.current_setting('server_version_num')::int, pg_catalog.current_setting('server_version')) v(number, name)
      left join (values ${known}) f(least, least_name) on f.least / 10000 = v.number / 10000
     where v.name ~ '(beta|rc|devel|alpha)' or v.number < 180000 or v.number < f.least`,
};
