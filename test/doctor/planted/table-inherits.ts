import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a child',
    plant: 'create table app.child () inherits (app.deals)',
    object: 'app.child',
    detail: /app\.deals/,
  },
  {
    name: 'a child of another schema',
    plant:
      'create schema extra; create table extra.child (like app.roles including constraints); alter table extra.child inherit app.roles',
    object: 'extra.child',
  },
];
