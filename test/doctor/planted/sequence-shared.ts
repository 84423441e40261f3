import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'granted',
    plant: 'create sequence app.numbers; grant usage on sequence app.numbers to ringfence_app',
    object: 'app.numbers',
    detail: /USAGE/,
  },
  {
    name: 'for everybody',
    plant: 'create schema extra; create sequence extra.numbers; grant select on sequence extra.numbers to public',
    object: 'extra.numbers',
  },
  {
    name: 'an identity',
    plant: 'create table app.loose (tenant_id uuid not null, n bigint generated always as identity)',
    object: 'app.loose.n',
  },
  { name: 'a serial', plant: 'create table app.loose (tenant_id uuid not null, n serial)', object: 'app.loose.n' },
];
