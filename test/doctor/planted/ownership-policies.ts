import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'records that cannot move',
    plant: 'drop policy derive_moves on app.deals',
    object: 'app.deals',
  },
  {
    name: 'protect_table instead of protect_resource',
    plant: 'create table app.things (owner_role_id uuid)',
    object: 'app.things',
  },
];
