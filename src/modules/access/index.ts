export { AccessModule } from './access.module.js';
export { AccessPermissions } from './access.permissions.js';
export { Refusals } from './refusals.js';
