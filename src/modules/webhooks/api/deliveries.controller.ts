import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  Audited,
  nextLink,
  type Page,
  reply,
  type Reply,
  RequirePermission,
} from '../../../route/index.js';
import { WebhookActions } from '../webhooks.actions.js';
import { WebhookPermissions } from '../webhooks.permissions.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryPath, ListDeliveriesQuery, WebhookPath } from './dto/requests.js';
import { DeliveryDetails, DeliveryPage, DeliveryView } from './dto/responses.js';

@ApiTags('Webhooks')
@Controller('v1/webhooks/:id/deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @RequirePermission(WebhookPermissions.read)
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'List what was sent to a webhook, newest first',
    description: 'Kept for 30 days.',
  })
  @ApiOkResponse({ type: DeliveryPage })
  @ApiProblems(404)
  async list(
    @Param() path: WebhookPath,
    @Query() query: ListDeliveriesQuery,
    @Req() request: Request,
  ): Promise<Reply<Page<DeliveryView>>> {
    const page = await this.deliveries.list(path.id, query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Get(':deliveryId')
  @RequirePermission(WebhookPermissions.read)
  @ApiOperation({
    operationId: 'getWebhookDelivery',
    summary: 'Read a delivery, with what was sent',
    description: 'With the tries so far: status and a code of the failure, nothing of what was answered.',
  })
  @ApiOkResponse({ type: DeliveryDetails })
  @ApiProblems(404)
  get(@Param() path: DeliveryPath): Promise<DeliveryDetails> {
    return this.deliveries.get(path.id, path.deliveryId);
  }

  @Post(':deliveryId/replay')
  @HttpCode(202)
  @RequirePermission(WebhookPermissions.update)
  @Audited(WebhookActions.replayed)
  @ApiOperation({
    operationId: 'replayWebhookDelivery',
    summary: 'Send a message once more',
    description: 'Under the same webhook-id, to the URL that the webhook has now. Answers the new delivery.',
  })
  @ApiAcceptedResponse({ type: DeliveryDetails })
  @ApiProblems(404, 409)
  replay(@Param() path: DeliveryPath): Promise<DeliveryDetails> {
    return this.deliveries.replay(path.id, path.deliveryId);
  }
}
