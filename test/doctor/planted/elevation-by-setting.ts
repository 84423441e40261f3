import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a policy that a flag opens',
    plant: `create policy loose on app.deals for select using ((select nullif(current_setting('app.is_admin', true), '')) = 'on')`,
    object: 'app.deals.loose',
    detail: /app\.is_admin/,
  },
  {
    name: 'a function that takes the tenant from a setting',
    plant: `create or replace function app.loose() returns uuid language sql stable as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$`,
    object: 'app.loose()',
    detail: /app\.tenant_id/,
  },
  {
    name: 'claims that the caller sets',
    plant: `create function app.loose() returns text language plpgsql stable as $$ begin return nullif(Current_Setting ('request.jwt.claims', true), ''); end $$`,
    object: 'app.loose()',
  },
  {
    name: 'a name that is put together',
    plant: `create function app.loose(k text) returns text language sql stable as $$ select nullif(current_setting(k, true), '') $$`,
    object: 'app.loose(text)',
    detail: /not written/,
  },
  {
    name: 'a setting that stays',
    plant: `create function app.loose() returns void language plpgsql as $$ begin perform set_config('app.cap', 'x', false); end $$`,
    object: 'app.loose()',
    detail: /outlives/,
  },
  {
    name: 'a function that switches triggers off',
    plant: `create function app.loose() returns void language plpgsql set session_replication_role = replica as $$ begin end $$`,
    object: 'app.loose()',
    detail: /session_replication_role/,
  },
];
