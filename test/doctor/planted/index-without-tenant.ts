import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a key of the id alone',
    plant: 'create table app.loose (tenant_id uuid not null, id uuid primary key)',
    object: 'app.loose',
  },
  {
    name: 'the tenant in second place, or for some rows',
    plant: `create table app.loose (tenant_id uuid not null, id uuid, primary key (id, tenant_id));
      create index on app.loose (tenant_id) where id is null`,
    object: 'app.loose',
  },
  {
    name: 'an index that was not finished',
    plant: `create table app.loose (tenant_id uuid not null, id uuid, primary key (tenant_id, id)); update pg_catalog.pg_index set indisvalid = false where indrelid = 'app.loose'::regclass`,
    object: 'app.loose',
  },
];
