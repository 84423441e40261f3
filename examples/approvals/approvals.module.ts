import { Module } from '@nestjs/common';
import { JobsModule } from '../../src/modules/jobs/index.js';
import { ApprovalLimitsController } from './approval-limits.controller.js';
import { ApprovalsController } from './approvals.controller.js';
import { ApprovalFeed } from './approvals.feed.js';
import { ApprovalReminder } from './approvals.reminder.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { ApprovalsService } from './approvals.service.js';

/** Somebody asks, somebody else decides. An example of a feature whose rules are its own. */
@Module({
  imports: [JobsModule],
  controllers: [ApprovalsController, ApprovalLimitsController],
  providers: [ApprovalsService, ApprovalsRepository, ApprovalReminder, ApprovalFeed],
})
export class ApprovalsModule {}
