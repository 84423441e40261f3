import { Body, Controller, Get, Patch, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  Audited,
  etagOf,
  type ExpectedVersions,
  IfMatch,
  nextLink,
  type Page,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
  RequiresIfMatch,
  SessionOnly,
} from '../../route/index.js';
import type { TenantSummary } from '../identity/index.js';
import { ListTenantsQuery, UpdateTenantRequest } from './dto/requests.js';
import { TenantPage, TenantView, type VersionedTenant } from './dto/responses.js';
import { TenantActions } from './tenancy.actions.js';
import { TenantPermissions } from './tenancy.permissions.js';
import { TenantsService } from './tenants.service.js';

@ApiTags('Tenants')
@Controller('v1/tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Get()
  @SessionOnly()
  @ApiOperation({
    operationId: 'listTenants',
    summary: 'List the tenants that one belongs to, by slug',
    description: 'Also those that are suspended. Works without a tenant.',
  })
  @ApiOkResponse({ type: TenantPage })
  async mine(@Query() query: ListTenantsQuery, @Req() request: Request): Promise<Reply<Page<TenantSummary>>> {
    const page = await this.tenants.mine(query);
    return reply(page, { ...PRIVATE, ...nextLink(request, page.nextCursor) });
  }

  @Get('current')
  @RequirePermission(TenantPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getCurrentTenant',
    summary: 'Read the tenant that this session is in',
    description: 'With its settings, and the ETag that a change of them asks for.',
  })
  @ApiOkResponse({ type: TenantView })
  @ApiProblems(404)
  async current(): Promise<Reply<TenantView>> {
    return tagged(await this.tenants.current());
  }

  @Patch('current')
  @RequirePermission(TenantPermissions.update)
  @RequireAal2()
  @Audited(TenantActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateCurrentTenant',
    summary: 'Rename the tenant that this session is in, or change its settings',
    description:
      'Fields that are left out stay as they are. A slug names one tenant of the whole installation, so one that is ' +
      'taken is refused with 409 `already_exists`, whoever has it. Shorter sessions count from the next refresh on.',
  })
  @ApiOkResponse({ type: TenantView })
  @ApiProblems(404, 409)
  async update(@Body() body: UpdateTenantRequest, @IfMatch() versions: ExpectedVersions): Promise<Reply<TenantView>> {
    return tagged(await this.tenants.update(body, versions));
  }
}

const tagged = ({ tenant, version }: VersionedTenant): Reply<TenantView> => reply(tenant, { ETag: etagOf(version) });
