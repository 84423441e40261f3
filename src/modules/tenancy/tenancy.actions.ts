import { defineAuditActions } from '../../route/index.js';

export const TenantAudit = defineAuditActions('tenant', { updated: 'Renamed the tenant, or changed its settings' });

export const MemberAudit = defineAuditActions('member', {
  removed: 'Removed a member',
  left: 'Left the tenant',
});
