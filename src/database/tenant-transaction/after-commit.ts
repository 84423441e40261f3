import { Injectable, Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestContext } from '../../context/index.js';
import { describeError, toldError } from '../../errors/index.js';

/** What somebody wants done once a transaction is committed. Its result is nobody's. */
export type Afterwards = () => unknown;

/** How long the end of the process waits for what is under way, milliseconds. */
const DRAIN_MS = 1_000;

/**
 * Does what TenantDb.afterCommit was given, behind the answer. It is kept in memory alone: a process that is killed loses
 * it, so what must not be lost is a job.
 */
@Injectable()
export class AfterCommit {
  private readonly logger = new Logger('AfterCommit');
  private readonly pending = new Set<Promise<void>>();
  /** since the process started */
  readonly counts = { done: 0, failed: 0 };

  constructor(private readonly context: RequestContext) {}

  /** Starts all of them in a later turn of the event loop, outside of any request. Never throws. */
  start(works: readonly Afterwards[]): void {
    for (const work of works) {
      const one = this.context.outside(() => this.once(work)).finally(() => this.pending.delete(one));
      this.pending.add(one);
    }
  }

  /** Ends when all of it has, or when that takes too long: then it says how many were given up. */
  async drain(within = DRAIN_MS): Promise<void> {
    const limit = AbortSignal.timeout(within);
    const over = new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true }));
    while (this.pending.size > 0 && !limit.aborted) await Promise.race([Promise.all(this.pending), over]);
    if (this.pending.size > 0) this.logger.error(`${this.pending.size} were still under way at the end of the process`);
  }

  private async once(work: Afterwards): Promise<void> {
    await nextTurn(); // the answer goes out first
    try {
      await work();
      this.counts.done += 1;
    } catch (error) {
      this.counts.failed += 1;
      this.logger.error(`what follows a commit failed: ${toldError(error)}`, describeError(error).frames);
    }
  }
}
