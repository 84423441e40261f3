import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'code that is loaded',
    plant: `alter role ringfence_service set session_preload_libraries = 'auto_explain'`,
    object: 'role ringfence_service',
    detail: /auto_explain/,
  },
  {
    name: 'large objects open, in this database',
    plant: `do $$ begin execute format('alter database %I set lo_compat_privileges = on', current_database()); end $$`,
    object: 'database',
    detail: /lo_compat_privileges=on/,
  },
  {
    name: 'temporary tables before real ones',
    plant: `alter role ringfence_app set search_path = pg_temp, app`,
    object: 'role ringfence_app',
    detail: /search_path/,
  },
  {
    name: 'a schema of others first',
    plant: `alter role ringfence_auth set search_path = public, auth, app, pg_temp`,
    object: 'role ringfence_auth',
    detail: /public/,
  },
  {
    name: 'no path at all',
    plant: 'alter role ringfence_app reset search_path',
    object: 'role ringfence_app',
    detail: /no search_path/,
  },
];
