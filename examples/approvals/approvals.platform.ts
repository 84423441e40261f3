import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PlatformDb, type PlatformFeature } from '../../src/modules/platform/index.js';
import { Audited, defineAuditActions, OperatorOnly } from '../../src/route/index.js';
import { WaitingView } from './approvals.dto.js';

export const ApprovalPlatformActions = defineAuditActions(
  'platform',
  { waitingApprovalsRead: 'Read how many approvals wait in each tenant' },
  { targetType: 'tenant' },
);

const WAITING = `select tenant_id as "tenantId", count(*)::int as waiting from app.approvals
  where status = 'pending' group by 1 order by 2 desc, 1 limit 100`;

@Injectable()
class WaitingApprovals {
  constructor(private readonly db: PlatformDb) {}

  read(): Promise<WaitingView[]> {
    return this.db.transaction(async ({ client, operatorId, audit }) => {
      await audit.record(client, ApprovalPlatformActions.waitingApprovalsRead, { operatorId });
      return client.query<WaitingView>(WAITING);
    });
  }
}

@ApiTags('Platform')
@Controller('v1/platform/waiting-approvals')
class WaitingApprovalsController {
  constructor(private readonly waiting: WaitingApprovals) {}

  @Get()
  @OperatorOnly()
  @Audited(ApprovalPlatformActions.waitingApprovalsRead)
  @ApiOperation({ operationId: 'listWaitingApprovals', summary: 'How many approvals wait in each tenant' })
  @ApiOkResponse({ type: [WaitingView] })
  list(): Promise<WaitingView[]> {
    return this.waiting.read();
  }
}

export const approvalsPlatform: PlatformFeature = {
  controllers: [WaitingApprovalsController],
  providers: [WaitingApprovals],
};
