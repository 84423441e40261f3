import { ApiProperty } from '@nestjs/swagger';

/** Never its token: that is in the mail alone. */
export class InvitationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'email', description: 'In its canonical spelling.' }) email!: string;
  @ApiProperty({ format: 'uuid' }) roleId!: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Who invites; null: whoever set the tenant up.',
  })
  invitedBy!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) metadata!: Record<string, unknown>;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
}

export class InvitationPage {
  @ApiProperty({ type: [InvitationView] }) items!: InvitationView[];
  @ApiProperty({ type: String, nullable: true, description: 'Null: this is the last page.' }) nextCursor!:
    string | null;
}

/** All that whoever holds the token learns before they accept. */
export class InvitationPreview {
  @ApiProperty({ example: 'Acme Corporation' }) tenantName!: string;
  @ApiProperty({ example: 'Member' }) roleName!: string;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}
