import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'the tenant of the request',
    plant: 'alter function app.tenant_id() immutable',
    object: 'app.tenant_id()',
    detail: /reads who is asking/,
  },
  { name: 'a right', plant: 'alter function app.may(text) immutable', object: 'app.may(text)' },
  {
    name: 'what calls a reader',
    plant: `create function app.loose() returns boolean language sql immutable as $$ select app.user_id() is not null $$`,
    object: 'app.loose()',
    detail: /calls/,
  },
  {
    name: 'what reads a table',
    plant: `create function app.loose() returns bigint language sql immutable begin atomic select count(*) from app.deals; end`,
    object: 'app.loose()',
  },
];
