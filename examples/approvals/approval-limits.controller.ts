import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited, Public } from '../../src/route/index.js';
import { ApprovalLimitView } from './approvals.dto.js';
import { ApprovalsService } from './approvals.service.js';

@ApiTags('Approvals')
@Controller('v1/approval-limits')
export class ApprovalLimitsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @Public()
  @Limited({ perMinute: 30 })
  @ApiOperation({ operationId: 'listApprovalLimits', summary: 'From which amount on an approval needs AAL2' })
  @ApiOkResponse({ type: [ApprovalLimitView] })
  list(): Promise<ApprovalLimitView[]> {
    return this.approvals.limits();
  }
}
