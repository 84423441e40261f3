import { Injectable, Logger } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { type Principal, RequestContext, RequestState } from '../../../context/index.js';
import { TenantDb, TenantTransactions } from '../../../database/index.js';
import { aal2Required, permissionMissing } from '../../../errors/index.js';
import { AuditActions } from '../audit.actions.js';
import { AuditPermissions } from '../audit.permissions.js';
import { AuditTrail } from '../audit-trail.js';
import { VerifierKeys } from '../proof/verifier-keys.js';
import { exportDetails } from './export-lines.js';
import { type ExportBatch, exportOf, type LogSource, type OnFault } from './log-export.js';
import { batchOf, headOf } from './log-statements.js';

/** Beyond these, one export tells no more in the server's log. */
const FAULTS_TOLD = 10;

@Injectable()
export class ExportsService {
  private readonly logger = new Logger('AuditExport');

  constructor(
    private readonly db: TenantDb,
    private readonly transactions: TenantTransactions,
    private readonly context: RequestContext,
    private readonly held: VerifierKeys,
    private readonly trail: AuditTrail,
  ) {}

  /**
   * The whole log of the caller's tenant, as it is now; that it was exported, and how far, is on record first. What is asked of the database later is asked as the caller, in
   * transactions of its own: whoever may not read any more gets no further line.
   * @throws DomainError 403 without the right to read: the fence would show an empty log
   */
  async start(): Promise<{ tenantId: string; pieces: AsyncGenerator<Buffer, void> }> {
    const { principal } = this.context;
    const { tenantId } = await this.admitted();
    const head = await headOf((text, values) => this.db.query(text, values), tenantId);
    await this.trail.record(AuditActions.exported, { details: exportDetails(head) });
    const keys = [...new Set([...this.held.all(), ...head.keys])];
    const source: LogSource = { read: (from, to) => this.readAs(principal, tenantId, [from, to]) };
    return { tenantId, pieces: exportOf({ ...head, keys }, source, this.faults(tenantId)) };
  }

  private readAs(principal: Principal, tenantId: string, range: [number, number]): Promise<ExportBatch> {
    const fresh = new RequestState(randomUUID(), randomBytes(16).toString('hex')); // the request's own unit has ended
    return this.context.run(fresh, () =>
      this.transactions.run(principal, async () => {
        const batch = await batchOf((text, values) => this.db.query(text, values), 'caller', tenantId, range);
        await this.admitted();
        return batch;
      }),
    );
  }

  /** Who is calling, as the database sees it in this transaction. @throws DomainError 403 */
  private async admitted(): Promise<{ tenantId: string }> {
    const caller = await this.db.caller();
    for (const { code } of [AuditPermissions.read, AuditPermissions.export])
      if (!caller.permissions.has(code)) throw permissionMissing(code);
    if (caller.aal !== 'aal2') throw aal2Required('An export needs your second factor: POST /v1/auth/mfa/verify.');
    return caller;
  }

  private faults(tenantId: string): OnFault {
    let told = 0;
    return (seq, what) => {
      if (told++ < FAULTS_TOLD) this.logger.error(`row ${seq} of the log of ${tenantId} is ${what}: verify an export`);
    };
  }
}
