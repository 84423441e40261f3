import { ApiProperty } from '@nestjs/swagger';
import { TENANT_STATUSES, type TenantStatus } from './requests.js';

export class PlatformTenantView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'initech' }) slug!: string;
  @ApiProperty({ example: 'Initech' }) name!: string;
  @ApiProperty({ enum: TENANT_STATUSES }) status!: TenantStatus;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ example: 12, description: 'Members, suspended ones included; an invitation is none yet.' })
  memberCount!: number;
}

/** With the version of its record, which its ETag is made of. */
export interface VersionedPlatformTenant {
  tenant: PlatformTenantView;
  version: number;
}

export class PlatformTenantPage {
  @ApiProperty({ type: [PlatformTenantView] }) items!: PlatformTenantView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}
