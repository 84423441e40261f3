import { defineCrudPermissions } from '../../route/index.js';

/** Rights on ticket comments. */
export const TicketCommentPermissions = defineCrudPermissions('ticket_comment', {
  read: 'viewer',
  create: 'member',
  update: 'member',
  delete: 'admin',
});
