import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a table without one',
    plant: 'create table app.loose (id int)',
    object: 'app.loose',
  },
  {
    name: 'one elsewhere that is granted by a column',
    plant:
      'create schema other; create table other.notes (id int, body text); grant update (body) on other.notes to ringfence_app',
    object: 'other.notes',
  },
  {
    name: 'one that everybody may read',
    plant: 'create schema other; create table other.notes (id int); grant select on other.notes to public',
    object: 'other.notes',
  },
];
