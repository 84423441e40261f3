import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'no setting',
    plant: "create function app.open_path() returns int language sql security definer as 'select 1'",
    object: 'app.open_path()',
    detail: /no setting/,
  },
  {
    name: 'a path with a schema of others',
    plant:
      "create function app.open_path() returns int language sql security definer set search_path = public as 'select 1'",
    object: 'app.open_path()',
    detail: /search_path=public/,
  },
  {
    name: 'a setting that was reset',
    plant: 'alter function app.may(text) security definer reset search_path',
    object: 'app.may(text)',
    detail: /no setting/,
  },
];
