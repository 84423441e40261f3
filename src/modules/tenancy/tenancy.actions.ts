import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const TenantActions = defineAuditActions('tenant', { updated: 'Renamed the tenant, or changed its settings' });

export const MemberActions = defineAuditActions('member', {
  removed: 'Removed a member',
  left: 'Left the tenant',
});

defineWebhookEvents(TenantActions.updated, MemberActions.removed, MemberActions.left);
