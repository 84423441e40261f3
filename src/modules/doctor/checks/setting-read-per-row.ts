import type { Check } from '../check.js';
import { PER_ROW } from '../catalogue.js';

export const settingReadPerRow: Check = {
  id: 'setting-read-per-row',
  title: 'A policy reads a setting for each row',
  severity: 'FIX',
  why: 'current_setting is called once a row instead of once a statement, and a list of a large tenant becomes slow enough to be turned off.',
  mend: 'Stand it in (select ...), or better: call a function that is STABLE in there.',
  asks: 'app',
  sql: `
    with recursive ${PER_ROW}
    select object, 'current_setting stands outside (select ...)' as detail from per_row where source ~* '\\mcurrent_setting\\s*\\{'`,
};
