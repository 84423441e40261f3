import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  Audited,
  MemberOnly,
  nextLink,
  type Page,
  reply,
  type Reply,
  RequirePermission,
} from '../../../route/index.js';
import { JobActions } from '../jobs.actions.js';
import { JobPermissions } from '../jobs.permissions.js';
import { JobPath, ListJobsQuery } from './dto/requests.js';
import { JobPage, JobView } from './dto/responses.js';
import { JobsService } from './jobs.service.js';

/** What is done in the background. The database says whose one sees. */
@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly jobs: JobsService) {}

  @Get()
  @MemberOnly()
  @ApiOperation({
    operationId: 'listJobs',
    summary: 'List background jobs, newest first',
    description:
      'One’s own; with job:read everybody’s here; an API key without it: its own. Those that are over are kept for a month.',
  })
  @ApiOkResponse({ type: JobPage })
  async list(@Query() query: ListJobsQuery, @Req() request: Request): Promise<Reply<Page<JobView>>> {
    const page = await this.jobs.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Get(':id')
  @MemberOnly()
  @ApiOperation({
    operationId: 'getJob',
    summary: 'Read a background job',
    description: 'How far it is; one’s own, or with job:read anybody’s here; an API key without it: its own.',
  })
  @ApiOkResponse({ type: JobView })
  @ApiProblems(404)
  get(@Param() path: JobPath): Promise<JobView> {
    return this.jobs.get(path.id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @RequirePermission(JobPermissions.update)
  @Audited(JobActions.retried)
  @ApiOperation({
    operationId: 'retryJob',
    summary: 'Run a dead background job once more',
    description:
      'For whom it was made by, with what they may do by then. An API key runs again what it put off itself.',
  })
  @ApiOkResponse({ type: JobView })
  @ApiProblems(404, 409)
  retry(@Param() path: JobPath): Promise<JobView> {
    return this.jobs.retry(path.id);
  }
}
