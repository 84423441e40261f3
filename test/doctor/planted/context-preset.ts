import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'a capability',
    plant: "set local app.cap = 'x'",
    object: 'app.cap',
  },
  {
    name: 'claims',
    plant: "set local request.jwt.claims = '{}'",
    object: 'request.jwt.claims',
  },
];
