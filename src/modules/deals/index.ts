export { Deal } from './deal.entity.js';
export { DealsModule } from './deals.module.js';
export { DealPermissions } from './deals.permissions.js';
