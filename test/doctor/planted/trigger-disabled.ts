import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'one of ours',
    plant: 'alter table app.deals disable trigger a_tenant_is_immutable',
    object: 'app.deals.a_tenant_is_immutable',
    detail: /disabled/,
  },
  {
    name: 'that of a foreign key',
    plant: 'alter table app.deals disable trigger all',
    object: 'app.deals.deals_tenant_id_owner_id_fkey',
    detail: /disabled/,
  },
  {
    name: 'ENABLE instead of ENABLE ALWAYS',
    plant: 'alter table app.deals enable trigger audit_update',
    object: 'app.deals.audit_update',
    detail: /ALWAYS/,
  },
  {
    name: 'only while replicating',
    plant: 'alter table app.roles enable replica trigger a_tenant_is_immutable',
    object: 'app.roles.a_tenant_is_immutable',
    detail: /replicating/,
  },
  {
    name: 'on one partition',
    plant: `do $$ declare part text := (select inhrelid::regclass from pg_inherits where inhparent = 'app.audit_log'::regclass limit 1);
      begin execute format('alter table %s disable trigger append_only', part); end $$`,
    object: /^audit\.log_\d+_\d+\.append_only$/,
  },
  {
    name: 'ENABLE on one partition, where its table says ALWAYS',
    plant: `do $$ declare part text := (select inhrelid::regclass from pg_inherits where inhparent = 'app.audit_log'::regclass limit 1);
      begin execute format('alter table %s enable trigger append_only', part); end $$`,
    object: /^audit\.log_\d+_\d+\.append_only$/,
  },
];
