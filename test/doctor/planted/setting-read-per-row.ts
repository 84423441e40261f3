import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'for the tenant',
    plant: `create policy loose on app.deals using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)`,
    object: 'app.deals.loose',
  },
  {
    name: 'beside one that is read once',
    plant: `create policy loose on app.deals for insert with check ((select current_setting('app.a', true)) = 'x' and (title = 'y)' or current_setting('app.b') = stage))`,
    object: 'app.deals.loose',
  },
];
