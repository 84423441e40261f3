import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, permissionCatalogue, RequireAal2, RequirePermission } from '../../route/index.js';
import { AssignRoleRequest, MemberPath, TransferOwnershipRequest } from './dto/requests.js';
import { PermissionsResponse } from './dto/responses.js';
import { MemberPermissions, RolePermissions, TenantPermissions } from './rbac.permissions.js';
import { RolesService } from './roles.service.js';

@ApiTags('Roles')
@Controller('v1/permissions')
export class PermissionsController {
  @Get()
  @RequirePermission(RolePermissions.read)
  @ApiOperation({ operationId: 'listPermissions', summary: 'List every permission there is' })
  @ApiOkResponse({ type: PermissionsResponse })
  list(): PermissionsResponse {
    return { items: permissionCatalogue().map(({ code, description }) => ({ code, description })), nextCursor: null };
  }
}

@ApiTags('Members')
@Controller('v1')
export class AssignmentsController {
  constructor(private readonly roles: RolesService) {}

  @Patch('members/:userId')
  @HttpCode(204)
  @RequirePermission(MemberPermissions.update)
  @RequireAal2()
  @ApiOperation({
    operationId: 'assignRole',
    summary: 'Give a member another role',
    description: 'Both the role that they have and the one that they get must be below one’s own. It acts at once.',
  })
  @ApiNoContentResponse()
  @ApiProblems(400, 404, 409, 413, 415, 422, 503)
  async assign(@Param() path: MemberPath, @Body() body: AssignRoleRequest): Promise<void> {
    await this.roles.assign(path.userId, body.roleId);
  }

  @Post('tenants/current/transfer-ownership')
  @HttpCode(204)
  @RequirePermission(TenantPermissions.transfer)
  @RequireAal2()
  @ApiOperation({
    operationId: 'transferOwnership',
    summary: 'Make a member the owner in one’s own place',
    description: 'The caller has the highest role below the owner’s afterwards.',
  })
  @ApiNoContentResponse()
  @ApiProblems(400, 404, 409, 413, 415, 422, 503)
  async transfer(@Body() body: TransferOwnershipRequest): Promise<void> {
    await this.roles.transferOwnership(body.userId);
  }
}
