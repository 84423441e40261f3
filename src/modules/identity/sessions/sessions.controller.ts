import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequestContext } from '../../../context/index.js';
import {
  ApiProblems,
  Audited,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
  SessionOnly,
} from '../../../route/index.js';
import { EndSessionsQuery, MemberPath, SessionPath, SessionsResponse } from '../dto/sessions.js';
import { MemberSessionActions, SessionActions } from '../identity.actions.js';
import { SessionPermissions } from '../identity.permissions.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Auth')
@Controller('v1/auth/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly context: RequestContext,
  ) {}

  @Get()
  @SessionOnly()
  @ApiOperation({
    operationId: 'listSessions',
    summary: 'Where one is signed in',
    description: 'With the client and the address of each, so that one recognises what is not one’s own.',
  })
  @ApiOkResponse({ type: SessionsResponse })
  async list(): Promise<Reply<SessionsResponse>> {
    return reply(await this.sessions.list(this.context.principal), PRIVATE);
  }

  @Delete()
  @HttpCode(204)
  @SessionOnly()
  @Audited(SessionActions.allEnded)
  @ApiOperation({
    operationId: 'endSessions',
    summary: 'Sign out everywhere',
    description: 'Every session of the person ends at once, on every server; with `keepCurrent=true` all but this one.',
  })
  @ApiNoContentResponse()
  async endAll(@Query() query: EndSessionsQuery): Promise<void> {
    await this.sessions.endAll(this.context.principal, query.keepCurrent === 'true');
  }

  @Delete(':id')
  @HttpCode(204)
  @SessionOnly()
  @Audited(SessionActions.ended)
  @ApiOperation({
    operationId: 'endSession',
    summary: 'Sign out elsewhere: end one of one’s own sessions',
    description: 'It is refused from its next request on. A session of somebody else is 404.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async end(@Param() path: SessionPath): Promise<void> {
    await this.sessions.end(this.context.principal, path.id);
  }
}

@ApiTags('Members')
@Controller('v1/members')
export class MemberSessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Delete(':userId/sessions')
  @HttpCode(204)
  @RequirePermission(SessionPermissions.end)
  @RequireAal2()
  @Audited(MemberSessionActions.signedOut, 'userId')
  @ApiOperation({
    operationId: 'endMemberSessions',
    summary: 'Sign a member out of this tenant',
    description: 'Their role must be below one’s own. Their sessions in other tenants go on.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async end(@Param() path: MemberPath): Promise<void> {
    await this.sessions.endOfMember(path.userId);
  }
}
