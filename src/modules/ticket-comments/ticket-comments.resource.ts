import { defineResource } from '../../resource/index.js';
import { TicketComment } from './ticket-comment.entity.js';

defineResource('ticket_comment', 'app.ticket_comments', {
  entity: TicketComment,
  chapter: {
    tag: 'Ticket comments',
    description: 'Ticket comments: each belongs to a ticket, and is seen by whoever sees that.',
  },
  columns: ['tenant_id', 'id', 'version', 'created_at', 'updated_at', 'ticket_id', 'body'],
  refersTo: ['ticket'],
  demo: {
    count: 12,
    row: (n, { goods, customers, idOf }) => ({
      ticket_id: idOf('ticket', n),
      body: `About ${goods[n % goods.length]}: ${customers[(n * 7) % customers.length]} asks for a word by Friday.`,
    }),
  },
});
