import { ApiProperty } from '@nestjs/swagger';
import { TenantSummary } from '../../identity/index.js';

export class TenantPage {
  @ApiProperty({ type: [TenantSummary] }) items!: TenantSummary[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

export class TenantSettings {
  @ApiProperty({ description: 'Whether every member needs a second factor.' }) requireAal2!: boolean;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: what the installation allows.' })
  sessionIdleMinutes!: number | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: what the installation allows.' })
  sessionHours!: number | null;
}

export class TenantView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'acme' }) slug!: string;
  @ApiProperty({ example: 'Acme Corporation' }) name!: string;
  @ApiProperty({ enum: ['active', 'suspended'] }) status!: string;
  @ApiProperty({ type: TenantSettings }) settings!: TenantSettings;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

/** A tenant as it is shown, with the version that its ETag says. */
export interface VersionedTenant {
  tenant: TenantView;
  version: number;
}

export class MemberRole {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'member' }) slug!: string;
  @ApiProperty({ example: 'Member' }) name!: string;
}

export class MemberView {
  @ApiProperty({ format: 'uuid' }) userId!: string;
  @ApiProperty({ example: 'Ada Lovelace' }) fullName!: string;
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty({ type: MemberRole }) role!: MemberRole;
  @ApiProperty({ enum: ['active', 'suspended'] }) status!: string;
  @ApiProperty({ format: 'date-time' }) joinedAt!: string;
}

export class MemberPage {
  @ApiProperty({ type: [MemberView] }) items!: MemberView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}
