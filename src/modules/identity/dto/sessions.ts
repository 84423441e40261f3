import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, UuidField } from '../../../route/index.js';

export class SessionPath {
  @UuidField({ description: 'One of one’s own sessions.' })
  id!: string;
}

export class MemberPath {
  @UuidField({ description: 'The person who is a member here.' })
  userId!: string;
}

export class EndSessionsQuery {
  @ChoiceField(['true', 'false'], { optional: true, description: 'Whether this very session stays.', default: 'false' })
  keepCurrent?: 'true' | 'false';
}

export class SessionItem {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'Whether this is the session that asks.' }) current!: boolean;
  @ApiProperty({ enum: ['aal1', 'aal2'] }) aal!: string;
  @ApiProperty({
    type: [String],
    example: ['pwd', 'otp'],
    description: 'How it was signed in to: values of RFC 8176, and "email" for a link.',
  })
  amr!: string[];
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) tenantId!: string | null;
  @ApiProperty({ example: 'Mozilla/5.0', description: 'What the client called itself at sign-in.' }) userAgent!: string;
  @ApiProperty({ example: '192.0.2.7', description: 'Where it signed in from.' }) address!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When a factor was last given.' }) authTime!: string;
  @ApiProperty({ format: 'date-time', description: 'When it ends unless it is refreshed.' }) idleExpiresAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When it ends in any case.' }) expiresAt!: string;
}

export class SessionsResponse {
  @ApiProperty({ type: [SessionItem], description: 'Newest first; all of them, as their number is limited.' })
  items!: SessionItem[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
