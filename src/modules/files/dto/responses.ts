import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

export const FILE_STATUSES = ['pending', 'quarantined', 'ready', 'lost'] as const;
export type FileStatus = (typeof FILE_STATUSES)[number];

const STATUS =
  'pending: to be uploaded and completed. quarantined: waits for the antivirus scanner. ready: there. lost: its bytes are gone.';

class Content {
  @ApiProperty({ type: 'integer' }) version!: number;
  @ApiProperty({ example: 'application/pdf' }) contentType!: string;
  @ApiProperty({ type: 'integer', description: 'Bytes.' }) size!: number;
  @ApiProperty({ description: 'SHA-256, hexadecimal.' }) sha256!: string;
  @ApiProperty({ enum: FILE_STATUSES, description: STATUS }) status!: FileStatus;
  @ApiProperty({ format: 'uuid' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

/** A file with its current version: the latest that is ready; where none is, the latest. */
export class FileView extends Content {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Offer.pdf' }) name!: string;
  @ApiProperty({ example: 'deal' }) resourceType!: string;
  @ApiProperty({ format: 'uuid' }) resourceId!: string;
}

export class VersionView extends Content {
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) completedAt!: string | null;
}

export class FilePage {
  @ApiProperty({ type: [FileView] }) items!: FileView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

export class VersionPage {
  @ApiProperty({ type: [VersionView] }) items!: VersionView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

const HEADERS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'To be sent as they are.',
} as const;

export class WholeUpload {
  @ApiProperty({ enum: ['PUT'] }) method!: 'PUT';
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty(HEADERS) headers!: Readonly<Record<string, string>>;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}

export class PartUpload {
  @ApiProperty({ type: 'integer' }) number!: number;
  @ApiProperty({ type: 'integer', description: 'Bytes of this part.' }) size!: number;
  @ApiProperty({ enum: ['PUT'] }) method!: 'PUT';
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty(HEADERS) headers!: Readonly<Record<string, string>>;
}

export class PartsUpload {
  @ApiProperty({ type: 'integer', description: 'Bytes of every part but the last.' }) partSize!: number;
  @ApiProperty({ type: [PartUpload] }) parts!: PartUpload[];
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}

/** Where the bytes go. */
@ApiExtraModels(WholeUpload, PartsUpload)
export class AnnouncedFile {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'integer' }) version!: number;
  @ApiProperty({ oneOf: [{ $ref: getSchemaPath(WholeUpload) }, { $ref: getSchemaPath(PartsUpload) }] })
  upload!: WholeUpload | PartsUpload;
}

export class StorageUsageView {
  @ApiProperty({
    type: 'integer',
    description: 'Of all versions of all files, 4096 each at least; deleted and rejected ones until they are removed.',
  })
  bytes!: number;
  @ApiProperty({ type: 'integer' }) bytesAtMost!: number;
}
