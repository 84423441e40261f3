export { Ticket } from './ticket.entity.js';
export { TicketsModule } from './tickets.module.js';
export { TicketPermissions } from './tickets.permissions.js';
export { TicketResource } from './tickets.resource.js';
