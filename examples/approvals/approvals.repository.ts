import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../src/database/index.js';
import type { ApprovalLimitView, ApprovalView, AskApprovalRequest, Verdict } from './approvals.dto.js';

const VIEW = 'id, subject, amount, currency, status, asked_by as "askedBy"';

/** Statements on approvals. None of them names a tenant: the fence does. */
@Injectable()
export class ApprovalsRepository {
  constructor(private readonly db: TenantDb) {}

  async ask({ subject, amount, currency }: AskApprovalRequest): Promise<ApprovalView> {
    const text = `insert into app.approvals (subject, amount, currency) values ($1, $2, $3) returning ${VIEW}`;
    const [made] = await this.db.query<ApprovalView>(text, [subject, amount, currency]);
    return made as ApprovalView;
  }

  async find(id: string): Promise<ApprovalView | undefined> {
    const [found] = await this.db.query<ApprovalView>(`select ${VIEW} from app.approvals where id = $1`, [id]);
    return found;
  }

  /** @returns undefined where a rule of the table forbids it */
  async decide(id: string, verdict: Verdict): Promise<ApprovalView | undefined> {
    const text = `update app.approvals set status = $2, decided_by = app.user_id() where id = $1 returning ${VIEW}`;
    const [decided] = await this.db.query<ApprovalView>(text, [id, verdict]);
    return decided;
  }

  limits(): Promise<ApprovalLimitView[]> {
    return this.db.query('select currency, amount from app.approval_limits order by currency');
  }
}
