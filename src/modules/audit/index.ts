export { AuditActions } from './audit.actions.js';
export { AuditModule } from './audit.module.js';
export { AuditPermissions } from './audit.permissions.js';
export { type AuditDetails, type AuditNote, AuditTrail, type AuthNote, INSTALLATION } from './audit-trail.js';
export { verifierFile } from './reading/verifier-file.js';
export { type Refusal, RefusalLog } from './refusals/refusal-log.js';
