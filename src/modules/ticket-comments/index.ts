export { TicketComment } from './ticket-comment.entity.js';
export { TicketCommentsModule } from './ticket-comments.module.js';
export { TicketCommentPermissions } from './ticket-comments.permissions.js';
export { TicketCommentResource } from './ticket-comments.resource.js';
