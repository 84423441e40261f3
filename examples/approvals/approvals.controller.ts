import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswerHeaders, ApiProblems, Audited, type Reply, reply, RequirePermission } from '../../src/route/index.js';
import { ApprovalActions } from './approvals.actions.js';
import { ApprovalPath, ApprovalView, AskApprovalRequest, DecideApprovalRequest } from './approvals.dto.js';
import { ApprovalPermissions } from './approvals.permissions.js';
import { ApprovalsService } from './approvals.service.js';

@ApiTags('Approvals')
@Controller('v1/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Post()
  @RequirePermission(ApprovalPermissions.create)
  @Audited(ApprovalActions.asked)
  @AnswerHeaders('Location')
  @ApiOperation({ operationId: 'askApproval', summary: 'Ask for an approval' })
  @ApiCreatedResponse({ type: ApprovalView })
  @ApiProblems(409)
  async ask(@Body() body: AskApprovalRequest): Promise<Reply<ApprovalView>> {
    const made = await this.approvals.ask(body);
    return reply(made, { Location: `/v1/approvals/${made.id}` });
  }

  @Get(':id')
  @RequirePermission(ApprovalPermissions.read)
  @ApiOperation({ operationId: 'getApproval', summary: 'Read an approval' })
  @ApiOkResponse({ type: ApprovalView })
  @ApiProblems(404)
  get(@Param() path: ApprovalPath): Promise<ApprovalView> {
    return this.approvals.get(path.id);
  }

  @Post(':id/decide')
  @HttpCode(200)
  @RequirePermission(ApprovalPermissions.decide)
  @Audited(ApprovalActions.decided)
  @ApiOperation({ operationId: 'decideApproval', summary: 'Decide on an approval that somebody else asked for' })
  @ApiOkResponse({ type: ApprovalView })
  @ApiProblems(404, 409)
  decide(@Param() path: ApprovalPath, @Body() body: DecideApprovalRequest): Promise<ApprovalView> {
    return this.approvals.decide(path.id, body.verdict);
  }
}
