import { Body, Controller, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, Audited, RequireAal2, RequirePermission } from '../../route/index.js';
import { AssignRoleRequest, MemberPath, TransferOwnershipRequest } from './dto/requests.js';
import { AssignmentPermissions, OwnershipPermissions } from './rbac.permissions.js';
import { AssignmentActions, OwnershipActions } from './roles.actions.js';
import { RolesService } from './roles.service.js';

@ApiTags('Members')
@Controller('v1')
export class AssignmentsController {
  constructor(private readonly roles: RolesService) {}

  @Patch('members/:userId')
  @HttpCode(204)
  @RequirePermission(AssignmentPermissions.update)
  @RequireAal2()
  @Audited(AssignmentActions.roleAssigned, 'userId')
  @ApiOperation({
    operationId: 'assignRole',
    summary: 'Give a member another role',
    description: 'Both the role that they have and the one that they get must be below one’s own. It acts at once.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409, 422)
  async assign(@Param() path: MemberPath, @Body() body: AssignRoleRequest): Promise<void> {
    await this.roles.assign(path.userId, body.roleId);
  }

  @Post('tenants/current/transfer-ownership')
  @HttpCode(204)
  @RequirePermission(OwnershipPermissions.transfer)
  @RequireAal2()
  @Audited(OwnershipActions.ownershipTransferred)
  @ApiOperation({
    operationId: 'transferOwnership',
    summary: 'Make a member the owner in one’s own place',
    description: 'The caller has the highest role below the owner’s afterwards.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409, 422)
  async transfer(@Body() body: TransferOwnershipRequest): Promise<void> {
    await this.roles.transferOwnership(body.userId);
  }
}
