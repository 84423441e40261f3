import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'of a table',
    plant: 'create publication out for table app.deals',
    object: 'publication out',
    detail: /app\.deals/,
  },
  {
    name: 'of all tables',
    plant: 'create publication out for all tables',
    object: 'publication out',
    detail: /all tables/,
  },
  {
    name: 'of a schema',
    plant: 'create publication out for tables in schema app',
    object: 'publication out',
    detail: /schema app/,
  },
  {
    name: 'what others send',
    plant: `create subscription back connection 'dbname=none' publication out with (connect = false)`,
    object: 'subscription back',
  },
];
