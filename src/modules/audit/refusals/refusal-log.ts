import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, RequestContext } from '../../../context/index.js';
import { AuthDb } from '../../../database/index.js';
import { AuditTrail } from '../audit-trail.js';
import { type Refusal, type RefusalRow, rowOf } from './refusal.js';
import { RefusalQueue } from './refusal-queue.js';
import { RefusalSampling } from './refusal-sampling.js';

export type { Refusal };

const DRAIN_MS = 5_000;

/**
 * What did not happen, and who tried. Written a moment later, in transactions of its own, so that it outlives the rollback
 * and holds up no answer. What waits in memory is lost when the process is killed.
 */
@Injectable()
export class RefusalLog implements OnApplicationShutdown {
  private readonly logger = new Logger('Refusals');
  private readonly sampling = new RefusalSampling();
  private readonly queue: RefusalQueue;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly context: RequestContext,
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
    db: AuthDb,
  ) {
    this.queue = new RefusalQueue(db, clock, (row) => this.overflow(row));
  }

  /** Takes note of a refusal; the pipeline then adds none for this request. Never throws and never waits. */
  note(refusal: Refusal): void {
    try {
      const state = this.context.stateOrUndefined;
      if (state) state.refused = true;
      this.endWindows(performance.now());
      const row = rowOf(refusal, this.request(), this.clock.now());
      if (this.sampling.admit(row, performance.now())) this.enqueue(row);
      this.watchWindows();
    } catch (error) {
      this.logger.error(`a refusal is not in the audit log: ${(error as Error).message}`);
    }
  }

  /** Writes what waits, now: for whoever is about to look. Never rejects. */
  flush(): Promise<void> {
    return this.queue.flush();
  }

  /** Writes everything, counts of open windows among it: behind the last request, and before Nest closes the pools. */
  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.queue.close();
    let limit: NodeJS.Timeout | undefined;
    const over = new Promise((resolve) => (limit = setTimeout(resolve, DRAIN_MS).unref()));
    await Promise.race([this.drain(), over]);
    clearTimeout(limit);
    const lost = this.sampling.ended(Infinity).reduce((sum, { count }) => sum + count, this.queue.waiting);
    if (lost > 0) this.logger.error(`${lost} refusals are not in the audit log: it could not be written`);
  }

  /** In rounds, as much at a time as the queue has room for, until all is written or nothing can be. */
  private async drain(): Promise<void> {
    do {
      await this.queue.flush();
      this.endWindows(Infinity);
      await this.queue.flush();
    } while (this.queue.waiting === 0 && this.sampling.nextEnd !== undefined);
  }

  private request(): Record<string, unknown> {
    try {
      return JSON.parse(this.trail.request()) as Record<string, unknown>;
    } catch {
      return {}; // a socket that is gone has no address
    }
  }

  private enqueue(row: RefusalRow): void {
    if (!this.queue.push(row)) this.overflow(row);
  }

  private overflow(row: RefusalRow): void {
    this.sampling.overflow(row, performance.now());
    this.watchWindows();
  }

  private endWindows(now: number): void {
    for (const row of this.sampling.ended(now)) this.enqueue(row);
  }

  private watchWindows(): void {
    const end = this.sampling.nextEnd;
    if (end === undefined || this.timer || this.closed) return;
    const work = (): void => {
      this.timer = undefined;
      this.endWindows(performance.now());
      this.watchWindows();
    };
    this.timer = setTimeout(work, Math.max(1, Math.ceil(end - performance.now()))).unref();
  }
}
