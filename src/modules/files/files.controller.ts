import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  Audited,
  nextLink,
  type Page,
  PRIVATE,
  reply,
  type Reply,
  RequirePermission,
} from '../../route/index.js';
import { DownloadQuery, FilePath, ListFilesQuery, ListVersionsQuery } from './dto/requests.js';
import { FilePage, FileView, StorageUsageView, VersionPage, type VersionView } from './dto/responses.js';
import { FileActions } from './files.actions.js';
import { FilePermissions } from './files.permissions.js';
import { FilesService } from './files.service.js';

@ApiTags('Files')
@Controller('v1/files')
export class FilesController {
  constructor(private readonly files: FilesService) {}

  @Get()
  @RequirePermission(FilePermissions.read)
  @ApiOperation({
    operationId: 'listFiles',
    summary: 'List the files of a record, or of all that one sees, newest first',
    description:
      'Name a record by `resourceType` and `resourceId`, both; without them: all files of records that one sees.',
  })
  @ApiOkResponse({ type: FilePage })
  async list(@Query() query: ListFilesQuery, @Req() request: Request): Promise<Reply<Page<FileView>>> {
    const page = await this.files.list(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Get('usage')
  @RequirePermission(FilePermissions.read)
  @ApiOperation({
    operationId: 'getStorageUsage',
    summary: 'Read how much room the tenant’s files take, and may take',
    description: 'In bytes, with the tenant’s quota.',
  })
  @ApiOkResponse({ type: StorageUsageView })
  usage(): Promise<StorageUsageView> {
    return this.files.usage();
  }

  @Get(':id')
  @RequirePermission(FilePermissions.read)
  @ApiOperation({
    operationId: 'getFile',
    summary: 'Read what a file is; its bytes are downloaded',
    description: 'With its current version. Who sees its record sees it.',
  })
  @ApiOkResponse({ type: FileView })
  @ApiProblems(404)
  get(@Param() path: FilePath): Promise<FileView> {
    return this.files.get(path.id);
  }

  @Get(':id/versions')
  @RequirePermission(FilePermissions.read)
  @ApiOperation({
    operationId: 'listFileVersions',
    summary: 'List the versions of a file, newest first',
    description: 'Those that were announced and never completed, too.',
  })
  @ApiOkResponse({ type: VersionPage })
  @ApiProblems(404)
  async versions(
    @Param() path: FilePath,
    @Query() query: ListVersionsQuery,
    @Req() request: Request,
  ): Promise<Reply<Page<VersionView>>> {
    const page = await this.files.versions(path.id, query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Get(':id/download')
  @HttpCode(303)
  @RequirePermission(FilePermissions.read)
  @Audited(FileActions.downloaded)
  @AnswerHeaders('Location')
  @ApiOperation({
    operationId: 'downloadFile',
    summary: 'Get a URL for the bytes of a file',
    description: 'It is for whoever asked, and good for a minute unless the installation says otherwise.',
  })
  @ApiResponse({ status: 303, description: 'Location: where the bytes are.' })
  @ApiProblems(404, 409, 410)
  async download(@Param() path: FilePath, @Query() query: DownloadQuery): Promise<Reply<undefined>> {
    return reply(undefined, { ...PRIVATE, Location: await this.files.download(path.id, query) });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission(FilePermissions.delete)
  @Audited(FileActions.deleted)
  @ApiOperation({
    operationId: 'deleteFile',
    summary: 'Delete a file with all its versions',
    description: 'It can be restored until it is removed for good.',
  })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async delete(@Param() path: FilePath): Promise<void> {
    await this.files.delete(path.id);
  }

  @Post(':id/restore')
  @HttpCode(200)
  @RequirePermission(FilePermissions.delete)
  @Audited(FileActions.restored)
  @ApiOperation({
    operationId: 'restoreFile',
    summary: 'Restore a deleted file, while its record is there',
    description: 'With all its versions; within 30 days, unless the installation keeps deleted files for another time.',
  })
  @ApiOkResponse({ type: FileView })
  @ApiProblems(404)
  restore(@Param() path: FilePath): Promise<FileView> {
    return this.files.restore(path.id);
  }
}
