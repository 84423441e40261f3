import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const InvitationActions = defineAuditActions(
  'invitation',
  {
    created: 'Invited somebody into a role',
    resent: 'Sent an invitation again, with a new link',
    revoked: 'Revoked an invitation',
  },
  { masked: ['tokenHash'] },
);

defineWebhookEvents(InvitationActions.created, InvitationActions.revoked);
