import { Injectable } from '@nestjs/common';
import { type Principal, RequestContext, type Unit } from '../../../context/index.js';
import { TenantDb, TenantTransactions } from '../../../database/index.js';
import { permissionMissing } from '../../../errors/index.js';
import { AuditTrail } from '../../audit/index.js';
import type { JobDefinition, JobResult, JobRun } from './define-job.js';
import { JobInterruptedError } from './failure.js';
import type { Begun, Delivery } from './job-rows.repository.js';

export interface Try {
  delivery: Delivery;
  job: JobDefinition;
  begun: Begun;
  /** aborted when the job is not this process's any more */
  signal: AbortSignal;
}

type Work = (run: JobRun) => Promise<JobResult>;

/** What one try has done so far. */
interface Progress {
  principal: Principal;
  /** of the transactions that are open */
  units: Set<Unit>;
  /** whether the handler has recorded something */
  recorded: boolean;
  signal: AbortSignal;
}

/**
 * The transactions of a job: ordinary ones of its tenant, entered with the capability that the try was given. The last one
 * says that the job is done (app.finish_job), which the database refuses to a try that is not the job's any more.
 */
@Injectable()
export class Runs {
  constructor(
    private readonly transactions: TenantTransactions,
    private readonly context: RequestContext,
    private readonly db: TenantDb,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws JobInterruptedError when its time is over or the signal is aborted: then nothing more of it is committed */
  async run(one: Try, work: Work): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new JobInterruptedError('timeout')), one.job.timeoutSeconds * 1000);
    const lose = (): void => limit.abort(new JobInterruptedError('interrupted'));
    one.signal.addEventListener('abort', lose, { once: true });
    if (one.signal.aborted) lose();
    try {
      await this.until(limit.signal, one, work);
    } finally {
      clearTimeout(timer);
      one.signal.removeEventListener('abort', lose);
    }
  }

  private async until(signal: AbortSignal, one: Try, work: Work): Promise<void> {
    const progress: Progress = { principal: principalOf(one), units: new Set(), recorded: false, signal };
    const ended = this.work(one, progress, work);
    ended.catch(() => undefined); // an interrupted one is heard no more
    let interrupt = (): void => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = () => {
        const reason = signal.reason as JobInterruptedError;
        for (const unit of progress.units) void unit.rollback(reason);
        reject(reason);
      };
      signal.addEventListener('abort', interrupt, { once: true });
      if (signal.aborted) interrupt();
    });
    await Promise.race([ended, interrupted]).finally(() => signal.removeEventListener('abort', interrupt));
  }

  private async work(one: Try, progress: Progress, work: Work): Promise<void> {
    const { job, begun, delivery } = one;
    const run: JobRun = {
      id: delivery.jobId,
      attempt: begun.attempt,
      idempotencyKey: delivery.jobId,
      signal: progress.signal,
      run: (inside) => this.inTenant(job, progress, inside),
    };
    if (job.transaction === 'tenant')
      return this.inTenant(job, progress, async () => this.finish(job, progress, await work(run)));
    const note = await work(run);
    await this.inTenant(job, progress, () => this.finish(job, progress, note));
  }

  private async inTenant<T>(job: JobDefinition, progress: Progress, work: () => Promise<T>): Promise<T> {
    progress.signal.throwIfAborted();
    let unit: Unit | undefined;
    try {
      return await this.transactions.run(progress.principal, async () => {
        const { state } = this.context;
        unit = state.unit;
        if (unit) progress.units.add(unit);
        await this.demandAll(job);
        const result = await work();
        progress.recorded ||= state.audited;
        progress.signal.throwIfAborted();
        return result;
      });
    } finally {
      if (unit?.ended) progress.units.delete(unit);
    }
  }

  /** @throws DomainError 403 for a permission that its person does not have any more */
  private async demandAll({ permissions }: JobDefinition): Promise<void> {
    const caller = await this.db.caller();
    const missing = permissions.find(({ code }) => !caller.permissions.has(code));
    if (missing) throw permissionMissing(missing.code);
  }

  private async finish({ action }: JobDefinition, progress: Progress, note: JobResult): Promise<void> {
    const recorded = progress.recorded || this.context.state.audited;
    if (action && !recorded) await this.trail.record(action, note ?? {});
    await this.db.query('select app.finish_job()');
  }
}

function principalOf({ delivery, begun }: Try): Principal {
  const { tenantId, jobId } = delivery;
  return {
    userId: begun.actorId,
    sessionId: jobId,
    tenantId,
    permissions: undefined,
    aal: begun.aal >= 2 ? 'aal2' : 'aal1',
    minAal: 'aal1',
    authTime: 0,
    cap: begun.cap,
    job: true,
    claims: JSON.stringify({ tenant_id: tenantId }),
  };
}
