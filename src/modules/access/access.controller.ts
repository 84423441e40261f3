import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  Limited,
  MemberOnly,
  nextLink,
  type Page,
  ReadsOnly,
  reply,
  type Reply,
  RequirePermission,
} from '../../route/index.js';
import { AccessPermissions } from './access.permissions.js';
import { AccessService } from './access.service.js';
import { ExplainRequest, ViewersQuery } from './dto/requests.js';
import { Explanation, type Viewer, ViewerPage } from './dto/responses.js';

@ApiTags('Access')
@Controller('v1/access')
export class AccessController {
  constructor(private readonly access: AccessService) {}

  @Post('explain')
  @HttpCode(200)
  @MemberOnly()
  @Limited({ perMinute: 60 })
  @ReadsOnly()
  @ApiOperation({
    operationId: 'explainAccess',
    summary: 'Say whether one may do something, and what decides it',
    description:
      'The answer is that of the rules that filter the rows. A record that one does not see is answered like one that ' +
      'does not exist. About another member one asks with access:explain, and only about records that one sees oneself; ' +
      'they are judged as if they were signed in as surely as the caller is.',
  })
  @ApiBody({
    type: ExplainRequest,
    examples: {
      record: {
        summary: 'May I change this deal?',
        value: { action: 'update', resourceType: 'deal', resourceId: '01936c5e-8a4b-7c21-9f0e-2b6d4c8a1f37' },
      },
      kind: { summary: 'May I make one?', value: { action: 'create', resourceType: 'deal' } },
    },
  })
  @ApiOkResponse({ type: Explanation })
  @ApiProblems(404)
  explain(@Body() body: ExplainRequest): Promise<Explanation> {
    return this.access.explain(body);
  }

  @Get('viewers')
  @RequirePermission(AccessPermissions.explain)
  @ApiOperation({
    operationId: 'listViewers',
    summary: 'List the members who see a record, and why',
    description: 'The same rules as those that filter the rows. It is for records that one sees oneself.',
  })
  @ApiOkResponse({ type: ViewerPage })
  @ApiProblems(404)
  async viewers(@Query() query: ViewersQuery, @Req() request: Request): Promise<Reply<Page<Viewer>>> {
    const page = await this.access.viewers(query);
    return reply(page, nextLink(request, page.nextCursor));
  }
}
