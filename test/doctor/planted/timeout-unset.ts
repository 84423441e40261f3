import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'taken from a role',
    plant: 'alter role ringfence_app reset statement_timeout',
    object: 'ringfence_app.statement_timeout',
    detail: /not set/,
  },
  {
    name: 'set to none',
    plant: `alter role ringfence_auth set transaction_timeout = 0`,
    object: 'ringfence_auth.transaction_timeout',
    detail: /none/,
  },
  {
    name: 'lifted in this database alone',
    plant: `do $$ begin execute format('alter role ringfence_app in database %I set lock_timeout = %L', current_database(), '0ms'); end $$`,
    object: 'ringfence_app.lock_timeout',
  },
  {
    name: 'of migrations',
    plant: 'alter role ringfence_owner reset lock_timeout',
    object: 'ringfence_owner.lock_timeout',
  },
];
