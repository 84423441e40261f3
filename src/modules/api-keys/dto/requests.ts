import { PageQuery, TextField, TimeField, UuidField, WholeNumberField, WordsField } from '../../../route/index.js';

export class CreateApiKeyRequest {
  @TextField({ max: 100, example: 'Warehouse import' })
  name!: string;

  @WordsField({
    min: 1,
    max: 500,
    pattern: /^[a-z_]+:[a-z_]+$/,
    form: 'a code like "deal:read"',
    example: ['deal:read', 'deal:create'],
    description: 'Codes from GET /v1/permissions that one’s own role holds. At least one.',
  })
  permissions!: string[];

  @TimeField({ description: 'In the future, 366 days at most.' })
  expiresAt!: string;

  @WholeNumberField({
    min: 1,
    max: 1_000_000,
    optional: true,
    example: 600,
    description: 'Left out: what the installation allows a key.',
  })
  requestsPerMinute?: number;
}

export class RotateApiKeyRequest {
  @WholeNumberField({
    min: 0,
    max: 604_800,
    optional: true,
    default: 3600,
    description: 'How long the secret that is replaced still counts, in seconds. 0: it is dead at once.',
  })
  overlapSeconds: number = 3600;
}

export class ApiKeyPath {
  @UuidField({ description: 'The key.' })
  id!: string;
}

export class ListApiKeysQuery extends PageQuery {}
