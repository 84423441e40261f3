import { ApiProperty } from '@nestjs/swagger';

export class TenantSummary {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'acme' }) slug!: string;
  @ApiProperty({ example: 'Acme Corporation' }) name!: string;
  @ApiProperty({ enum: ['active', 'suspended'] }) status!: string;
  @ApiProperty({ example: 'owner', description: 'Slug of the role that one has there.' }) role!: string;
}

export class TokenResponse {
  @ApiProperty({ description: 'JWT (ES256, at+jwt), ten minutes at most.' }) accessToken!: string;
  @ApiProperty({ description: 'Opaque; each use gives the next one.' }) refreshToken!: string;
  @ApiProperty({ enum: ['Bearer'] }) tokenType!: 'Bearer';
  @ApiProperty({ type: 'integer', description: 'Seconds that the access token lives.', example: 600 })
  expiresIn!: number;
  @ApiProperty({ enum: ['aal1', 'aal2'] }) aal!: string;
  @ApiProperty({ type: TenantSummary, nullable: true, description: 'Null: the session has no tenant yet.' })
  tenant!: TenantSummary | null;
  @ApiProperty({ type: [TenantSummary] }) tenants!: TenantSummary[];
  @ApiProperty({
    description:
      'The session stands at aal1 although the person has a second factor or the tenant demands one. Go on with ' +
      'POST /v1/auth/mfa/verify, or enrol one.',
  })
  mfaRequired!: boolean;
}

export class UserView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'email' }) email!: string;
  @ApiProperty() fullName!: string;
}

export class SessionView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'date-time' }) authTime!: string;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
  @ApiProperty({ type: [String], example: ['pwd'] }) amr!: string[];
}

export class RoleView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ example: 'owner' }) slug!: string;
  @ApiProperty({ example: 'Owner' }) name!: string;
}

export class MeResponse {
  @ApiProperty({ type: UserView }) user!: UserView;
  @ApiProperty({ type: SessionView }) session!: SessionView;
  @ApiProperty({ type: TenantSummary, nullable: true }) tenant!: TenantSummary | null;
  @ApiProperty({ type: RoleView, nullable: true }) role!: RoleView | null;
  @ApiProperty({ type: [String], example: ['deal:read'] }) permissions!: string[];
  @ApiProperty({ enum: ['aal1', 'aal2'] }) aal!: string;
  @ApiProperty({ description: 'Whether a second factor is active.' }) mfaEnrolled!: boolean;
  @ApiProperty({ type: [TenantSummary] }) tenants!: TenantSummary[];
}
