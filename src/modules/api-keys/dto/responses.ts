import { ApiProperty } from '@nestjs/swagger';

export const API_KEY_STATUSES = ['active', 'expired', 'suspended', 'unconfirmed'] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** Never its secret: that is answered once, when it is made. */
export class ApiKeyView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'Warehouse import' }) name!: string;
  @ApiProperty({
    pattern: '^[0-9A-Za-z]{16}$',
    example: '4kTq0ZrWb8sNnE1y',
    description: 'The third part of the key, by which it is told from others. No secret.',
  })
  publicId!: string;
  @ApiProperty({
    enum: API_KEY_STATUSES,
    description:
      'unconfirmed: whoever answered for it has left or is disabled, so it counts for nothing until somebody confirms it. ' +
      'suspended: their membership is, and it counts for nothing as long.',
  })
  status!: ApiKeyStatus;
  @ApiProperty({
    type: [String],
    example: ['deal:read'],
    description: 'It may do what is listed here and what the role of whoever answers for it holds at that moment.',
  })
  permissions!: string[];
  @ApiProperty({ format: 'uuid', description: 'Who answers for it, and with whose rights it acts.' }) userId!: string;
  @ApiProperty({ format: 'uuid' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: what the installation allows a key.' })
  requestsPerMinute!: number | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When its secret was last replaced.' })
  rotatedAt!: string | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'To the minute. Null: never, as far as we know.',
  })
  lastUsedAt!: string | null;
}

/** A key as it is made: the one time that it is shown. */
export class NewApiKeyView extends ApiKeyView {
  @ApiProperty({
    example: 'rf_live_4kTq0ZrWb8sNnE1y_0Qm5…',
    description: 'The key itself, for `Authorization: Bearer`. Keep it: it is not shown again.',
  })
  key!: string;
}

export class ApiKeyPage {
  @ApiProperty({ type: [ApiKeyView] }) items!: ApiKeyView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

/** With what ETag is made of. */
export interface Versioned<View> {
  view: View;
  version: number;
}
