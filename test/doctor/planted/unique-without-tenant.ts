import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'an index on an address alone',
    plant: 'create unique index loose on app.invitations (email)',
    object: 'app.loose',
  },
  {
    name: 'over an expression',
    plant: 'create unique index loose on app.deals (lower(title)) where stage = $$won$$',
    object: 'app.loose',
  },
  {
    name: 'the tenant only included',
    plant: 'create unique index loose on app.deals (title) include (tenant_id)',
    object: 'app.loose',
  },
  {
    name: 'EXCLUDE without the tenant',
    plant: `create table app.loose (tenant_id uuid not null, during tstzrange, constraint loose_once exclude using gist (during with &&))`,
    object: 'app.loose_once',
    detail: /excludes/,
  },
  {
    name: 'on one partition',
    plant: `create table app.parts (tenant_id uuid not null, at date, word text) partition by list (at);
      create table app.part partition of app.parts default; create unique index loose on app.part (word)`,
    object: 'app.loose',
  },
];
