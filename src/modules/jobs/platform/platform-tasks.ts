import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { describeError, toldError } from '../../../errors/index.js';
import { JobMetrics } from '../job-metrics.js';
import type { QueueMessage } from '../queue/queue-handler.js';
import { Queues } from '../queue/queues.js';
import { PLATFORM_TASK, type PlatformTaskRunner, type TaskPlan } from './platform-task.js';

export const PLATFORM_QUEUE = 'platform';

/** Runs the tasks of the installation when they are due. */
@Injectable()
export class PlatformTasks implements OnModuleInit {
  private readonly logger = new Logger('Tasks');
  private readonly tasks = new Map<string, PlatformTaskRunner>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly queues: Queues,
    private readonly metrics: JobMetrics,
  ) {}

  /** @throws Error for a name that two tasks have */
  onModuleInit(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      const plan = metatype ? (Reflect.getMetadata(PLATFORM_TASK, metatype) as TaskPlan | undefined) : undefined;
      if (!plan || this.tasks.get(plan.name) === instance) continue;
      if (!/^[a-z_]+(\.[a-z_]+)+$/.test(plan.name)) throw new Error(`task ${plan.name}: write it as what.verb`);
      if (this.tasks.has(plan.name)) throw new Error(`task ${plan.name} is there twice`);
      this.tasks.set(plan.name, instance as PlatformTaskRunner);
      this.queues.schedule(PLATFORM_QUEUE, plan.name, plan.cron);
    }
    this.queues.handle({ name: PLATFORM_QUEUE, concurrency: 2, pollSeconds: 5 }, (message) => this.run(message));
  }

  get names(): string[] {
    return [...this.tasks.keys()];
  }

  /** One that this version does not know was another version's, and is let go. */
  private async run({ data, signal }: QueueMessage): Promise<void> {
    const name = String(data['task']);
    const task = this.tasks.get(name);
    if (!task) return;
    try {
      await task.run(signal);
      this.metrics.task(name, 'done');
    } catch (error) {
      this.metrics.task(name, 'failed');
      this.logger.error(`task ${name} failed: ${toldError(error)}`, describeError(error).frames);
      throw error;
    }
  }
}
