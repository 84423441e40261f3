import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a rule that is gone',
    plant: 'drop policy may_delete on app.deals',
    object: 'app.deals',
    detail: /delete/,
  },
  {
    name: 'a rule for others',
    plant: 'alter policy may_select on app.deals to ringfence_service',
    object: 'app.deals',
    detail: /select/,
  },
  {
    name: 'a grant on one column',
    plant:
      'drop policy may_update on app.deals; revoke update on app.deals from ringfence_app; grant update (title) on app.deals to ringfence_app',
    object: 'app.deals',
    detail: /update/,
  },
];
