import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'in a policy',
    plant: `create policy loose on app.deals using (tenant_id = (select current_setting('app.tenant', true)::uuid))`,
    object: 'app.deals.loose',
  },
  {
    name: 'in a function, asked whether it is there',
    plant: `create function app.loose() returns boolean language sql stable as $$ select current_setting('app.user', true) is not null $$`,
    object: 'app.loose()',
  },
  {
    name: 'in BEGIN ATOMIC, with another default than the empty text',
    plant: `create function app.loose() returns text language sql stable return nullif(current_setting('app.cap', true), 'none')`,
    object: 'app.loose()',
  },
  {
    name: 'in a default',
    plant: `alter table app.deals alter column tenant_id set default current_setting('app.tenant', true)::uuid`,
    object: 'app.deals.tenant_id',
  },
  {
    name: 'under a name that is put together',
    plant: `create function app.loose(k text) returns text language plpgsql stable as $$ begin return current_setting(concat('app.', k), true); end $$`,
    object: 'app.loose(text)',
  },
];
