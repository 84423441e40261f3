import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../src/modules/audit/index.js';
import { defineJob, JobHandler, type JobRunner } from '../../src/modules/jobs/index.js';
import { UuidField } from '../../src/route/index.js';
import { ApprovalActions } from './approvals.actions.js';
import { ApprovalPermissions } from './approvals.permissions.js';
import { ApprovalsRepository } from './approvals.repository.js';

export class RemindPayload {
  @UuidField()
  approvalId!: string;
}

export const RemindOfApproval = defineJob({
  kind: 'approval.remind',
  permissions: [ApprovalPermissions.read],
  payload: RemindPayload,
});

/** Notes that an approval still waits. As whoever asked: it sees what they see, and may do what they may. */
@JobHandler(RemindOfApproval)
@Injectable()
export class ApprovalReminder implements JobRunner<RemindPayload> {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly trail: AuditTrail,
  ) {}

  async run({ approvalId }: RemindPayload): Promise<void> {
    const approval = await this.approvals.find(approvalId);
    if (approval?.status === 'pending') await this.trail.record(ApprovalActions.reminded, { targetId: approvalId });
  }
}
