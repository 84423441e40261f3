import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'an equality of tenants',
    plant: `create function app.same(uuid, text) returns boolean language sql return true;
      create operator app.= (leftarg = uuid, rightarg = text, function = app.same)`,
    object: /^operator app\.= \(uuid, text\)$/,
  },
  {
    name: 'a cast',
    plant: `create function app.as_uuid(int) returns uuid language sql return null::uuid; create cast (int as uuid) with function app.as_uuid(int) as implicit`,
    object: 'cast (integer as uuid)',
  },
];
