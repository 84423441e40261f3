import { defineAuditActions, defineWebhookEvents } from '../../src/route/index.js';

export const ApprovalActions = defineAuditActions('approval', {
  asked: 'Asked for an approval',
  decided: 'Decided on an approval',
  reminded: 'Was reminded that an approval waits',
});

defineWebhookEvents(ApprovalActions.asked, ApprovalActions.decided);
