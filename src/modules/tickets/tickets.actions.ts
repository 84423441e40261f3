import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const TicketActions = defineAuditActions('ticket', {
  created: 'Made a ticket',
  updated: 'Changed fields of a ticket',
  deleted: 'Deleted a ticket',
});

defineWebhookEvents(TicketActions.created, TicketActions.updated, TicketActions.deleted);
