import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AnswerHeaders,
  AnswersSecret,
  ApiProblems,
  Audited,
  Limited,
  PRIVATE,
  reply,
  type Reply,
  RequirePermission,
} from '../../route/index.js';
import { CompletionService } from './completion.service.js';
import { CompleteFileRequest, CreateFileRequest, FilePath, VersionRequest } from './dto/requests.js';
import { AnnouncedFile, FileView } from './dto/responses.js';
import { FileActions } from './files.actions.js';
import { FilePermissions } from './files.permissions.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('Files')
@Controller('v1/files')
export class UploadsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly completion: CompletionService,
  ) {}

  @Post()
  @RequirePermission(FilePermissions.create)
  @Limited({ perMinute: 120 })
  @Audited(FileActions.created)
  @AnswerHeaders('Location')
  @AnswersSecret('Announce it again, with a new key: what is never uploaded goes by itself.')
  @ApiOperation({
    operationId: 'createFile',
    summary: 'Announce a file of a record, and get the URL to upload it to',
    description: 'Send the bytes as the answer says, then complete the file. It needs the right to change the record.',
  })
  @ApiCreatedResponse({ type: AnnouncedFile })
  @ApiProblems(404, 409, 422)
  async create(@Body() body: CreateFileRequest): Promise<Reply<AnnouncedFile>> {
    const made = await this.uploads.create(body);
    return reply(made, { ...PRIVATE, Location: `/v1/files/${made.id}` });
  }

  @Post(':id/versions')
  @RequirePermission(FilePermissions.create)
  @Audited(FileActions.versionAdded)
  @AnswersSecret('Announce it again, with a new key: what is never uploaded goes by itself.')
  @ApiOperation({
    operationId: 'addFileVersion',
    summary: 'Announce a further version of a file',
    description: 'What is offered changes when it is completed, and not before.',
  })
  @ApiCreatedResponse({ type: AnnouncedFile })
  @ApiProblems(404, 409, 422)
  async addVersion(@Param() path: FilePath, @Body() body: VersionRequest): Promise<Reply<AnnouncedFile>> {
    return reply(await this.uploads.addVersion(path.id, body), PRIVATE);
  }

  @Post(':id/complete')
  @HttpCode(200)
  @RequirePermission(FilePermissions.create)
  @Audited(FileActions.completed)
  @ApiOperation({
    operationId: 'completeFile',
    summary: 'Say that the bytes are uploaded',
    description:
      'They are read and compared with what was announced: size, SHA-256 and type. If they are something else (422), they ' +
      'are discarded, and so is the version. Where an antivirus scanner is set up, the file is quarantined until it is clean.',
  })
  @ApiBody({ type: CompleteFileRequest, required: false })
  @ApiOkResponse({ type: FileView })
  @ApiProblems(404, 409, 422)
  complete(@Param() path: FilePath, @Body() body: CompleteFileRequest): Promise<FileView> {
    return this.completion.complete(path.id, body);
  }
}
