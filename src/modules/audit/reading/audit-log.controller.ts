import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import {
  ApiProblems,
  nextLink,
  type Page,
  PRIVATE,
  reply,
  type Reply,
  RequirePermission,
} from '../../../route/index.js';
import { AuditPermissions } from '../audit.permissions.js';
import { AuditLogService } from './audit-log.service.js';
import { AuditEntryPath, ListAuditQuery } from './dto/requests.js';
import { AuditEntryDetail, AuditEntryPage, type AuditEntryView, AuditProofView } from './dto/responses.js';
import { ProofsService } from './proofs.service.js';

@ApiTags('Audit')
@Controller('v1/audit-log')
export class AuditLogController {
  constructor(
    private readonly log: AuditLogService,
    private readonly proofs: ProofsService,
  ) {}

  @Get()
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'listAuditLog',
    summary: 'List what was done in this tenant, newest first',
    description: 'Refusals and failures are there, too, and what operators of the installation did to this tenant.',
  })
  @ApiOkResponse({ type: AuditEntryPage })
  async list(@Query() query: ListAuditQuery, @Req() request: Request): Promise<Reply<Page<AuditEntryView>>> {
    const page = await this.log.list(query);
    return reply(page, { ...PRIVATE, ...nextLink(request, page.nextCursor) });
  }

  @Get(':id')
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'getAuditEntry',
    summary: 'Read an entry, with every row that changed with it',
    description: 'What changed stands there as it was before and after, with secrets masked.',
  })
  @ApiOkResponse({ type: AuditEntryDetail })
  @ApiProblems(404)
  async get(@Param() path: AuditEntryPath): Promise<Reply<AuditEntryDetail>> {
    return reply(await this.log.get(path.id), PRIVATE);
  }

  @Get(':id/proof')
  @RequirePermission(AuditPermissions.read)
  @ApiOperation({
    operationId: 'proveAuditEntry',
    summary: 'Prove that an entry is in the log that the latest checkpoint signs',
    description: '409 `not_sealed_yet` in the first second or so of an entry: Retry-After says when to ask again.',
  })
  @ApiOkResponse({ type: AuditProofView })
  @ApiProblems(404, 409)
  prove(@Param() path: AuditEntryPath): Promise<AuditProofView> {
    return this.proofs.inclusion(path.id);
  }
}
