import { Controller, Delete, Get, HttpCode, Param, Query, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  Audited,
  MemberOnly,
  nextLink,
  type Page,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
} from '../../route/index.js';
import { HeirQuery, ListMembersQuery, MemberPath } from './dto/requests.js';
import { MemberPage, type MemberView } from './dto/responses.js';
import { MembersService } from './members.service.js';
import { MemberActions } from './tenancy.actions.js';
import { MemberPermissions } from './tenancy.permissions.js';

@ApiTags('Members')
@Controller('v1/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @RequirePermission(MemberPermissions.read)
  @ApiOperation({
    operationId: 'listMembers',
    summary: 'List who belongs to this tenant, with their profiles',
    description: 'In the order in which their accounts were made.',
  })
  @ApiOkResponse({ type: MemberPage })
  async list(@Query() query: ListMembersQuery, @Req() request: Request): Promise<Reply<Page<MemberView>>> {
    const page = await this.members.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  // before :userId, which would take it for an id
  @Delete('me')
  @HttpCode(204)
  @MemberOnly({ session: true })
  @Audited(MemberActions.left)
  @ApiOperation({
    operationId: 'leaveTenant',
    summary: 'Leave this tenant',
    description:
      'It needs no permission, and AAL2 only where an heir is named. Sessions here end at once, and invitations that one made go. The last owner hands ' +
      'ownership over first.',
  })
  @ApiNoContentResponse()
  @ApiProblems(409, 422)
  async leave(@Query() query: HeirQuery): Promise<void> {
    await this.members.leave(query.heirId);
  }

  @Delete(':userId')
  @HttpCode(204)
  @RequirePermission(MemberPermissions.delete)
  @RequireAal2()
  @Audited(MemberActions.removed, 'userId')
  @ApiOperation({
    operationId: 'removeMember',
    summary: 'Remove a member whose role is below one’s own',
    description: 'Their sessions here end at once, and invitations that they made go. They may be invited again.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409, 422)
  async remove(@Param() path: MemberPath, @Query() query: HeirQuery): Promise<void> {
    await this.members.remove(path.userId, query.heirId);
  }
}
