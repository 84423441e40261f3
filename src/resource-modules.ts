import { DealsModule } from './modules/deals/index.js';
import { ProjectsModule } from './modules/projects/index.js';
import { TicketCommentsModule } from './modules/ticket-comments/index.js';
import { TicketsModule } from './modules/tickets/index.js';

/**
 * The kinds of records that people work with, by name. `npm run generate` adds a line here, and takes it out again. Whoever
 * imports this file has all that they declare: permissions, actions, tables, demo rows.
 */
export const RESOURCE_MODULES = [DealsModule, ProjectsModule, TicketCommentsModule, TicketsModule];
