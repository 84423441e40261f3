import type { Planted } from '../planted.js';

export const planted: Planted = [
  { name: 'on a table', plant: 'grant select on app.deals to ringfence_app with grant option', object: 'app.deals' },
  {
    name: 'on a column',
    plant: 'grant update (title) on app.deals to ringfence_app with grant option',
    object: 'app.deals.title',
  },
  {
    name: 'on a function',
    plant: 'grant execute on function app.context() to ringfence_auth with grant option',
    object: 'app.context()',
  },
  {
    name: 'on a schema',
    plant: 'grant usage on schema app to ringfence_service with grant option',
    object: 'schema app',
  },
];
