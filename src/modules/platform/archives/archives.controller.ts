import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AnswerHeaders, ApiProblems, Audited, OperatorOnly, PRIVATE, reply, type Reply } from '../../../route/index.js';
import { ErasurePath, EraseTenantRequest, PlatformTenantPath, TenantExportPath } from '../dto/requests.js';
import { ArchiveAccepted, TenantErasureView, TenantExportView } from '../dto/responses.js';
import { PlatformActions } from '../platform.actions.js';
import { ArchivesService } from './archives.service.js';

@ApiTags('Platform')
@Controller('v1/platform')
export class ArchivesController {
  constructor(private readonly archives: ArchivesService) {}

  @Post('tenants/:id/exports')
  @HttpCode(202)
  @OperatorOnly()
  @Audited(PlatformActions.tenantExportRequested)
  @AnswerHeaders('Location')
  @ApiOperation({
    operationId: 'exportTenant',
    summary: 'Have a tenant exported, whole',
    description:
      'A worker does it as whoever asked, if they are an operator by then. The archive is kept for 7 days. ' +
      'While an export or an erasure of the tenant is under way, it is 409 `tenant_archive_under_way`.',
  })
  @ApiAcceptedResponse({ type: ArchiveAccepted })
  @ApiProblems(404, 409)
  async requestExport(@Param() { id }: PlatformTenantPath): Promise<Reply<ArchiveAccepted>> {
    const made = await this.archives.requestExport(id);
    return reply(made, { Location: `/v1/platform/tenants/${id}/exports/${made.id}` });
  }

  @Get('tenants/:id/exports/:exportId')
  @OperatorOnly()
  @Audited(PlatformActions.tenantExportRead)
  @ApiOperation({
    operationId: 'getTenantExport',
    summary: 'Read how an export goes',
    description: 'Ask until it is `done` or `failed`; then download it before `expiresAt`.',
  })
  @ApiOkResponse({ type: TenantExportView })
  @ApiProblems(404)
  getExport(@Param() path: TenantExportPath): Promise<TenantExportView> {
    return this.archives.getExport(path);
  }

  @Get('tenants/:id/exports/:exportId/download')
  @HttpCode(303)
  @OperatorOnly()
  @Audited(PlatformActions.tenantExportDownloaded)
  @AnswerHeaders('Location')
  @ApiOperation({
    operationId: 'downloadTenantExport',
    summary: 'Get a URL for the archive of an export',
    description: 'It is for whoever asked, and good for a minute unless the installation says otherwise.',
  })
  @ApiResponse({ status: 303, description: 'Location: where the archive is.' })
  @ApiProblems(404, 409, 410)
  async download(@Param() path: TenantExportPath): Promise<Reply<undefined>> {
    return reply(undefined, { ...PRIVATE, Location: await this.archives.download(path) });
  }

  @Post('tenants/:id/erasure')
  @HttpCode(202)
  @OperatorOnly()
  @Audited(PlatformActions.tenantErasureRequested)
  @AnswerHeaders('Location')
  @ApiOperation({
    operationId: 'eraseTenant',
    summary: 'Have a suspended tenant erased, for good',
    description: 'As an export: by a worker, as whoever asked. What went is certified.',
  })
  @ApiAcceptedResponse({ type: ArchiveAccepted })
  @ApiProblems(404, 409, 422)
  async requestErasure(
    @Param() { id }: PlatformTenantPath,
    @Body() body: EraseTenantRequest,
  ): Promise<Reply<ArchiveAccepted>> {
    const made = await this.archives.requestErasure(id, body);
    return reply(made, { Location: `/v1/platform/erasures/${made.id}` });
  }

  @Get('erasures/:id')
  @OperatorOnly()
  @Audited(PlatformActions.tenantErasureRead)
  @ApiOperation({
    operationId: 'getTenantErasure',
    summary: 'Read how an erasure goes, and its certificate',
    description: 'The certificate says what went and what stays. It is kept when nothing else of the tenant is.',
  })
  @ApiOkResponse({ type: TenantErasureView })
  @ApiProblems(404)
  getErasure(@Param() { id }: ErasurePath): Promise<TenantErasureView> {
    return this.archives.getErasure(id);
  }
}
