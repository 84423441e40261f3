import { ApiProperty } from '@nestjs/swagger';

export class TotpEnrolment {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: '160 bits, base32 (RFC 4648), for typing. Shown once.' }) secret!: string;
  @ApiProperty({ description: 'The same for an app to open. Shown once.', example: 'otpauth://totp/...' })
  otpauthUri!: string;
  @ApiProperty({ description: 'The same as a picture: an SVG in a data: URI. Shown once.' }) qrCode!: string;
}

export class RecoveryCodesResponse {
  @ApiProperty({
    type: [String],
    example: ['0123AB-CDEFGH-JKMNPQ-RSTVWX'],
    description: 'Shown once, each good for one use. Empty where there were factors, and so codes, before.',
  })
  recoveryCodes!: string[];
}

export class FactorItem {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['totp', 'webauthn'] }) type!: string;
  @ApiProperty({ example: 'Phone' }) name!: string;
  @ApiProperty({ description: 'False: begun, and still to be activated.' }) active!: boolean;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) activatedAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastUsedAt!: string | null;
}

export class FactorsResponse {
  @ApiProperty({ type: [FactorItem], description: 'Oldest first; all of them, as their number is limited.' })
  items!: FactorItem[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
  @ApiProperty({ type: 'integer', description: 'How many recovery codes were not used.', example: 10 })
  recoveryCodesLeft!: number;
}
