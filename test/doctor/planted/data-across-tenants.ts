import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a row that was written while keys were off',
    plant: `set local session_replication_role = replica;
      alter table app.deals disable trigger user;
      update app.deals d set owner_role_id = (select r.id from app.roles r where r.tenant_id <> d.tenant_id limit 1)
       where d.id = (select min(x.id::text)::uuid from app.deals x);
      set local session_replication_role = origin`,
    object: 'app.deals.deals_tenant_id_owner_role_id_fkey',
    detail: /^1 rows have no parent in app\.roles/,
  },
  {
    name: 'a key of one column that another tenant’s row satisfies',
    plant: `create unique index deals_id on app.deals (id);
      create table app.loose (tenant_id uuid not null, deal_id uuid, constraint loose_deal foreign key (deal_id) references app.deals (id));
      insert into app.loose select t.id, d.id from app.tenants t, app.deals d where t.id <> d.tenant_id limit 2;
      grant select on app.loose to ringfence_service`,
    object: 'app.loose.loose_deal',
    detail: /^2 rows/,
  },
  {
    name: 'rows of a tenant that is gone',
    plant: `set local session_replication_role = replica;
      insert into app.storage_usage (tenant_id) values ('00000000-0000-4000-8000-000000000001');
      set local session_replication_role = origin`,
    object: 'app.storage_usage.storage_usage_tenant_id_fkey',
    detail: /00000000-0000-4000-8000-000000000001/,
  },
];
