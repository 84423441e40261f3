import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a key that is not valid',
    plant: `alter table app.deals add constraint loose foreign key (tenant_id, id) references app.deals (tenant_id, id) not valid`,
    object: 'app.deals.loose',
    detail: /NOT VALID/,
  },
  {
    name: 'a check that is not valid',
    plant: `alter table app.roles add constraint loose check (name <> 'x') not valid`,
    object: 'app.roles.loose',
  },
  {
    name: 'a key that is not enforced',
    plant: `alter table app.deals alter constraint deals_tenant_id_owner_id_fkey not enforced`,
    object: 'app.deals.deals_tenant_id_owner_id_fkey',
    detail: /NOT ENFORCED/,
  },
  {
    name: 'a domain',
    plant: `create domain app.word as text; alter domain app.word add constraint short check (length(value) < 9) not valid`,
    object: 'app.word.short',
  },
  {
    name: 'an index that was not finished',
    plant: `update pg_catalog.pg_index set indisvalid = false where indexrelid = 'app.deals_list'::regclass`,
    object: 'app.deals_list',
    detail: /not valid/,
  },
];
