import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'TRUNCATE',
    plant: 'grant truncate on app.deals to ringfence_app',
    object: 'app.deals',
    detail: /ringfence_app holds TRUNCATE/,
  },
  {
    name: 'REFERENCES on one column, for everybody',
    plant: 'grant references (id) on app.deals to public',
    object: 'app.deals.id',
    detail: /PUBLIC holds REFERENCES/,
  },
  { name: 'TRIGGER for sign-in', plant: 'grant trigger on auth.users to ringfence_auth', object: 'auth.users' },
  {
    name: 'MAINTAIN for the service',
    plant: 'grant maintain on app.roles to ringfence_service',
    object: 'app.roles',
    detail: /MAINTAIN/,
  },
  {
    name: 'through another role, on a partition',
    plant: `create role helper nologin; grant helper to ringfence_app;
      do $$ begin execute format('grant truncate on %s to helper', (select min(inhrelid::regclass::text) from pg_inherits where inhparent = 'app.audit_log'::regclass)); end $$`,
    object: /^audit\.log_/,
    detail: /helper/,
  },
];
