import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a materialised view',
    plant: 'create materialized view app.totals as select tenant_id, count(*) from app.deals group by 1',
    object: 'app.totals',
    detail: /materialised/,
  },
  {
    name: 'one of another schema that is granted',
    plant:
      'create schema other; create materialized view other.totals as select 1 as n; grant select on other.totals to ringfence_app',
    object: 'other.totals',
    detail: /materialised/,
  },
  {
    name: 'a foreign table',
    plant:
      'create foreign data wrapper far; create server far foreign data wrapper far; create foreign table app.far (id int) server far',
    object: 'app.far',
    detail: /foreign/,
  },
];
