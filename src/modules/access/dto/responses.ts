import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export const STEPS = ['tenant', 'session', 'aal', 'permission', 'visibility', 'rule'] as const;
export type Step = (typeof STEPS)[number];

export const RELATIONS = ['owner', 'owner_role_below', 'public', 'rule', 'none'] as const;
export type Relation = (typeof RELATIONS)[number];

export class RoleOnPath {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'member' }) slug!: string;
}

/** One step, with what it went by; what does not belong to the step is left out. */
export class Reason {
  @ApiProperty({ enum: STEPS }) step!: Step;
  @ApiProperty() holds!: boolean;
  @ApiProperty({ description: 'For people; the words may change.' }) detail!: string;
  @ApiPropertyOptional({ enum: ['active', 'suspended'], description: 'Of the tenant, or of the membership.' })
  status?: string;
  @ApiPropertyOptional({ enum: ['aal1', 'aal2'] }) demanded?: string;
  @ApiPropertyOptional({ enum: ['aal1', 'aal2'] }) held?: string;
  @ApiPropertyOptional({ example: 'deal:update' }) permission?: string;
  @ApiPropertyOptional({
    type: [RoleOnPath],
    description: 'From the member’s role down to the one that has the permission, or to the role of the owner.',
  })
  roles?: RoleOnPath[];
  @ApiPropertyOptional({ enum: RELATIONS, description: 'What makes the record visible.' }) relation?: Relation;
  @ApiPropertyOptional({ enum: ['private', 'controlled', 'public'] }) visibility?: string;
  @ApiPropertyOptional({ format: 'uuid' }) ownerId?: string;
}

export class Explanation {
  @ApiProperty() allowed!: boolean;
  @ApiProperty({
    enum: [...STEPS, ...RELATIONS.filter((relation) => relation !== 'rule')],
    description: 'The first step that refuses; for what is allowed, what made the record visible.',
  })
  decidedBy!: Step | Relation;
  @ApiProperty({ type: [Reason], description: 'In the order in which they are asked; a refusal is the last.' })
  reasons!: Reason[];
}

export class Viewer {
  @ApiProperty({ format: 'uuid' }) userId!: string;
  @ApiProperty() fullName!: string;
  @ApiProperty({ enum: RELATIONS.filter((relation) => relation !== 'none') }) because!: Relation;
  @ApiPropertyOptional({ type: [RoleOnPath], description: 'From the member’s role down to the owner’s.' })
  roles?: RoleOnPath[];
}

export class ViewerPage {
  @ApiProperty({ type: [Viewer] }) items!: Viewer[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null: this is the last page. A page may hold fewer than asked for, or none, and not be the last.',
  })
  nextCursor!: string | null;
}
