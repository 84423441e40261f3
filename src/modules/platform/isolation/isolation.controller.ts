import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited, OperatorOnly, PRIVATE, reply, type Reply } from '../../../route/index.js';
import { IsolationReportView } from '../dto/isolation.js';
import { PlatformActions } from '../platform.actions.js';
import { IsolationService } from './isolation.service.js';

@ApiTags('Platform')
@Controller('v1/platform/isolation')
export class IsolationController {
  constructor(private readonly isolation: IsolationService) {}

  @Get()
  @OperatorOnly()
  @Audited(PlatformActions.isolationRead)
  @ApiOperation({
    operationId: 'getIsolationReport',
    summary: 'Have the database examined',
    description:
      'The report of `ringfence doctor` on the live catalogue: row level security, fences, roles, functions, drift. ' +
      'It takes a second or more. Reading it is recorded.',
  })
  @ApiOkResponse({ type: IsolationReportView })
  async read(): Promise<Reply<IsolationReportView>> {
    return reply(await this.isolation.report(), PRIVATE);
  }
}
