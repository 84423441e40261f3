import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'UPDATE of the table',
    plant: 'grant update on app.deals to ringfence_app',
    object: 'app.deals.tenant_id',
    detail: /ringfence_app may/,
  },
  {
    name: 'UPDATE of the column, for everybody',
    plant: 'grant update (tenant_id) on app.roles to public',
    object: 'app.roles.tenant_id',
    detail: /PUBLIC may/,
  },
  {
    name: 'a tenant that could become another',
    plant: 'grant update (id) on app.tenants to ringfence_auth',
    object: 'app.tenants.id',
  },
  {
    name: 'the trigger is dropped',
    plant: 'drop trigger a_tenant_is_immutable on app.deals',
    object: 'app.deals',
    detail: /no trigger/,
  },
  {
    name: 'the trigger can be silenced',
    plant: 'alter table app.deals enable trigger a_tenant_is_immutable',
    object: 'app.deals',
  },
  {
    name: 'the trigger looks at nothing',
    plant: `drop trigger a_tenant_is_immutable on app.deals;
      create trigger a_tenant_is_immutable before update on app.deals for each row when (false) execute function app.tenant_id_is_immutable();
      alter table app.deals enable always trigger a_tenant_is_immutable`,
    object: 'app.deals',
  },
];
