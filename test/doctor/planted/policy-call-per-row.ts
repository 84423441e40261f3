import type { Planted } from '../planted.js';

export const planted: Planted = [
  {
    name: 'the tenant',
    plant: 'create policy loose on app.deals using (tenant_id = app.tenant_id())',
    object: 'app.deals.loose',
    detail: /app\.tenant_id/,
  },
  {
    name: 'deep in brackets, beside calls that are right',
    plant: `create policy loose on app.deals for update using ((select app.may('deal:read')) and (owner_id = (select app.user_id()) or ((stage = 'a (select' or app.may('x')))))`,
    object: 'app.deals.loose',
    detail: /app\.may/,
  },
  {
    name: 'in WITH CHECK',
    plant: `create policy loose on app.deals for insert with check (app.aal() >= 2)`,
    object: 'app.deals.loose',
  },
];
