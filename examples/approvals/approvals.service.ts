import { Injectable } from '@nestjs/common';
import { RequestContext } from '../../src/context/index.js';
import { TenantDb } from '../../src/database/index.js';
import { aal2Required, notFound } from '../../src/errors/index.js';
import { Jobs } from '../../src/modules/jobs/index.js';
import type { ApprovalLimitView, ApprovalView, AskApprovalRequest, Verdict } from './approvals.dto.js';
import { ApprovalFeed } from './approvals.feed.js';
import { approvalDecided, approvalOwn } from './approvals.problems.js';
import { RemindOfApproval } from './approvals.reminder.js';
import { ApprovalsRepository } from './approvals.repository.js';

const A_DAY = 86_400;

@Injectable()
export class ApprovalsService {
  constructor(
    private readonly approvals: ApprovalsRepository,
    private readonly jobs: Jobs,
    private readonly feed: ApprovalFeed,
    private readonly db: TenantDb,
    private readonly context: RequestContext,
  ) {}

  async ask(request: AskApprovalRequest): Promise<ApprovalView> {
    const made = await this.approvals.ask(request);
    await this.jobs.enqueue(RemindOfApproval, { approvalId: made.id }, { key: made.id, delaySeconds: A_DAY });
    return made;
  }

  /** @throws DomainError 404 for one that is not there or not visible */
  async get(id: string): Promise<ApprovalView> {
    const found = await this.approvals.find(id);
    if (!found) throw notFound();
    return found;
  }

  /** @throws DomainError 404 invisible, 403 one's own or too large for AAL1, 409 decided */
  async decide(id: string, verdict: Verdict): Promise<ApprovalView> {
    const decided = await this.approvals.decide(id, verdict);
    if (!decided) return this.refuse(id);
    this.db.afterCommit(() => this.feed.decided.next({ approvalId: id, verdict }));
    return decided;
  }

  limits(): Promise<ApprovalLimitView[]> {
    return this.approvals.limits();
  }

  /** The table has refused in silence; this says why. */
  private async refuse(id: string): Promise<never> {
    const { status, askedBy } = await this.get(id);
    if (status !== 'pending') throw approvalDecided();
    if (askedBy === this.context.principal.userId) throw approvalOwn();
    throw aal2Required('An approval above the limit needs your second factor: POST /v1/auth/mfa/verify.');
  }
}
