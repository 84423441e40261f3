import { defineAuditActions } from '../../route/index.js';

export const AcceptanceAudit = defineAuditActions('invitation', {
  accepted: 'Accepted an invitation, and signed in',
});
