import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'large objects',
    plant: 'grant execute on function pg_catalog.lo_creat(integer) to public',
    object: 'pg_catalog.lo_creat(integer)',
    detail: /PUBLIC/,
  },
  {
    name: 'notifications',
    plant: 'grant execute on function pg_catalog.pg_notify(text, text) to ringfence_app',
    object: 'pg_catalog.pg_notify(text, text)',
  },
  {
    name: 'others’ statements',
    plant: 'grant select on pg_catalog.pg_stat_activity to public',
    object: 'pg_catalog.pg_stat_activity',
  },
  { name: 'statistics', plant: 'grant select on pg_catalog.pg_stats to ringfence_app', object: 'pg_catalog.pg_stats' },
  { name: 'a language', plant: 'grant usage on language plpgsql to ringfence_app', object: 'language plpgsql' },
  {
    name: 'through another role',
    plant: 'create role helper nologin; grant helper to ringfence_app; grant usage on language sql to helper',
    object: 'language sql',
    detail: /helper/,
  },
  { name: 'the schema public', plant: 'grant usage on schema public to public', object: 'schema public' },
  {
    name: 'files',
    plant: 'grant execute on function pg_catalog.pg_read_file(text) to ringfence_app',
    object: 'pg_catalog.pg_read_file(text)',
  },
  {
    name: 'passwords',
    plant: 'grant select on pg_catalog.pg_authid to ringfence_auth',
    object: 'pg_catalog.pg_authid',
    detail: /ringfence_auth holds SELECT/,
  },
  {
    name: 'writing to the catalogue',
    plant: 'grant update on pg_catalog.pg_class to ringfence_app',
    object: 'pg_catalog.pg_class',
    detail: /UPDATE/,
  },
];
