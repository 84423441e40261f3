import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a powerful application',
    plant: 'alter role ringfence_app superuser',
    object: 'ringfence_app',
    detail: /superuser/,
  },
  {
    name: 'sign-in that passes policies by',
    plant: 'alter role ringfence_auth bypassrls',
    object: 'ringfence_auth',
    detail: /BYPASSRLS/,
  },
  {
    name: 'an application that makes roles',
    plant: 'alter role ringfence_app createrole',
    object: 'ringfence_app',
    detail: /make roles/,
  },
  {
    name: 'code owners who can sign in',
    plant: 'alter role ringfence_derive login',
    object: 'ringfence_derive',
    detail: /sign in/,
  },
  {
    name: 'sign-in that can become the service',
    plant: 'grant ringfence_service to ringfence_auth',
    object: 'ringfence_auth',
    detail: /member of ringfence_service/,
  },
  {
    name: 'a predefined role',
    plant: 'grant pg_read_all_data to ringfence_app',
    object: 'ringfence_app',
    detail: /pg_read_all_data/,
  },
  {
    name: 'the owner inherits what it may become',
    plant: 'grant ringfence_derive to ringfence_owner with inherit true',
    object: 'ringfence_owner',
    detail: /inherits/,
  },
  {
    name: 'a schema of the application',
    plant: 'create schema mine authorization ringfence_app',
    object: 'ringfence_app',
    detail: /owns/,
  },
];
