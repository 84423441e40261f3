export { addMember, provisionTenant, standardRolesOf } from './provisioning.js';
