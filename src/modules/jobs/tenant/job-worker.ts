import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { JobMetrics } from '../job-metrics.js';
import { toldError, describeError } from '../../../errors/index.js';
import { DeferredError, type QueueMessage } from '../queue/queue-handler.js';
import { Queues } from '../queue/queues.js';
import { failureOf } from './failure.js';
import { type Handled, JobHandlers } from './job-handlers.js';
import { type Begun, type Delivery, JobRows } from './job-rows.repository.js';
import { readPayload } from './payload.js';
import { Runs } from './runs.js';

export const TENANT_QUEUE = 'tenant';
export const DEAD_LETTERS = 'tenant-dead';

/** Seconds until what is refused for now is asked for again. */
const LATER: Partial<Record<string, number>> = { busy: 2, tenant_suspended: 60 };

/** Does the jobs of tenants: takes one up, lets its handler do it as its person, and says how it went. */
@Injectable()
export class JobWorker implements OnModuleInit {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly config: Config,
    private readonly queues: Queues,
    private readonly handlers: JobHandlers,
    private readonly rows: JobRows,
    private readonly runs: Runs,
    private readonly metrics: JobMetrics,
  ) {}

  /** @throws JobHandlerError for a kind with two handlers, or in a process that works for one without */
  onModuleInit(): void {
    this.handlers.find(this.config.jobs === 'inline');
    const { JOBS_CONCURRENCY: concurrency, JOBS_PER_TENANT: perGroup } = this.config.env;
    this.queues.handle({ name: TENANT_QUEUE, concurrency, perGroup }, (message) => this.take(message));
    this.queues.handle({ name: DEAD_LETTERS, pollSeconds: 5 }, ({ data }) =>
      this.rows.bury(deliveryIn(data), 'worker_lost'),
    );
  }

  private async take(message: QueueMessage): Promise<void> {
    const delivery = deliveryIn(message.data);
    const handled = this.handlers.of(delivery.kind);
    if (!handled) return this.leave(delivery, message);
    const scopes = handled.job.permissions.map(({ code }) => code);
    const begun = await this.rows.begin(delivery, scopes, this.config.env.JOBS_PER_TENANT);
    const { refusal } = begun;
    if (refusal === 'over') return;
    const later = LATER[refusal ?? ''];
    if (later !== undefined) throw new DeferredError(later);
    const ended = this.metrics.begins(delivery.kind);
    if (refusal) {
      this.logger.warn(`${nameOf(delivery, begun)} is dead: ${refusal}`);
      return ended('dead');
    }
    try {
      await this.once(delivery, handled, begun, message.signal);
      ended('done');
    } catch (error) {
      const dead = await this.fail(delivery, begun, message, error);
      ended(dead ? 'dead' : 'failed');
      if (!dead) throw error;
    }
  }

  private async once(delivery: Delivery, { job, runner }: Handled, begun: Begun, signal: AbortSignal): Promise<void> {
    const payload = await readPayload(job, begun.payload);
    await this.runs.run({ delivery, job, begun, signal }, (run) => runner.run(payload, run));
  }

  /** @returns whether it is dead; otherwise the queue tries again */
  private async fail(delivery: Delivery, begun: Begun, message: QueueMessage, error: unknown): Promise<boolean> {
    const { code, permanent } = failureOf(error);
    const dead = permanent || (message.lastAttempt && code !== 'interrupted');
    const told = nameOf(delivery, begun);
    if (code === 'internal_error') this.logger.error(`${told}: ${toldError(error)}`, describeError(error).frames);
    else this.logger.debug(`${told}: ${code}`);
    if (dead) this.logger.warn(`${told} is dead: ${code}`);
    await this.rows.fail(delivery, begun.cap, code, dead);
    return dead;
  }

  /** Of a kind that this version does not know: another process may, so it is tried again. */
  private async leave(delivery: Delivery, { lastAttempt }: QueueMessage): Promise<void> {
    if (!lastAttempt) throw new Error(`nobody here does ${delivery.kind}`);
    await this.rows.bury(delivery, 'kind_unknown');
  }
}

const nameOf = ({ jobId, kind }: Delivery, { attempt }: Begun): string =>
  `job ${jobId} (${kind}) at attempt ${attempt}`;

function deliveryIn(data: QueueMessage['data']): Delivery {
  const { tenantId, jobId, kind, queuedAt } = data as unknown as Delivery;
  return { tenantId, jobId, kind, queuedAt };
}
