import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'tables that the application may write',
    plant:
      'alter default privileges for role ringfence_owner in schema app grant select, insert on tables to ringfence_app',
    object: 'default privileges of ringfence_owner in app for tables',
    detail: /ringfence_app gets INSERT, SELECT/,
  },
  {
    name: 'of another creator, for everybody',
    plant: 'alter default privileges grant select on tables to public',
    object: /^default privileges of \w+ for tables$/,
  },
  {
    name: 'functions',
    plant:
      'alter default privileges for role ringfence_derive in schema app grant execute on functions to ringfence_app',
    object: 'default privileges of ringfence_derive in app for functions',
  },
];
