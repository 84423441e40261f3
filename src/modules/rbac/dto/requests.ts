import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';
import { PageQuery, TextField, UuidField, UuidsField, WordsField } from '../../../route/index.js';

const CODE = /^[a-z_]+:[a-z_]+$/;

const SlugField = (description: string, example: string): PropertyDecorator =>
  applyDecorators(
    TextField({ max: 40, optional: true, example, description }),
    Matches(/^[a-z0-9](-?[a-z0-9])*$/, { message: '$property must be lower-case letters, digits and single hyphens' }),
  );

const PermissionsField = (): PropertyDecorator =>
  WordsField({
    max: 500,
    pattern: CODE,
    form: 'a code like "deal:read"',
    example: ['deal:read', 'deal:create'],
    description: 'Codes from GET /v1/permissions; those of the roles below are held in any case.',
  });

const ParentsField = (): PropertyDecorator =>
  UuidsField({ max: 50, description: 'Roles that stand above it: one’s own role, or roles below that. At least one.' });

export class CreateRoleRequest {
  @TextField({ max: 100, example: 'Sales lead' })
  name!: string;

  @SlugField('Left out: made from the name.', 'sales-lead')
  slug?: string;

  @PermissionsField()
  permissions!: string[];

  @ParentsField()
  parentIds!: string[];
}

/** What changes; at least one field. */
export class UpdateRoleRequest {
  @TextField({ max: 100, optional: true, example: 'Sales lead, north' })
  name?: string;

  @SlugField('Lower-case letters, digits and hyphens.', 'sales-lead-north')
  slug?: string;
}

export class SetPermissionsRequest {
  @PermissionsField()
  permissions!: string[];
}

export class SetParentsRequest {
  @ParentsField()
  parentIds!: string[];
}

export class RolePath {
  @UuidField({ description: 'The role.' })
  id!: string;
}

export class ListRolesQuery extends PageQuery {}

export class ListPermissionsQuery extends PageQuery {}

export class MemberPath {
  @UuidField({ description: 'The person who is a member here.' })
  userId!: string;
}

export class AssignRoleRequest {
  @UuidField({ description: 'A role below one’s own.' })
  roleId!: string;
}

export class TransferOwnershipRequest {
  @UuidField({ description: 'A member, who becomes an owner.' })
  userId!: string;
}
