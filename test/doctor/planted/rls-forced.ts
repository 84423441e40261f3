import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'switched off',
    plant: 'alter table app.deals disable row level security',
    object: 'app.deals',
    detail: /off/,
  },
  {
    name: 'not forced',
    plant: 'alter table app.roles no force row level security',
    object: 'app.roles',
    detail: /FORCE/,
  },
  {
    name: 'a new table',
    plant: 'create table app.loose (id int)',
    object: 'app.loose',
    detail: /off/,
  },
  {
    name: 'a table of another schema that is granted',
    plant:
      'create schema other; create table other.notes (tenant_id uuid); grant insert (tenant_id) on other.notes to ringfence_app',
    object: 'other.notes',
    detail: /off/,
  },
];
