import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a login that may become the owner of functions',
    plant: 'create role alice login; grant ringfence_derive to alice',
    object: 'alice',
    detail: /ringfence_derive/,
  },
  { name: 'BYPASSRLS', plant: 'create role reports login bypassrls', object: 'reports', detail: /BYPASSRLS/ },
  { name: 'another superuser', plant: 'create role boss login superuser', object: 'boss', detail: /superuser/ },
  {
    name: 'a role that reads everything',
    plant: 'create role reports login; grant pg_read_all_data to reports',
    object: 'reports',
    detail: /pg_read_all_data/,
  },
];
