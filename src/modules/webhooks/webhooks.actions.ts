import { defineAuditActions } from '../../route/index.js';

/** That one is disabled because its receiver fails is written by the database (migrations/0035). */
export const WebhookActions = defineAuditActions(
  'webhook',
  {
    created: 'Made a webhook',
    updated: 'Changed a webhook, disabled it or made it active again',
    deleted: 'Deleted a webhook',
    secretRotated: 'Gave a webhook a new secret',
    tested: 'Had a test message sent to a webhook',
    replayed: 'Had a message sent to a webhook once more',
    disabled: 'Disabled a webhook: its receiver is gone, failed for days, or did not keep up',
  },
  { masked: ['url'] }, // whoever knows it may post there: those of chats and of automation services are secrets
);
