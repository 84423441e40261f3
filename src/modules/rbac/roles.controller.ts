import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  Audited,
  etagOf,
  type ExpectedVersions,
  IfMatch,
  nextLink,
  type Page,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
  RequiresIfMatch,
} from '../../route/index.js';
import {
  CreateRoleRequest,
  ListRolesQuery,
  RolePath,
  SetParentsRequest,
  SetPermissionsRequest,
  UpdateRoleRequest,
} from './dto/requests.js';
import { RoleDetails, RolePage, type VersionedRole } from './dto/responses.js';
import { RolePermissions } from './rbac.permissions.js';
import { RoleActions } from './roles.actions.js';
import { RolesService } from './roles.service.js';

@ApiTags('Roles')
@Controller('v1/roles')
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get()
  @RequirePermission(RolePermissions.read)
  @ApiOperation({
    operationId: 'listRoles',
    summary: 'List the roles of this tenant, oldest first',
    description: 'With what each holds itself, and which roles stand above it.',
  })
  @ApiOkResponse({ type: RolePage })
  async list(@Query() query: ListRolesQuery, @Req() request: Request): Promise<Reply<Page<RoleDetails>>> {
    const page = await this.roles.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(RolePermissions.create)
  @RequireAal2()
  @Audited(RoleActions.created)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createRole',
    summary: 'Make a role below one’s own',
    description: 'It may hold what one holds oneself, and nothing else.',
  })
  @ApiCreatedResponse({ type: RoleDetails })
  @ApiProblems(409, 422)
  async create(@Body() body: CreateRoleRequest): Promise<Reply<RoleDetails>> {
    const made = await this.roles.create(body);
    return reply(made.role, { ETag: etagOf(made.version), Location: `/v1/roles/${made.role.id}` });
  }

  @Get(':id')
  @RequirePermission(RolePermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getRole',
    summary: 'Read a role',
    description: 'With the ETag that changes of it ask for.',
  })
  @ApiOkResponse({ type: RoleDetails })
  @ApiProblems(404)
  async get(@Param() path: RolePath): Promise<Reply<RoleDetails>> {
    return tagged(await this.roles.get(path.id));
  }

  @Patch(':id')
  @RequirePermission(RolePermissions.update)
  @RequireAal2()
  @Audited(RoleActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateRole',
    summary: 'Rename a role below one’s own',
    description: 'Its name, its slug or both. What it holds and where it stands have operations of their own.',
  })
  @ApiOkResponse({ type: RoleDetails })
  @ApiProblems(404, 409)
  async update(
    @Param() path: RolePath,
    @Body() body: UpdateRoleRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<RoleDetails>> {
    return tagged(await this.roles.update(path.id, body, versions));
  }

  @Put(':id/permissions')
  @RequirePermission(RolePermissions.update)
  @RequireAal2()
  @Audited(RoleActions.permissionsSet)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'setRolePermissions',
    summary: 'Set what a role below one’s own holds',
    description: 'What is added must be held by the caller; what stays need not.',
  })
  @ApiOkResponse({ type: RoleDetails })
  @ApiProblems(404, 409)
  async setPermissions(
    @Param() path: RolePath,
    @Body() body: SetPermissionsRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<RoleDetails>> {
    return tagged(await this.roles.setPermissions(path.id, body.permissions, versions));
  }

  @Put(':id/parents')
  @RequirePermission(RolePermissions.update)
  @RequireAal2()
  @Audited(RoleActions.parentsSet)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'setRoleParents',
    summary: 'Set which roles stand above a role below one’s own',
    description: 'The whole list takes the place of the one that was there. A circle is 409 `role_cycle`.',
  })
  @ApiOkResponse({ type: RoleDetails })
  @ApiProblems(404, 409, 422)
  async setParents(
    @Param() path: RolePath,
    @Body() body: SetParentsRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<RoleDetails>> {
    return tagged(await this.roles.setParents(path.id, body.parentIds, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(RolePermissions.delete)
  @RequireAal2()
  @Audited(RoleActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteRole',
    summary: 'Delete a role below one’s own that nobody and nothing has',
    description: 'The roles below it stand below its parents afterwards.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404, 409)
  async delete(@Param() path: RolePath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.roles.delete(path.id, versions);
  }
}

const tagged = ({ role, version }: VersionedRole): Reply<RoleDetails> => reply(role, { ETag: etagOf(version) });
