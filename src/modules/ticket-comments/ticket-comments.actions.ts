import { defineAuditActions, defineWebhookEvents } from '../../route/index.js';

export const TicketCommentActions = defineAuditActions('ticket_comment', {
  created: 'Made a ticket comment',
  updated: 'Changed fields of a ticket comment',
  deleted: 'Deleted a ticket comment',
});

defineWebhookEvents(TicketCommentActions.created, TicketCommentActions.updated, TicketCommentActions.deleted);
