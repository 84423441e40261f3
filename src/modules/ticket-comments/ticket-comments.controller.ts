import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  Audited,
  type ExpectedVersions,
  IfMatch,
  MADE,
  nextLink,
  type Page,
  PageQuery,
  reply,
  type Reply,
  RequirePermission,
  RequiresIfMatch,
  tagged,
} from '../../route/index.js';
import {
  CreateTicketCommentRequest,
  TicketCommentPath,
  TicketCommentsPath,
  UpdateTicketCommentRequest,
} from './dto/requests.js';
import { TicketCommentPage, TicketCommentView } from './dto/responses.js';
import { TicketCommentActions } from './ticket-comments.actions.js';
import { TicketCommentPermissions } from './ticket-comments.permissions.js';
import { TicketCommentsService } from './ticket-comments.service.js';

@ApiTags('Ticket comments')
@Controller('v1/tickets/:ticketId/comments')
export class TicketCommentsController {
  constructor(private readonly ticketComments: TicketCommentsService) {}

  @Get()
  @RequirePermission(TicketCommentPermissions.read)
  @ApiOperation({
    operationId: 'listTicketComments',
    summary: 'List the comments of a ticket, newest first',
  })
  @ApiOkResponse({ type: TicketCommentPage })
  @ApiProblems(404)
  async list(
    @Param() path: TicketCommentsPath,
    @Query() query: PageQuery,
    @Req() request: Request,
  ): Promise<Reply<Page<TicketCommentView>>> {
    const page = await this.ticketComments.list(path, query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(TicketCommentPermissions.create)
  @Audited(TicketCommentActions.created, MADE)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createTicketComment',
    summary: 'Create a ticket comment',
    description: 'Location leads to it, and ETag is its first version.',
  })
  @ApiCreatedResponse({ type: TicketCommentView })
  @ApiProblems(404)
  async create(
    @Param() path: TicketCommentsPath,
    @Body() body: CreateTicketCommentRequest,
  ): Promise<Reply<TicketCommentView>> {
    const made = await this.ticketComments.create(path, body);
    return tagged(made, { Location: `/v1/tickets/${path.ticketId}/comments/${made.record.id}` });
  }

  @Get(':id')
  @RequirePermission(TicketCommentPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getTicketComment',
    summary: 'Read a ticket comment',
    description:
      'With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.',
  })
  @ApiOkResponse({ type: TicketCommentView })
  @ApiProblems(404)
  async get(@Param() path: TicketCommentPath): Promise<Reply<TicketCommentView>> {
    return tagged(await this.ticketComments.get(path));
  }

  @Patch(':id')
  @RequirePermission(TicketCommentPermissions.update)
  @Audited(TicketCommentActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateTicketComment',
    summary: 'Change fields of a ticket comment',
    description: 'Fields that are left out stay as they are.',
  })
  @ApiBody({
    type: UpdateTicketCommentRequest,
    examples: { change: { summary: 'Change body', value: { body: 'It came on Friday, and two are missing.' } } },
  })
  @ApiOkResponse({ type: TicketCommentView })
  @ApiProblems(404)
  async update(
    @Param() path: TicketCommentPath,
    @Body() body: UpdateTicketCommentRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<TicketCommentView>> {
    return tagged(await this.ticketComments.update(path, body, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(TicketCommentPermissions.delete)
  @Audited(TicketCommentActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteTicketComment',
    summary: 'Delete a ticket comment',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: TicketCommentPath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.ticketComments.delete(path, versions);
  }
}
