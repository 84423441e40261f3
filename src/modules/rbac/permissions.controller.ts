import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  Cursors,
  nextLink,
  type Page,
  permissionCatalogue,
  reply,
  type Reply,
  RequirePermission,
} from '../../route/index.js';
import { ListPermissionsQuery } from './dto/requests.js';
import { PermissionsResponse, type PermissionView } from './dto/responses.js';
import { RolePermissions } from './rbac.permissions.js';

/** The same in every tenant, and public in the code: no context is part of it. */
const SCOPE = { tenantId: '', list: 'permissions by code' };

@ApiTags('Roles')
@Controller('v1/permissions')
export class PermissionsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @RequirePermission(RolePermissions.read)
  @ApiOperation({
    operationId: 'listPermissions',
    summary: 'List every permission there is, by code',
    description: 'The same in every tenant. A role, or an API key, names them by these codes.',
  })
  @ApiOkResponse({ type: PermissionsResponse })
  async list(@Query() query: ListPermissionsQuery, @Req() request: Request): Promise<Reply<Page<PermissionView>>> {
    const page = await this.cursors.page(
      query,
      SCOPE,
      (limit, after = '') => Promise.resolve(read(limit, after)),
      keyOf,
    );
    return reply(page, nextLink(request, page.nextCursor));
  }
}

const keyOf = ({ code }: PermissionView): string => code;

const read = (limit: number, after: string): PermissionView[] =>
  permissionCatalogue()
    .filter(({ code }) => code > after)
    .sort((one, other) => (one.code < other.code ? -1 : 1))
    .slice(0, limit)
    .map(({ code, description }) => ({ code, description }));
