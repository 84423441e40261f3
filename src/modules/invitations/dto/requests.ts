import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, ValidateBy, ValidateIf } from 'class-validator';
import { EmailField, PageQuery, SecretField, TextField, UuidField } from '../../../route/index.js';

const MAX_METADATA = 4096;

/** A small object of the client's own. The database keeps its values, not the order of its keys. */
const MetadataField = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      type: 'object',
      additionalProperties: true,
      example: { team: 'north' },
      description: `What the client wants to remember; ${MAX_METADATA} characters of JSON at most.`,
    }),
    ValidateIf((_, value) => value !== undefined),
    IsObject(),
    ValidateBy({
      name: 'isShort',
      validator: {
        validate: (value) => JSON.stringify(value).length <= MAX_METADATA,
        defaultMessage: () => `$property must be ${MAX_METADATA} characters of JSON at most`,
      },
    }),
  );

export class CreateInvitationRequest {
  @EmailField({ example: 'newcomer@example.com' })
  email!: string;

  @UuidField({ description: 'A role below one’s own.' })
  roleId!: string;

  @MetadataField()
  metadata?: Record<string, unknown>;
}

export class InvitationPath {
  @UuidField({ description: 'The invitation.' })
  id!: string;
}

export class ListInvitationsQuery extends PageQuery {}

export class PreviewInvitationRequest {
  @SecretField({ max: 128, description: 'The token of the link in the mail.' })
  token!: string;
}

export class AcceptInvitationRequest {
  @SecretField({ max: 128, description: 'The token of the link in the mail.' })
  token!: string;

  @TextField({ max: 200, optional: true, example: 'Ada Lovelace', description: 'For whoever has no account yet.' })
  fullName?: string;

  @SecretField({ max: 512, optional: true, description: 'For whoever has no account yet: 15 to 128 characters.' })
  password?: string;
}
