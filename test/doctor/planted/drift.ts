import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a rule that is wider',
    plant: 'alter policy may_select on app.deals using (true)',
    object: 'policy app.deals may_select',
    detail: /it is: .*using \(true\).*; the migrations make: .*subordinate_role_ids/,
  },
  {
    name: 'one more rule',
    plant: 'create policy all_rows on app.deals for select to ringfence_app using (true)',
    object: 'policy app.deals all_rows',
    detail: /no migration makes it/,
  },
  {
    name: 'a rule that is gone',
    plant: 'drop policy right_delete on app.deals',
    object: 'policy app.deals right_delete',
    detail: /missing/,
  },
  {
    name: 'another body under the same name',
    plant: `create or replace function app.tenant_id() returns uuid language sql stable set search_path = '' as $$ select null::uuid $$`,
    object: 'function app.tenant_id()',
    detail: /body/,
  },
  {
    name: 'a function of another owner',
    plant: 'alter function app.may(text) owner to ringfence_derive',
    object: 'function app.may(text)',
    detail: /owner ringfence_derive/,
  },
  {
    name: 'a trigger that replication passes by',
    plant: 'alter table app.deals enable trigger a_tenant_is_immutable',
    object: 'trigger app.deals a_tenant_is_immutable',
    detail: /it is: unless replicating/,
  },
  {
    name: 'a column that may be written',
    plant: 'grant update (tenant_id) on app.deals to ringfence_app',
    object: 'grant column app.deals.tenant_id to ringfence_app',
    detail: /insert, update|: update/,
  },
  {
    name: 'a function for everybody',
    plant: 'grant execute on function auth.enter_command_line() to public',
    object: 'grant function auth.enter_command_line() to public',
    detail: /no migration makes it: execute/,
  },
  {
    name: 'a key that is gone',
    plant: 'alter table app.deals drop constraint deals_stage_check',
    object: 'constraint app.deals deals_stage_check',
    detail: /missing/,
  },
  {
    name: 'row level security off',
    plant: 'alter table app.roles disable row level security',
    object: 'table app.roles',
    detail: /it is: table, owner ringfence_owner, forced;/,
  },
  {
    name: 'a default that shows more',
    plant: `alter table app.deals alter column visibility set default 'public'`,
    object: 'default app.deals.visibility',
    detail: /it is: 'public'::text; the migrations make: /,
  },
  {
    name: 'a default that is gone',
    plant: 'alter table app.deals alter column owner_role_id drop default',
    object: 'default app.deals.owner_role_id',
    detail: /missing/,
  },
  {
    name: 'a parent that nobody asks any more',
    plant: 'update auth.resources set parent = null',
    object: 'resource ticket_comment',
    detail: /it is: .*"parent": null.*; the migrations make: .*"parent": "app\.tickets"/,
  },
  {
    name: 'rights on what comes later',
    plant: 'alter default privileges for role ringfence_owner in schema app grant select on tables to ringfence_app',
    object: 'default privileges of ringfence_owner on tables in app to ringfence_app',
    detail: /no migration makes it: select/,
  },
];
