import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'no fence',
    plant: 'drop policy fence on app.profiles',
    object: 'app.profiles',
    detail: /no policy/,
  },
  {
    name: 'a permissive fence',
    plant: 'drop policy fence on app.profiles; create policy fence on app.profiles using (true) with check (true)',
    object: 'app.profiles',
    detail: /permissive/,
  },
  {
    name: 'a fence for reading alone',
    plant:
      'drop policy fence on app.deals; create policy fence on app.deals as restrictive for select using (tenant_id = (select app.tenant_id()))',
    object: 'app.deals',
    detail: /all commands/,
  },
  {
    name: 'a fence that lets everything through',
    plant: 'alter policy fence on app.deals using (true)',
    object: 'app.deals',
    detail: /reads by true/,
  },
  {
    name: 'a fence with a second way',
    plant: "alter policy fence on app.deals using (tenant_id = (select app.tenant_id()) or visibility = 'public')",
    object: 'app.deals',
    detail: /reads by .*visibility/,
  },
  {
    name: 'a fence that does not judge what is written',
    plant: 'alter policy fence on app.deals with check (true)',
    object: 'app.deals',
    detail: /writes by true/,
  },
  {
    name: 'a fence for others',
    plant: 'alter policy fence on app.deals to ringfence_auth',
    object: 'app.deals',
    detail: /does not bind/,
  },
  {
    name: 'a permissive policy on a table of another schema',
    plant:
      'create schema other; create table other.notes (tenant_id uuid); alter table other.notes enable row level security; alter table other.notes force row level security; create policy all_rows on other.notes using (true); grant select on other.notes to ringfence_app',
    object: 'other.notes',
    detail: /no policy/,
  },
];
