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
  nextLink,
  type Page,
  reply,
  type Reply,
  RequirePermission,
  RequiresIfMatch,
  tagged,
} from '../../route/index.js';
import { CreateTicketRequest, ListTicketsQuery, TicketPath, UpdateTicketRequest } from './dto/requests.js';
import { TicketPage, TicketView } from './dto/responses.js';
import { TicketActions } from './tickets.actions.js';
import { TicketPermissions } from './tickets.permissions.js';
import { TicketsService } from './tickets.service.js';

@ApiTags('Tickets')
@Controller('v1/tickets')
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Get()
  @RequirePermission(TicketPermissions.read)
  @ApiOperation({
    operationId: 'listTickets',
    summary: 'List the tickets, newest first',
  })
  @ApiOkResponse({ type: TicketPage })
  async list(@Query() query: ListTicketsQuery, @Req() request: Request): Promise<Reply<Page<TicketView>>> {
    const page = await this.tickets.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(TicketPermissions.create)
  @Audited(TicketActions.created)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createTicket',
    summary: 'Create a ticket',
    description: 'Location leads to it, and ETag is its first version.',
  })
  @ApiCreatedResponse({ type: TicketView })
  async create(@Body() body: CreateTicketRequest): Promise<Reply<TicketView>> {
    const made = await this.tickets.create(body);
    return tagged(made, { Location: `/v1/tickets/${made.record.id}` });
  }

  @Get(':id')
  @RequirePermission(TicketPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getTicket',
    summary: 'Read a ticket',
    description:
      'With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.',
  })
  @ApiOkResponse({ type: TicketView })
  @ApiProblems(404)
  async get(@Param() path: TicketPath): Promise<Reply<TicketView>> {
    return tagged(await this.tickets.get(path.id));
  }

  @Patch(':id')
  @RequirePermission(TicketPermissions.update)
  @Audited(TicketActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateTicket',
    summary: 'Change fields of a ticket',
    description: 'Fields that are left out stay as they are; null empties one.',
  })
  @ApiBody({
    type: UpdateTicketRequest,
    examples: { change: { summary: 'Change title', value: { title: 'Another ticket' } } },
  })
  @ApiOkResponse({ type: TicketView })
  @ApiProblems(404, 422)
  async update(
    @Param() path: TicketPath,
    @Body() body: UpdateTicketRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<TicketView>> {
    return tagged(await this.tickets.update(path.id, body, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(TicketPermissions.delete)
  @Audited(TicketActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteTicket',
    summary: 'Delete a ticket',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: TicketPath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.tickets.delete(path.id, versions);
  }
}
