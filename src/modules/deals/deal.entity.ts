import { Column, Entity, PrimaryColumn } from 'typeorm';

export const DEAL_STAGES = ['lead', 'qualified', 'proposal', 'won', 'lost'] as const;
export type DealStage = (typeof DEAL_STAGES)[number];

export const VISIBILITIES = ['private', 'controlled', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Filled by the database: from the request's context, from a sequence of time, or by a trigger. Never by us. */
const drawn = { insert: false, update: false } as const;

/** A row of app.deals. Tenant and owner come from the context, so no code of ours names them. */
@Entity({ name: 'deals' })
export class Deal {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid', ...drawn })
  tenantId!: string;

  @PrimaryColumn({ type: 'uuid', ...drawn })
  id!: string;

  @Column({ name: 'owner_id', type: 'uuid', ...drawn })
  ownerId!: string;

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

  /** counts changes; a trigger's */
  @Column({ type: 'int', ...drawn })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz', ...drawn })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', ...drawn })
  updatedAt!: Date;
}
