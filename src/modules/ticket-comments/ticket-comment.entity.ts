import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DRAWN } from '../../resource/index.js';

/** A row of app.ticket_comments. The tenant comes from the context, so no code of ours names it. */
@Entity({ name: 'ticket_comments' })
export class TicketComment {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', ...DRAWN })
  tenantId!: string;

  @PrimaryColumn({ type: 'uuid', ...DRAWN })
  id!: string;

  /** never changes */
  @Column({ name: 'ticket_id', type: 'uuid', update: false })
  ticketId!: string;

  @Column({ type: 'text' })
  body!: string;

  /** counts changes */
  @Column({ type: 'int', ...DRAWN })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', ...DRAWN })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', ...DRAWN })
  updatedAt!: Date;
}
