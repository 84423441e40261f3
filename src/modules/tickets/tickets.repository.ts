import { Injectable } from '@nestjs/common';
import { Records, TenantDb } from '../../database/index.js';
import type { TicketView } from './dto/responses.js';
import { Ticket } from './ticket.entity.js';

/** Statements on tickets, by the policies of app.tickets. */
@Injectable()
export class TicketsRepository extends Records<TicketView> {
  constructor(db: TenantDb) {
    super(db, Ticket);
  }
}
