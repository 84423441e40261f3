import type { Check } from '../check.js';
import { CODE } from '../catalogue.js';

export const settingWithoutNullif: Check = {
  id: 'setting-without-nullif',
  title: 'A setting is read without NULLIF',
  severity: 'BLOCK',
  why: "After COMMIT a local setting reads '', not NULL: a cast then fails, and what asks IS NULL or <> takes the empty text for somebody.",
  mend: "Read it as nullif(current_setting('app.name', true), '').",
  asks: 'app',
  atBoot: false,
  // Safe are NULLIF, a setting of the server's own (its name has no dot), and the equality with something, to which '' is never equal.
  sql: `
    with ${CODE},
    left_over(object, kind, source) as (
      select object, kind, pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.lower(source),
          'nullif\\s*\\(\\s*(pg_catalog\\.)?current_setting\\s*\\([^()]*\\)\\s*,\\s*''''(::\\w+)?\\s*\\)', '', 'g'),
          'current_setting\\s*\\((\\s*''[^''.]+''[^()]*\\)|[^()]*\\)\\s*=\\s*(\\w|''[^'']))', '', 'g')
        from code where source ~* 'current_setting')
    select object, 'this ' || kind || ' reads ' || coalesce(
        pg_catalog.substring(source, 'current_setting\\s*\\([^()]*\\)'), 'a setting') || ' as it is' as detail
      from left_over where source ~ '\\mcurrent_setting\\M'`,
};
