import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';
import { ChoiceField, EmailField, PageQuery, TextField, UuidField } from '../../../route/index.js';

export const TENANT_STATUSES = ['active', 'suspended'] as const;
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/** As the database takes it (app.tenants). */
export const TENANT_SLUG = /^[a-z0-9](-?[a-z0-9]){1,39}$/;

const SlugField = (): PropertyDecorator =>
  applyDecorators(
    TextField({ min: 2, max: 79, example: 'initech', description: 'Names the tenant at sign-in; one of a kind.' }),
    Matches(TENANT_SLUG, {
      message: '$property must be 2 to 40 lower-case letters and digits, with single hyphens between them',
    }),
  );

export class ProvisionTenantRequest {
  @TextField({ max: 200, example: 'Initech' })
  name!: string;

  @SlugField()
  slug!: string;

  @EmailField({ example: 'bill@initech.example', description: 'Who is invited to be the first owner.' })
  adminEmail!: string;
}

export class InviteOwnerRequest {
  @EmailField({ example: 'bill@initech.example', description: 'Who is invited to be the first owner instead.' })
  adminEmail!: string;
}

export class ListPlatformTenantsQuery extends PageQuery {
  @ChoiceField(TENANT_STATUSES, { optional: true, description: 'Only those.' })
  status?: TenantStatus;
}

export class PlatformTenantPath {
  @UuidField({ description: 'The tenant.' })
  id!: string;
}

export class TenantExportPath extends PlatformTenantPath {
  @UuidField({ description: 'The export, of that tenant.' })
  exportId!: string;
}

export class ErasurePath {
  @UuidField({ description: 'The erasure.' })
  id!: string;
}

export class EraseTenantRequest {
  @TextField({ max: 79, example: 'initech', description: 'The slug of the tenant once more.' })
  confirm!: string;
}
