import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'of a column',
    plant: 'alter table app.deals alter column title set statistics default',
    object: 'app.deals.title',
  },
  {
    name: 'of a new table',
    plant: 'create table app.loose (tenant_id uuid not null, id uuid, salary int, primary key (tenant_id, id))',
    object: 'app.loose.salary',
  },
  {
    name: 'extended ones',
    plant: 'create statistics app.loose on title, amount from app.deals',
    object: 'statistics object app.loose',
  },
];
