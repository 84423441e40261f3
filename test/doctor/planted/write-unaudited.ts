import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a column that was added',
    plant: 'alter table app.deals add note text; grant update (note) on app.deals to ringfence_app',
    object: 'app.deals.note',
    detail: /UPDATE/,
  },
  {
    name: 'a new table',
    plant:
      'create table app.loose (tenant_id uuid not null, id uuid); grant insert (id), delete on app.loose to ringfence_app',
    object: 'app.loose',
    detail: /INSERT/,
  },
  {
    name: 'a trigger that can be silenced',
    plant: 'alter table app.deals enable trigger audit_delete',
    object: 'app.deals',
    detail: /DELETE/,
  },
];
