export { RbacModule } from './rbac.module.js';
