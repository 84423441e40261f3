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
  PageQuery,
  reply,
  type Reply,
  RequirePermission,
  RequiresIfMatch,
  tagged,
} from '../../route/index.js';
import { CreateProjectRequest, ProjectPath, UpdateProjectRequest } from './dto/requests.js';
import { ProjectPage, ProjectView } from './dto/responses.js';
import { ProjectActions } from './projects.actions.js';
import { ProjectPermissions } from './projects.permissions.js';
import { ProjectsService } from './projects.service.js';

@ApiTags('Projects')
@Controller('v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @RequirePermission(ProjectPermissions.read)
  @ApiOperation({
    operationId: 'listProjects',
    summary: 'List the projects, newest first',
  })
  @ApiOkResponse({ type: ProjectPage })
  async list(@Query() query: PageQuery, @Req() request: Request): Promise<Reply<Page<ProjectView>>> {
    const page = await this.projects.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Post()
  @RequirePermission(ProjectPermissions.create)
  @Audited(ProjectActions.created)
  @AnswerHeaders('ETag', 'Location')
  @ApiOperation({
    operationId: 'createProject',
    summary: 'Create a project',
    description: 'Location leads to it, and ETag is its first version.',
  })
  @ApiCreatedResponse({ type: ProjectView })
  async create(@Body() body: CreateProjectRequest): Promise<Reply<ProjectView>> {
    const made = await this.projects.create(body);
    return tagged(made, { Location: `/v1/projects/${made.record.id}` });
  }

  @Get(':id')
  @RequirePermission(ProjectPermissions.read)
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'getProject',
    summary: 'Read a project',
    description:
      'With the ETag that changes of it ask for. What the caller may not see is 404, as if it had never been.',
  })
  @ApiOkResponse({ type: ProjectView })
  @ApiProblems(404)
  async get(@Param() path: ProjectPath): Promise<Reply<ProjectView>> {
    return tagged(await this.projects.get(path.id));
  }

  @Patch(':id')
  @RequirePermission(ProjectPermissions.update)
  @Audited(ProjectActions.updated)
  @RequiresIfMatch()
  @AnswerHeaders('ETag')
  @ApiOperation({
    operationId: 'updateProject',
    summary: 'Change fields of a project',
    description: 'Fields that are left out stay as they are.',
  })
  @ApiBody({
    type: UpdateProjectRequest,
    examples: { change: { summary: 'Change name', value: { name: 'Another project' } } },
  })
  @ApiOkResponse({ type: ProjectView })
  @ApiProblems(404)
  async update(
    @Param() path: ProjectPath,
    @Body() body: UpdateProjectRequest,
    @IfMatch() versions: ExpectedVersions,
  ): Promise<Reply<ProjectView>> {
    return tagged(await this.projects.update(path.id, body, versions));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(ProjectPermissions.delete)
  @Audited(ProjectActions.deleted)
  @RequiresIfMatch()
  @ApiOperation({
    operationId: 'deleteProject',
    summary: 'Delete a project',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: ProjectPath, @IfMatch() versions: ExpectedVersions): Promise<void> {
    await this.projects.delete(path.id, versions);
  }
}
