import { PageQuery, TextField, UuidField } from '../../../route/index.js';

export class CreateTicketRequest {
  @TextField({ max: 200, example: 'First ticket' })
  title!: string;

  @TextField({ max: 20_000, example: 'It came on Tuesday, and is in order.' })
  body!: string;

  @UuidField({ optional: true, nullable: true, description: 'A project that one sees; null: none.' })
  projectId?: string | null;
}

/** What changes; at least one field. */
export class UpdateTicketRequest {
  @TextField({ max: 200, optional: true })
  title?: string;

  @TextField({ max: 20_000, optional: true })
  body?: string;

  @UuidField({ optional: true, nullable: true })
  projectId?: string | null;
}

export class ListTicketsQuery extends PageQuery {
  @UuidField({ optional: true, description: 'Only those of this project.' })
  projectId?: string;
}

export class TicketPath {
  @UuidField({ description: 'The ticket.' })
  id!: string;
}
