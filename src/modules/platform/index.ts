export { firstInvitation } from './first-invitation.js';
export { PlatformActions } from './platform.actions.js';
export { PlatformAudit } from './platform-audit.js';
export { PlatformDb, type PlatformUnit } from './platform-db.js';
export { type PlatformFeature, PlatformModule } from './platform.module.js';
export { PlatformTenantsRepository } from './platform-tenants.repository.js';
export { TENANT_SLUG } from './dto/requests.js';
export type { PlatformTenantView } from './dto/responses.js';
