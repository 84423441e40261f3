import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a grant to the service',
    plant: 'grant update on app.audit_log to ringfence_service',
    object: 'app.audit_log',
    detail: /ringfence_service holds UPDATE/,
  },
  {
    name: 'a grant on one column',
    plant: 'grant update (details) on app.audit_log to ringfence_app',
    object: 'app.audit_log',
    detail: /ringfence_app/,
  },
  {
    name: 'writing past the functions',
    plant: 'grant insert on app.audit_leaves to ringfence_auth',
    object: 'app.audit_leaves',
    detail: /INSERT/,
  },
  {
    name: 'a grant on a partition',
    plant: `do $$ begin execute format('grant delete on %s to public', (select min(inhrelid::regclass::text) from pg_inherits where inhparent = 'app.audit_log'::regclass)); end $$`,
    object: /^audit\.log_/,
    detail: /PUBLIC holds DELETE/,
  },
  {
    name: 'no trigger against changes',
    plant: 'drop trigger append_only on app.audit_leaves',
    object: 'app.audit_leaves',
    detail: /UPDATE/,
  },
  {
    name: 'no trigger against TRUNCATE',
    plant: 'drop trigger no_truncate on app.audit_checkpoints',
    object: 'app.audit_checkpoints',
    detail: /TRUNCATE/,
  },
  {
    name: 'a trigger that can be silenced',
    plant: 'alter table app.audit_nodes enable trigger append_only',
    object: 'app.audit_nodes',
    detail: /DELETE/,
  },
  {
    name: 'a partition without triggers',
    plant: `create table audit.log_2099_01 (like app.audit_log including all)`,
    object: 'audit.log_2099_01',
    detail: /TRUNCATE/,
  },
  {
    name: 'an owner that can sign in',
    plant: 'alter table app.audit_leaves owner to ringfence_service',
    object: 'app.audit_leaves',
    detail: /owns/,
  },
];
