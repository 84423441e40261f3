import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DRAWN } from '../../resource/index.js';

/** A row of app.tickets. The tenant comes from the context, so no code of ours names it. */
@Entity({ name: 'tickets' })
export class Ticket {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', ...DRAWN })
  tenantId!: string;

  @PrimaryColumn({ type: 'uuid', ...DRAWN })
  id!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text' })
  body!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string | null;

  /** counts changes */
  @Column({ type: 'int', ...DRAWN })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', ...DRAWN })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', ...DRAWN })
  updatedAt!: Date;
}
