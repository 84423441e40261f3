import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a partition without row level security',
    plant: "create table app.audit_late partition of app.audit_log for values from ('2099-01-01') to ('2099-02-01')",
    object: 'app.audit_late',
    detail: /is off/,
  },
  {
    name: 'a child table',
    plant: 'create table app.deals_old () inherits (app.deals)',
    object: 'app.deals_old',
    detail: /is off/,
  },
  {
    name: 'a partition with another fence',
    plant:
      "create table app.audit_late partition of app.audit_log for values from ('2099-01-01') to ('2099-02-01'); alter table app.audit_late enable row level security; alter table app.audit_late force row level security; create policy fence on app.audit_late as restrictive using (true)",
    object: 'app.audit_late',
    detail: /not that of the table/,
  },
  {
    name: 'a partition in another schema',
    plant:
      "create schema other; create table other.late partition of app.audit_log for values from ('2099-01-01') to ('2099-02-01')",
    object: 'other.late',
    detail: /is off/,
  },
];
