import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a member of another role',
    plant: 'grant ringfence_derive to ringfence_app',
    object: 'ringfence_app',
    detail: /member/,
  },
  {
    name: 'the owner of a table',
    plant: 'create table app.mine (id int); alter table app.mine owner to ringfence_app',
    object: 'ringfence_app',
    detail: /owns/,
  },
  {
    name: 'the owner of a function',
    plant:
      'create function app.mine() returns int language sql return 1; alter function app.mine() owner to ringfence_app',
    object: 'ringfence_app',
    detail: /owns/,
  },
  {
    name: 'a role that passes policies by',
    plant: 'alter role ringfence_app bypassrls',
    object: 'ringfence_app',
    detail: /BYPASSRLS/,
  },
  {
    name: 'row_security switched off',
    plant: 'set local row_security = off',
    object: 'ringfence_app',
    detail: /row_security is off/,
  },
];
