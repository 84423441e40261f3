import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const DealActions = defineAuditActions('deal', {
  created: 'Made a deal',
  updated: 'Changed fields of a deal',
  deleted: 'Deleted a deal',
  transferred: 'Handed a deal over to another member',
});

defineWebhookEvents(DealActions.created, DealActions.updated, DealActions.deleted, DealActions.transferred);
