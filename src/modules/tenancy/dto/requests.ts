import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, Matches, Max, Min, ValidateIf, ValidateNested } from 'class-validator';
import { PageQuery, TextField, UuidField } from '../../../route/index.js';

/** A whole number, or null for what the installation allows. */
const LimitField = (min: number, max: number, description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: min, maximum: max, nullable: true, description }),
    ValidateIf((_, value) => value !== undefined && value !== null),
    IsInt(),
    Min(min),
    Max(max),
  );

const PresentIf = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** What changes; at least one field. */
export class UpdateTenantSettings {
  @ApiPropertyOptional({
    description: 'Whether every member needs a second factor. It acts on whoever is signed in, at once.',
  })
  @PresentIf()
  @IsBoolean()
  requireAal2?: boolean;

  @LimitField(5, 30, 'Minutes without a refresh after which a session ends. Null: what the installation allows.')
  sessionIdleMinutes?: number | null;

  @LimitField(1, 12, 'Hours after which a session ends in any case. Null: what the installation allows.')
  sessionHours?: number | null;
}

/** What changes; at least one field. */
export class UpdateTenantRequest {
  @TextField({ max: 200, optional: true, example: 'Acme Corporation' })
  name?: string;

  @TextField({
    min: 2,
    max: 40,
    optional: true,
    example: 'acme',
    description: 'The name that people sign in to. It is one of a kind in the whole installation, and no id.',
  })
  @Matches(/^(?![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/, { message: '$property must not read as an id' })
  @Matches(/^[a-z0-9](-?[a-z0-9])+$/, {
    message: '$property must be lower-case letters, digits and single hyphens, two at least',
  })
  slug?: string;

  @ApiPropertyOptional({ type: UpdateTenantSettings })
  @PresentIf()
  @IsObject()
  @ValidateNested()
  @Type(() => UpdateTenantSettings)
  settings?: UpdateTenantSettings;
}

export class ListTenantsQuery extends PageQuery {}

export class ListMembersQuery extends PageQuery {
  @UuidField({ optional: true, description: 'Only who has this role.' })
  roleId?: string;
}

export class MemberPath {
  @UuidField({ description: 'The person who is a member here.' })
  userId!: string;
}

/** A DELETE has no body, so the heir stands in the query. */
export class HeirQuery {
  @UuidField({
    optional: true,
    description:
      'A member, who gets every record that the one who goes owns. Without an heir nobody goes who owns any.',
  })
  heirId?: string;
}
