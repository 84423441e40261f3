import { Injectable } from '@nestjs/common';
import { Records, TenantDb } from '../../database/index.js';
import type { TicketCommentView } from './dto/responses.js';
import { TicketComment } from './ticket-comment.entity.js';

/** Statements on ticket comments, by the policies of app.ticket_comments. */
@Injectable()
export class TicketCommentsRepository extends Records<TicketCommentView> {
  constructor(db: TenantDb) {
    super(db, TicketComment);
  }

  /** Whether the ticket is there for the caller, by the policies of its own table. */
  async seesTicket(id: string): Promise<boolean> {
    return (await this.db.query('select from app.tickets where id = $1', [id])).length > 0;
  }
}
