import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
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
  AnswersSecret,
  ApiProblems,
  Audited,
  etagOf,
  type ExpectedVersions,
  IfMatch,
  nextLink,
  type Page,
  PageQuery,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
  RequiresIfMatch,
} from '../../../route/index.js';
import { WebhookActions } from '../webhooks.actions.js';
import { WebhookPermissions } from '../webhooks.permissions.js';
import { DeliveriesService } from './deliveries.service.js';
import { CreateWebhookRequest, RotateWebhookSecretRequest, UpdateWebhookRequest, WebhookPath } from './dto/requests.js';
import {
  CreatedWebhook,
  DeliveryDetails,
  EventTypeList,
  RotatedSecret,
  type VersionedWebhook,
  WebhookPage,
  WebhookView,
} from './dto/responses.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('Webhooks')
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Get()
  @RequirePermission(WebhookPermissions.read)
  @ApiOperation({
    operationId: 'listWebhooks',
    summary: 'List webhooks, newest first',
    description: 'Without their secrets.',
  })
  @ApiOkResponse({ type: WebhookPage })
  async list(@Query() query: PageQuery, @Req() request: Request): Promise<Reply<Page<WebhookView>>> {
    const page = await this.webhooks.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(WebhookPermissions.create)
  @RequireAal2()
  @Audited(WebhookActions.created)
  @AnswerHeaders('ETag', 'Location')
  @AnswersSecret('Rotate its secret with a new Idempotency-Key; GET /v1/webhooks shows it.')
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Make a webhook',
    description: 'Messages are signed by Standard Webhooks with the secret of the answer, which is shown once.',
  })
  @ApiCreatedResponse({ type: CreatedWebhook })
  @ApiProblems(409, 422)
  async create(@Body() body: CreateWebhookRequest): Promise<Reply<CreatedWebhook>> {
    const { webhook, version } = await this.webhooks.create(body);
    return reply(webhook, { ...PRIVATE, ETag: etagOf(version), Location: `/v1/webhooks/${webhook.id}` });
  }

  @Get('event-types')
  @RequirePermission(WebhookPermissions.read)
  @ApiOperation({
    operationId: 'listWebhookEventTypes',
    summary: 'List the events that webhooks tell of',
    description: 'All there are, by name, with what each tells of.',
  })
  @ApiOkResponse({ type: EventTypeList })
  eventTypes(): EventTypeList {
    return { items: this.webhooks.eventTypes(), nextCursor: null };
  }

  @Get(':id')
  @RequirePermission(WebhookPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getWebhook',
    summary: 'Read a webhook',
    description: 'With the ETag that changes of it ask for; without its secrets.',
  })
  @ApiOkResponse({ type: WebhookView })
  @ApiProblems(404)
  async get(@Param() path: WebhookPath): Promise<Reply<WebhookView>> {
    return tagged(await this.webhooks.get(path.id));
  }

  @Patch(':id')
  @RequirePermission(WebhookPermissions.update)
  @RequireAal2()
  @Audited(WebhookActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateWebhook',
    summary: 'Change a webhook, disable it or make it active again',
    description: 'Fields that are left out stay as they are. What waits for its next attempt goes to the new URL.',
  })
  @ApiOkResponse({ type: WebhookView })
  @ApiProblems(404, 422)
  async update(
    @Param() path: WebhookPath,
    @Body() body: UpdateWebhookRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<WebhookView>> {
    return tagged(await this.webhooks.update(path.id, body, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(WebhookPermissions.delete)
  @RequireAal2()
  @Audited(WebhookActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook',
    description: 'Its log goes with it, and what was not delivered yet.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: WebhookPath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.webhooks.delete(path.id, versions);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequirePermission(WebhookPermissions.update)
  @RequireAal2()
  @Audited(WebhookActions.secretRotated)
  @AnswersSecret('Rotate it again, with a new Idempotency-Key.')
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook a new secret',
    description: 'Both sign each message until the overlap is over. The new one is shown once.',
  })
  @ApiBody({ type: RotateWebhookSecretRequest, required: false })
  @ApiOkResponse({ type: RotatedSecret })
  @ApiProblems(404)
  async rotate(@Param() path: WebhookPath, @Body() body: RotateWebhookSecretRequest): Promise<Reply<RotatedSecret>> {
    return reply(await this.webhooks.rotate(path.id, body.overlapSeconds), PRIVATE);
  }

  @Post(':id/test')
  @HttpCode(202)
  @RequirePermission(WebhookPermissions.update)
  @Audited(WebhookActions.tested)
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Send a message of the type webhook.test',
    description: 'Answers the delivery, which says a moment later what became of it.',
  })
  @ApiAcceptedResponse({ type: DeliveryDetails })
  @ApiProblems(404, 409)
  async test(@Param() path: WebhookPath): Promise<DeliveryDetails> {
    return this.deliveries.get(path.id, await this.webhooks.test(path.id));
  }
}

const tagged = ({ webhook, version }: VersionedWebhook): Reply<WebhookView> =>
  reply(webhook, { ETag: etagOf(version) });
