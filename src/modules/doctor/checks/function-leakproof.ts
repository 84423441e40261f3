import type { Check } from '../check.js';
import { FUNCTION_NAME, OURS } from '../catalogue.js';

// What PostgreSQL 18 calls leakproof itself: comparisons, their helpers and plain casts of the types named. Marking more of
// its own functions is common advice for indexes under row level security, and each of them speaks of rows in its errors.
const BORN_LEAKPROOF = `
  ^(bt)?(bit|varbit|bool|bpchar(_pattern)?|char|varchar|int[248]{1,2}|oid|oidvector|text|textname|nametext|text_pattern|tid|
    |name|float[48]{1,2}|bytea|cash|cid|circle|date|interval|lseg|macaddr8?|network|pg_lsn|time|timetz|timestamp|
    |timestamptz|uuid|xid8?)_?(eq|ne|neq|lt|le|gt|ge|cmp|larger|smaller)(text|name|int4|int8)?$
  |^(bool|bytea|macaddr8|float[48]|int[248]|interval|name|numeric|text|varchar|md5|crc32c?|sha(224|256|384|512)|starts_with)$
  |^(uuid_extract_(timestamp|version)|text(eq|ne|lt|le|gt|ge)name|name(eq|ne|lt|le|gt|ge)text)$`
  .replaceAll('|\n    |', '|')
  .replaceAll(/\s+/g, '');

export const functionLeakproof: Check = {
  id: 'function-leakproof',
  title: 'A function is trusted with rows that its caller may not see',
  severity: 'BLOCK',
  why: 'PostgreSQL calls a LEAKPROOF function before the policies have judged a row: one that raises, logs or looks elsewhere tells of every tenant.',
  mend: 'Run ALTER FUNCTION ... NOT LEAKPROOF; compare columns of uuid, text, integer or timestamptz, whose own operators are leakproof.',
  asks: 'app',
  sql: `
    select ${FUNCTION_NAME} as object,
        case when p.oid < 16384 then 'PostgreSQL does not call this function of its own leakproof: somebody altered it'
             else 'LEAKPROOF, owned by ' || p.proowner::pg_catalog.regrole::text end as detail
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where p.proleakproof and (p.oid >= 16384 or ${OURS}
        or pg_catalog.current_setting('server_version_num')::int < 190000 and p.proname !~ '${BORN_LEAKPROOF}')`,
};
