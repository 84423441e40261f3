import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { RequestContext, RequestState, type Principal } from '../../context/index.js';
import { isRetryable } from '../sqlstate.js';
import { TenantDb } from './tenant-db.js';
import type { UnitOfWork } from './unit-of-work.js';

export interface RunOptions {
  /**
   * How often the whole unit may be run again after a serialisation failure or a deadlock (40001, 40P01). Only where
   * running `work` twice does no harm outside the database. Default 0.
   */
  retries?: number;
}

/** Opens units of work for code that no HTTP request started: jobs, scripts, tests. */
@Injectable()
export class TenantTransactions {
  constructor(
    private readonly context: RequestContext,
    private readonly db: TenantDb,
  ) {}

  /**
   * Runs `work` in a transaction as `principal` and commits. Inside a unit of the same capability it joins that unit;
   * inside one of another it refuses, since one transaction has one caller.
   */
  async run<T>(principal: Principal, work: () => Promise<T>, options: RunOptions = {}): Promise<T> {
    const outer = this.context.stateOrUndefined;
    if (outer?.unit) {
      if (outer.principal?.cap !== principal.cap) throw new Error('a unit of another caller is already open here');
      return work();
    }
    for (let left = options.retries ?? 0; ; left -= 1) {
      try {
        return await this.once(principal, work);
      } catch (error) {
        if (left <= 0 || !isRetryable(error)) throw error;
      }
    }
  }

  /**
   * For a request that does something slow between two transactions: runs `work` in one of its own, as the caller, and
   * commits before it answers. What the request did before is committed first, so that no transaction stays open, and with it
   * that the request's Idempotency-Key is in use. An entry that `work` records in the audit log is the request's.
   * @throws Error in a job: what it commits apart from the statement that it is done, its next try would do again
   */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    const { state } = this.context;
    if (state.principal?.job)
      throw new Error("a job has no transaction apart: give it `transaction: 'none'` and use job.run(...)");
    const { unit, lease } = state;
    state.unit = undefined;
    const leased = lease && !lease.taken ? [lease.statement] : [];
    if (lease) lease.taken = true;
    await (unit as UnitOfWork | undefined)?.commit(...leased);
    const own = new RequestState(state.requestId, state.traceId, state.origin);
    Object.assign(own, { principal: state.principal, demand: state.demand });
    const result = await this.within(own, work);
    state.audited ||= own.audited;
    return result;
  }

  private once<T>(principal: Principal, work: () => Promise<T>): Promise<T> {
    const state = new RequestState(randomUUID(), randomBytes(16).toString('hex'));
    state.principal = principal;
    return this.within(state, work);
  }

  private within<T>(state: RequestState, work: () => Promise<T>): Promise<T> {
    return this.context.run(state, async () => {
      const unit = this.db.begin();
      try {
        const result = await work();
        await unit.commit();
        return result;
      } catch (error) {
        await unit.rollback();
        throw error;
      }
    });
  }
}
