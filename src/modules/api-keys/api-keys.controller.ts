import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
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
  AnswersSecret,
  ApiProblems,
  Audited,
  ComparesIfMatch,
  etagOf,
  type ExpectedVersions,
  nextLink,
  OptionalIfMatch,
  type Page,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
} from '../../route/index.js';
import { ApiKeyActions } from './api-keys.actions.js';
import { ApiKeyPermissions } from './api-keys.permissions.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApiKeyPath, CreateApiKeyRequest, ListApiKeysQuery, RotateApiKeyRequest } from './dto/requests.js';
import { ApiKeyPage, ApiKeyView, NewApiKeyView, type Versioned } from './dto/responses.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @RequirePermission(ApiKeyPermissions.read)
  @ApiOperation({
    operationId: 'listApiKeys',
    summary: 'List the API keys of this tenant, newest first',
    description: 'Without their secrets, which are nowhere any more.',
  })
  @ApiOkResponse({ type: ApiKeyPage })
  async list(@Query() query: ListApiKeysQuery, @Req() request: Request): Promise<Reply<Page<ApiKeyView>>> {
    const page = await this.keys.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(ApiKeyPermissions.create)
  @RequireAal2()
  @Audited(ApiKeyActions.created)
  @AnswersSecret('Replace the secret of the key: POST /v1/api-keys/{id}/rotate.')
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createApiKey',
    summary: 'Make an API key, which is shown this once',
    description:
      'It acts for this tenant, with the rights of whoever makes it, as they are at each moment, and within the permissions ' +
      'that are named. It never stands at AAL2. A tenant has a hundred at most.',
  })
  @ApiCreatedResponse({ type: NewApiKeyView })
  @ApiProblems(409)
  async create(@Body() body: CreateApiKeyRequest): Promise<Reply<NewApiKeyView>> {
    const made = await this.keys.create(body);
    return reply(made.view, { ...PRIVATE, ETag: etagOf(made.version), Location: `/v1/api-keys/${made.view.id}` });
  }

  @Get(':id')
  @RequirePermission(ApiKeyPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getApiKey',
    summary: 'Read an API key, without its secret',
    description: 'With whoever answers for it, and when it was last used.',
  })
  @ApiOkResponse({ type: ApiKeyView })
  @ApiProblems(404)
  async get(@Param() path: ApiKeyPath): Promise<Reply<ApiKeyView>> {
    return tagged(await this.keys.get(path.id));
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @RequirePermission(ApiKeyPermissions.update)
  @RequireAal2()
  @Audited(ApiKeyActions.rotated)
  @AnswersSecret('Replace the secret once more.')
  @ComparesIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'rotateApiKey',
    summary: 'Replace the secret of an API key that one answers for; the new one is shown this once',
    description:
      'The secret before it counts for another hour, or as `overlapSeconds` says; one that was being replaced already is dead ' +
      'at once. What expires does so as before.',
  })
  @ApiBody({ type: RotateApiKeyRequest, required: false })
  @ApiOkResponse({ type: NewApiKeyView })
  @ApiProblems(404, 409)
  async rotate(
    @Param() path: ApiKeyPath,
    @Body() body: RotateApiKeyRequest,
    @OptionalIfMatch() versions: ExpectedVersions,
  ): Promise<Reply<NewApiKeyView>> {
    return tagged(await this.keys.rotate(path.id, body.overlapSeconds, versions), PRIVATE);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @RequirePermission(ApiKeyPermissions.update)
  @RequireAal2()
  @Audited(ApiKeyActions.confirmed)
  @ComparesIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'confirmApiKey',
    summary: 'Answer for an API key, in the place of somebody who is gone or whose role is below one’s own',
    description:
      'From now on it acts with the caller’s rights, within its permissions, all of which the caller must hold. Its secret ' +
      'stays: replace it if others know it.',
  })
  @ApiOkResponse({ type: ApiKeyView })
  @ApiProblems(404, 409)
  async confirm(@Param() path: ApiKeyPath, @OptionalIfMatch() versions: ExpectedVersions): Promise<Reply<ApiKeyView>> {
    return tagged(await this.keys.confirm(path.id, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(ApiKeyPermissions.delete)
  @RequireAal2()
  @Audited(ApiKeyActions.revoked)
  @ComparesIfMatch()
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'The next request with it is refused, and what it has put off as a job is not done.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async revoke(@Param() path: ApiKeyPath, @OptionalIfMatch() versions: ExpectedVersions): Promise<void> {
    await this.keys.revoke(path.id, versions);
  }
}

const tagged = <View extends ApiKeyView>(
  { view, version }: Versioned<View>,
  headers: Readonly<Record<string, string>> = {},
): Reply<View> => reply(view, { ...headers, ETag: etagOf(version) });
