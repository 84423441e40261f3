import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a plain view',
    plant: 'create view app.all_deals as select * from app.deals',
    object: 'app.all_deals',
  },
  {
    name: 'security_invoker is off',
    plant: 'create view app.all_deals with (security_invoker = off) as select * from app.deals',
    object: 'app.all_deals',
  },
  {
    name: 'a view of another schema that is granted',
    plant:
      'create schema other; create view other.all_deals as select * from app.deals; grant select on other.all_deals to ringfence_app',
    object: 'other.all_deals',
  },
];
