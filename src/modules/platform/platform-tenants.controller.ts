import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  Audited,
  etagOf,
  nextLink,
  OperatorOnly,
  type Page,
  reply,
  type Reply,
} from '../../route/index.js';
import {
  InviteOwnerRequest,
  ListPlatformTenantsQuery,
  PlatformTenantPath,
  ProvisionTenantRequest,
} from './dto/requests.js';
import { PlatformTenantPage, PlatformTenantView, type VersionedPlatformTenant } from './dto/responses.js';
import { PlatformActions } from './platform.actions.js';
import { PlatformTenantsService } from './platform-tenants.service.js';

@ApiTags('Platform')
@Controller('v1/platform/tenants')
export class PlatformTenantsController {
  constructor(private readonly tenants: PlatformTenantsService) {}

  @Get()
  @OperatorOnly()
  @Audited(PlatformActions.tenantsListed)
  @ApiOperation({
    operationId: 'listPlatformTenants',
    summary: 'List all tenants, newest first',
    description: 'Suspended ones, too. Reading the list is recorded.',
  })
  @ApiOkResponse({ type: PlatformTenantPage })
  async list(
    @Query() query: ListPlatformTenantsQuery,
    @Req() request: Request,
  ): Promise<Reply<Page<PlatformTenantView>>> {
    const page = await this.tenants.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @OperatorOnly()
  @Audited(PlatformActions.tenantProvisioned)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'provisionTenant',
    summary: 'Make a tenant and invite its first owner',
    description:
      'The tenant, its standard roles and the invitation come into being together, and the mail goes after that.',
  })
  @ApiCreatedResponse({ type: PlatformTenantView })
  @ApiProblems(409)
  async provision(@Body() body: ProvisionTenantRequest): Promise<Reply<PlatformTenantView>> {
    const made = await this.tenants.provision(body);
    return tagged(made, { Location: `/v1/platform/tenants/${made.tenant.id}` });
  }

  @Get(':id')
  @OperatorOnly()
  @Audited(PlatformActions.tenantRead)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getPlatformTenant',
    summary: 'Read a tenant',
    description:
      'What operators may know of it: no record of its business. Reading it is recorded, in its own log too.',
  })
  @ApiOkResponse({ type: PlatformTenantView })
  @ApiProblems(404)
  async get(@Param() path: PlatformTenantPath): Promise<Reply<PlatformTenantView>> {
    return tagged(await this.tenants.get(path.id));
  }

  @Post(':id/suspend')
  @HttpCode(204)
  @OperatorOnly()
  @Audited(PlatformActions.tenantSuspended)
  @ApiOperation({
    operationId: 'suspendTenant',
    summary: 'Suspend a tenant',
    description: 'Every session in it is refused from its next statement on. Doing it again changes nothing.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  suspend(@Param() path: PlatformTenantPath): Promise<void> {
    return this.tenants.setStatus(path.id, 'suspended');
  }

  @Post(':id/resume')
  @HttpCode(204)
  @OperatorOnly()
  @Audited(PlatformActions.tenantResumed)
  @ApiOperation({
    operationId: 'resumeTenant',
    summary: 'Resume a suspended tenant',
    description: 'Sessions that have not ended meanwhile go on. Doing it again changes nothing.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  resume(@Param() path: PlatformTenantPath): Promise<void> {
    return this.tenants.setStatus(path.id, 'active');
  }

  @Post(':id/invite-owner')
  @HttpCode(204)
  @OperatorOnly()
  @Audited(PlatformActions.ownerInvited)
  @ApiOperation({
    operationId: 'inviteTenantOwner',
    summary: 'Invite the first owner of a tenant anew',
    description:
      'For an invitation that expired or went to a wrong address: the new one takes its place, and its link is dead. ' +
      'Once somebody has accepted, it is 409 `tenant_has_owner`: from then on ownership is the tenant’s own affair.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409)
  inviteOwner(@Param() path: PlatformTenantPath, @Body() body: InviteOwnerRequest): Promise<void> {
    return this.tenants.inviteOwner(path.id, body);
  }
}

/** The number of members is no part of the record, and part of what is answered. */
const tagged = (
  { tenant, version }: VersionedPlatformTenant,
  headers: Record<string, string> = {},
): Reply<PlatformTenantView> =>
  reply(tenant, { ...headers, ETag: etagOf(version).replace(/"$/, `.${tenant.memberCount}"`) });
