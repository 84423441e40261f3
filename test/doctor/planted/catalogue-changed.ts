import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a function of a superuser that everybody may call by its bare name',
    plant:
      'create function pg_catalog.all_titles() returns setof text language sql security definer begin atomic select title from app.deals; end',
    object: 'pg_catalog.all_titles()',
    detail: /added.*SECURITY DEFINER/,
  },
  {
    name: 'an equality of ids that is always true',
    plant: `create or replace function pg_catalog.uuid_eq(uuid, uuid) returns boolean language sql immutable strict parallel safe leakproof return true`,
    object: 'pg_catalog.uuid_eq(uuid, uuid)',
    detail: /written in sql/,
  },
  {
    name: 'a function with the rights of its owner',
    plant: 'alter function pg_catalog.pg_read_file(text) security definer',
    object: 'pg_catalog.pg_read_file(text)',
    detail: /SECURITY DEFINER/,
  },
  {
    name: 'a function of somebody else',
    plant: 'alter function pg_catalog.sha256(bytea) owner to ringfence_owner',
    object: 'pg_catalog.sha256(bytea)',
    detail: /ringfence_owner/,
  },
  {
    name: 'a table that comes before all others',
    plant: 'set local allow_system_table_mods = on; create table pg_catalog.deals (id int)',
    object: 'pg_catalog.deals',
  },
];
