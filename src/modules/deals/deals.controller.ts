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
import { DealActions } from './deals.actions.js';
import { DealPermissions } from './deals.permissions.js';
import { DealsService } from './deals.service.js';
import { CreateDealRequest, DealPath, ListDealsQuery, TransferDealRequest, UpdateDealRequest } from './dto/requests.js';
import { DealPage, DealView } from './dto/responses.js';

@ApiTags('Deals')
@Controller('v1/deals')
export class DealsController {
  constructor(private readonly deals: DealsService) {}

  @Get()
  @RequirePermission(DealPermissions.read)
  @ApiOperation({
    operationId: 'listDeals',
    summary: 'List the deals that one sees, newest first',
    description: 'Those that the caller’s role and ownership let them see, and nothing else: there is no list of all.',
  })
  @ApiOkResponse({ type: DealPage })
  async list(@Query() query: ListDealsQuery, @Req() request: Request): Promise<Reply<Page<DealView>>> {
    const page = await this.deals.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(DealPermissions.create)
  @Audited(DealActions.created)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createDeal',
    summary: 'Create a deal, owned by the caller',
    description: 'Location leads to it, and ETag is its first version.',
  })
  @ApiCreatedResponse({ type: DealView })
  async create(@Body() body: CreateDealRequest): Promise<Reply<DealView>> {
    const made = await this.deals.create(body);
    return tagged(made, { Location: `/v1/deals/${made.record.id}` });
  }

  @Get(':id')
  @RequirePermission(DealPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getDeal',
    summary: 'Read a deal',
    description:
      'With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.',
  })
  @ApiOkResponse({ type: DealView })
  @ApiProblems(404)
  async get(@Param() path: DealPath): Promise<Reply<DealView>> {
    return tagged(await this.deals.get(path.id));
  }

  @Patch(':id')
  @RequirePermission(DealPermissions.update)
  @Audited(DealActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateDeal',
    summary: 'Change fields of a deal',
    description: 'Fields that are left out stay as they are.',
  })
  @ApiBody({ type: UpdateDealRequest, examples: { stage: { summary: 'Won it', value: { stage: 'won' } } } })
  @ApiOkResponse({ type: DealView })
  @ApiProblems(404)
  async update(
    @Param() path: DealPath,
    @Body() body: UpdateDealRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<DealView>> {
    return tagged(await this.deals.update(path.id, body, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(DealPermissions.delete)
  @Audited(DealActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteDeal',
    summary: 'Delete a deal',
    description: 'Its files go with it.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: DealPath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.deals.delete(path.id, versions);
  }

  @Post(':id/transfer')
  @HttpCode(204)
  @RequirePermission(DealPermissions.update)
  @Audited(DealActions.transferred)
  @ApiOperation({
    operationId: 'transferDeal',
    summary: 'Hand a deal over to another member',
    description:
      'Its owner does, or somebody whose role is above the owner’s. Who sees it follows the new owner at once.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async transfer(@Param() path: DealPath, @Body() body: TransferDealRequest): Promise<void> {
    await this.deals.transfer(path.id, body.ownerId);
  }
}
