import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'NOT NULL is dropped',
    plant:
      'alter table app.jobs drop constraint jobs_pkey cascade; alter table app.jobs alter column tenant_id drop not null',
    object: 'app.jobs.tenant_id',
    detail: /may be NULL/,
  },
  { name: 'a new table', plant: 'create table app.loose (tenant_id uuid)', object: 'app.loose.tenant_id' },
  {
    name: 'another type',
    plant: 'create table app.loose (tenant_id text not null)',
    object: 'app.loose.tenant_id',
    detail: /is text, not uuid/,
  },
  {
    name: 'NOT NULL for new rows alone',
    plant:
      'create table app.loose (tenant_id uuid); alter table app.loose add constraint given not null tenant_id not valid',
    object: 'app.loose.tenant_id',
    detail: /not validated/,
  },
];
