import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a table',
    plant: 'create role reports; grant select on app.deals to reports',
    object: 'app.deals',
    detail: /reports holds SELECT/,
  },
  {
    name: 'a column, for everybody',
    plant: 'grant select (email) on auth.users to public',
    object: 'auth.users.email',
    detail: /PUBLIC/,
  },
  {
    name: 'a function',
    plant: 'create role reports; grant execute on function app.vault_keys_of(uuid) to reports',
    object: 'app.vault_keys_of(uuid)',
  },
  { name: 'a schema', plant: 'grant usage on schema auth to public', object: 'schema auth' },
  {
    name: 'a policy past the fence',
    plant: 'create role reports; create policy reports on app.memberships for select to reports using (true)',
    object: 'policy reports of app.memberships',
    detail: /for reports/,
  },
  {
    name: 'the door',
    plant: `do $$ begin execute format('grant connect on database %I to public', current_database()); end $$`,
    object: 'database',
  },
];
