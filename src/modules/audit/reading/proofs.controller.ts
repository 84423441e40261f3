import { Controller, Get, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  AnswerHeaders,
  ApiProblems,
  nextLink,
  type Page,
  PageQuery,
  reply,
  type Reply,
  RequirePermission,
} from '../../../route/index.js';
import { AuditPermissions } from '../audit.permissions.js';
import { ConsistencyQuery } from './dto/requests.js';
import { AuditCheckpointPage, type AuditCheckpointView, AuditConsistencyView, AuditKeyList } from './dto/responses.js';
import { ProofsService } from './proofs.service.js';
import { VERIFIER_NAME, verifierFile } from './verifier-file.js';

/** What is no entry. Stands before the entries' controller, whose `:id` would take these words. */
@ApiTags('Audit')
@Controller('v1/audit-log')
export class ProofsController {
  constructor(private readonly proofs: ProofsService) {}

  @Get('checkpoints')
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'listAuditCheckpoints',
    summary: 'List the signed checkpoints of the log, newest first',
    description: 'Whoever keeps one elsewhere can show later that nothing it covers has changed.',
  })
  @ApiOkResponse({ type: AuditCheckpointPage })
  async checkpoints(@Query() query: PageQuery, @Req() request: Request): Promise<Reply<Page<AuditCheckpointView>>> {
    const page = await this.proofs.checkpoints(query);
    return reply(page, nextLink(request, page.nextCursor));
  }

  @Get('consistency')
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'proveAuditConsistency',
    summary: 'Prove that the log of one size begins with the log of a smaller one',
    description: 'A consistency proof (RFC 9162 section 2.1.4), for whoever kept an older checkpoint.',
  })
  @ApiOkResponse({ type: AuditConsistencyView })
  @ApiProblems(422)
  consistency(@Query() query: ConsistencyQuery): Promise<AuditConsistencyView> {
    return this.proofs.consistency(query);
  }

  @Get('keys')
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'listAuditKeys',
    summary: 'List the keys that checkpoints are verified with',
    description: 'Compare them with keys that you were given in another way: a log proves nothing about its own keys.',
  })
  @ApiOkResponse({ type: AuditKeyList })
  keys(): Promise<AuditKeyList> {
    return this.proofs.keys();
  }

  @Get('verifier')
  @RequirePermission(AuditPermissions.read)
  @AnswerHeaders('Content-Disposition')
  @ApiOperation({
    operationId: 'downloadAuditVerifier',
    summary: 'Download the program that checks an export offline: one file for Node, without dependencies',
    description:
      'It is the same file in every installation of a version. Take it from elsewhere if you trust this server as little as its log.',
  })
  @ApiOkResponse({ content: { 'text/javascript': { schema: { type: 'string' } } } })
  async verifier(): Promise<StreamableFile> {
    const disposition = `attachment; filename="${VERIFIER_NAME}"`;
    return new StreamableFile(await verifierFile(), { type: 'text/javascript; charset=utf-8', disposition });
  }
}
