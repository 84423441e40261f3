import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DRAWN } from '../../resource/index.js';

/** A row of app.projects. The tenant comes from the context, so no code of ours names it. */
@Entity({ name: 'projects' })
export class Project {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', ...DRAWN })
  tenantId!: string;

  @PrimaryColumn({ type: 'uuid', ...DRAWN })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  /** counts changes */
  @Column({ type: 'int', ...DRAWN })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', ...DRAWN })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', ...DRAWN })
  updatedAt!: Date;
}
