import { ApiProperty } from '@nestjs/swagger';
import { TENANT_STATUSES, type TenantStatus } from './requests.js';

export class PlatformTenantView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'initech' }) slug!: string;
  @ApiProperty({ example: 'Initech' }) name!: string;
  @ApiProperty({ enum: TENANT_STATUSES }) status!: TenantStatus;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({
    type: 'integer',
    example: 12,
    description: 'Members, suspended ones included; an invitation is none yet.',
  })
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

export const ARCHIVE_STATUSES = ['queued', 'running', 'done', 'failed'] as const;
export type ArchiveStatus = (typeof ARCHIVE_STATUSES)[number];

/** What was taken up for later: Location says where to ask what has become of it. */
export class ArchiveAccepted {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ARCHIVE_STATUSES }) status!: ArchiveStatus;
}

class ArchiveView extends ArchiveAccepted {
  @ApiProperty({ format: 'uuid' }) tenantId!: string;
  @ApiProperty({ example: 'initech', description: 'As it was when this was asked for.' }) slug!: string;
  @ApiProperty({ format: 'uuid', description: 'The operator, as whom it is done.' }) requestedBy!: string;
  @ApiProperty({ type: String, nullable: true, description: 'A code: why the last try ended, if it failed.' })
  error!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) finishedAt!: string | null;
}

export class TenantExportView extends ArchiveView {
  @ApiProperty({ type: 'integer', nullable: true, description: 'Bytes of the archive.' }) size!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the archive, in hex.' }) sha256!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Files whose bytes the store did not have.' })
  missingFiles!: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'No download from then on.' })
  expiresAt!: string | null;
}

export class TenantErasureView extends ArchiveView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'JSON: what went and what stays. As text, since its SHA-256 is of the text.',
  })
  certificate!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the certificate, in hex.' })
  sha256!: string | null;
}
