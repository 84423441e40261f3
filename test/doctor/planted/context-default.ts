import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a context of a role',
    plant: "alter role ringfence_app set app.cap = 'x'",
    object: 'ringfence_app in every database',
    detail: /app.cap/,
  },
  {
    name: 'claims of everybody',
    plant: "alter role all set request.jwt.claims = '{}'",
    object: 'every role in every database',
    detail: /request/,
  },
  {
    name: 'policies switched off',
    plant: 'alter role ringfence_app set row_security = off',
    object: 'ringfence_app in every database',
    detail: /row_security/,
  },
  {
    name: 'triggers switched off',
    plant: 'alter role ringfence_service set session_replication_role = replica',
    object: 'ringfence_service in every database',
    detail: /session_replication_role/,
  },
];
