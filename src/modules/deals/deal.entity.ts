import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DRAWN } from '../../resource/index.js';
import type { Visibility } from '../../route/index.js';

export const DEAL_STAGES = ['lead', 'qualified', 'proposal', 'won', 'lost'] as const;
export type DealStage = (typeof DEAL_STAGES)[number];

/** A row of app.deals. Tenant and owner come from the context, so no code of ours names them. */
@Entity({ name: 'deals' })
export class Deal {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', ...DRAWN })
  tenantId!: string;

  @PrimaryColumn({ type: 'uuid', ...DRAWN })
  id!: string;

  @Column({ type: 'text' })
  title!: string;

  /** decimal text, two places */
  @Column({ type: 'numeric' })
  amount!: string;

  @Column({ type: 'text' })
  currency!: string;

  @Column({ type: 'text' })
  stage!: DealStage;

  @Column({ type: 'text' })
  visibility!: Visibility;

  @Column({ name: 'owner_id', type: 'uuid', ...DRAWN })
  ownerId!: string;

  /** counts changes */
  @Column({ type: 'int', ...DRAWN })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', ...DRAWN })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', ...DRAWN })
  updatedAt!: Date;
}
