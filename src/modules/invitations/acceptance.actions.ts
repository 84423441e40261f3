import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const AcceptanceActions = defineAuditActions(
  'invitation',
  { accepted: 'Accepted an invitation, and signed in' },
  { masked: ['tokenHash'] },
);

defineWebhookEvents(AcceptanceActions.accepted);
