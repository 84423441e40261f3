import { TextField, UuidField } from '../../../route/index.js';

export class CreateTicketCommentRequest {
  @TextField({ max: 20_000, example: 'It came on Tuesday, and is in order.' })
  body!: string;
}

/** What changes; at least one field. */
export class UpdateTicketCommentRequest {
  @TextField({ max: 20_000, optional: true })
  body?: string;
}

export class TicketCommentsPath {
  @UuidField({ description: 'The ticket that they belong to.' })
  ticketId!: string;
}

export class TicketCommentPath extends TicketCommentsPath {
  @UuidField({ description: 'The ticket comment.' })
  id!: string;
}
