import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'triggers and foreign keys',
    plant: 'grant set on parameter session_replication_role to ringfence_app',
    object: 'parameter session_replication_role',
    detail: /ringfence_app holds SET/,
  },
  {
    name: 'for everybody',
    plant: 'grant set, alter system on parameter log_statement to public',
    object: 'parameter log_statement',
    detail: /PUBLIC/,
  },
  {
    name: 'through another role',
    plant:
      'create role helper nologin; grant helper to ringfence_auth; grant set on parameter lo_compat_privileges to helper',
    object: 'parameter lo_compat_privileges',
  },
];
