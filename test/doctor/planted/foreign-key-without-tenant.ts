import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a key to the id alone',
    plant: `create unique index deals_id on app.deals (id);
      create table app.loose (tenant_id uuid not null, deal_id uuid, constraint loose_deal foreign key (deal_id) references app.deals (id))`,
    object: 'app.loose.loose_deal',
    detail: /no tenant column/,
  },
  {
    name: 'in another schema',
    plant: `create schema extra; create unique index deals_id on app.deals (id);
      create table extra.loose (tenant_id uuid not null, deal_id uuid, constraint loose_deal foreign key (deal_id) references app.deals (id))`,
    object: 'extra.loose.loose_deal',
  },
  {
    name: 'the tenant compared with another column',
    plant: `create unique index roles_id on app.roles (id, tenant_id);
      create table app.loose (tenant_id uuid not null, role_id uuid, constraint loose_role foreign key (tenant_id, role_id) references app.roles (id, tenant_id))`,
    object: 'app.loose.loose_role',
    detail: /another column/,
  },
  {
    name: 'SET DEFAULT for the tenant, too',
    plant: `create table app.loose (tenant_id uuid not null default app.tenant_id(), deal_id uuid,
      constraint loose_deal foreign key (tenant_id, deal_id) references app.deals (tenant_id, id) on delete set default)`,
    object: 'app.loose.loose_deal',
    detail: /ON DELETE/,
  },
];
