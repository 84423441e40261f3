import { Controller, Get, Logger, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import {
  AnswerHeaders,
  Audited,
  Limited,
  PRIVATE,
  reply,
  type Reply,
  RequireAal2,
  RequirePermission,
} from '../../../route/index.js';
import { AuditActions } from '../audit.actions.js';
import { AuditPermissions } from '../audit.permissions.js';
import { ExportsService } from './exports.service.js';

const NDJSON = 'application/x-ndjson';

@ApiTags('Audit')
@Controller('v1/audit-log/export')
export class ExportController {
  private readonly logger = new Logger('AuditExport');

  constructor(private readonly exports: ExportsService) {}

  @Get()
  @RequirePermission(AuditPermissions.export)
  @RequireAal2()
  @Limited({ perMinute: 6 })
  @Audited(AuditActions.exported)
  @AnswerHeaders('Content-Disposition')
  @ApiOperation({
    operationId: 'exportAuditLog',
    summary: 'Export the whole log, with what proves it',
    description:
      'A stream of JSON lines (docs/audit-format.md), up to the latest checkpoint. It needs audit:read, too. One that ' +
      'lacks its last line, `end`, was cut: because the caller may not read any more, or because something failed.',
  })
  @ApiOkResponse({ content: { [NDJSON]: { schema: { type: 'string' } } } })
  async export(): Promise<Reply<StreamableFile>> {
    const { tenantId, pieces } = await this.exports.start();
    const day = new Date().toISOString().slice(0, 10);
    const disposition = `attachment; filename="audit-${tenantId}-${day}.ndjson"`;
    const stream = Readable.from(pieces, { objectMode: false });
    const file = new StreamableFile(stream, { type: NDJSON, disposition });
    // a failure breaks the connection: a clean end would look like the end of the log
    file.setErrorHandler((error, response) => {
      this.logger.warn(`the export of ${tenantId} was broken off: ${error.message}`);
      (response as unknown as Response).destroy();
    });
    return reply(file, PRIVATE);
  }
}
