import { defineCrudPermissions } from '../../route/index.js';

/** Rights on tickets. */
export const TicketPermissions = defineCrudPermissions('ticket', {
  read: 'viewer',
  create: 'member',
  update: 'member',
  delete: 'admin',
});
