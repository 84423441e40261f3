import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'of a superuser',
    plant:
      "create function app.all_of_it() returns bigint language sql security definer set search_path = '' as 'select count(*) from app.deals'; grant execute on function app.all_of_it() to ringfence_app",
    object: 'app.all_of_it()',
    detail: /postgres and ringfence_app/,
  },
  {
    name: 'of the owner, called by sign-in',
    plant:
      "create function auth.all_of_it() returns bigint language sql security definer set search_path = '' as 'select count(*) from app.deals'; alter function auth.all_of_it() owner to ringfence_owner; revoke all on function auth.all_of_it() from public; grant execute on function auth.all_of_it() to ringfence_auth",
    object: 'auth.all_of_it()',
    detail: /ringfence_owner and ringfence_auth/,
  },
  {
    name: 'a function of ours that is handed to another',
    plant: 'alter function app.tenant_id() security definer; alter function app.tenant_id() owner to ringfence_service',
    object: 'app.tenant_id()',
    detail: /ringfence_service/,
  },
  {
    name: 'called by a trigger',
    plant:
      "create function app.on_deal() returns trigger language plpgsql security definer set search_path = '' as 'begin return new; end'; revoke all on function app.on_deal() from public; create trigger z after insert on app.deals for each row execute function app.on_deal()",
    object: 'app.on_deal()',
    detail: /a trigger/,
  },
  {
    name: 'a procedure in another schema',
    plant:
      "create schema other; create procedure other.all_of_it() language sql security definer as 'select 1'; grant execute on procedure other.all_of_it() to public",
    object: 'other.all_of_it()',
    detail: /ringfence_app may call/,
  },
];
