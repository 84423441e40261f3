export { addMember, provisionTenant, standardRolesOf } from './provisioning.js';
export { TenancyModule } from './tenancy.module.js';
