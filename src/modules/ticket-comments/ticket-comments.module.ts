import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { TicketCommentsController } from './ticket-comments.controller.js';
import { TicketCommentsRepository } from './ticket-comments.repository.js';
import './ticket-comments.resource.js';
import { TicketCommentsService } from './ticket-comments.service.js';

/** Ticket comments: each belongs to a ticket, and is seen by whoever sees that. */
@Module({
  imports: [AccessModule],
  controllers: [TicketCommentsController],
  providers: [TicketCommentsService, TicketCommentsRepository],
})
export class TicketCommentsModule {}
