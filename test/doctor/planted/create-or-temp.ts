import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'CREATE in app',
    plant: 'grant create on schema app to ringfence_app',
    object: 'schema app',
    detail: /ringfence_app may create/,
  },
  {
    name: 'CREATE in public, for everybody',
    plant: 'grant create on schema public to public',
    object: 'schema public',
    detail: /PUBLIC/,
  },
  {
    name: 'temporary tables',
    plant: `do $$ begin execute format('grant temporary on database %I to ringfence_app', current_database()); end $$`,
    object: 'database',
    detail: /temporary/,
  },
  {
    name: 'schemas of its own',
    plant: `do $$ begin execute format('grant create on database %I to ringfence_auth', current_database()); end $$`,
    object: 'database',
    detail: /schemas/,
  },
  { name: 'a schema that it owns', plant: 'create schema own authorization ringfence_app', object: 'schema own' },
  {
    name: 'through another role',
    plant: 'create role helper nologin; grant helper to ringfence_app; grant create on schema app to helper',
    object: 'schema app',
    detail: /helper/,
  },
];
