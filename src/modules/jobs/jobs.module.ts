import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobsController } from './api/jobs.controller.js';
import { JobsRepository } from './api/jobs.repository.js';
import { JobsService } from './api/jobs.service.js';
import { JobMetrics } from './job-metrics.js';
import { ForgetJobs } from './platform/forget-jobs.js';
import { PlatformTasks } from './platform/platform-tasks.js';
import { QueueModule } from './queue/queue.module.js';
import { JobHandlers } from './tenant/job-handlers.js';
import { JobRows } from './tenant/job-rows.repository.js';
import { JobWorker } from './tenant/job-worker.js';
import { Jobs } from './tenant/jobs.js';
import { Runs } from './tenant/runs.js';

/** Work for later, of tenants and of the installation. */
@Module({
  imports: [DiscoveryModule, QueueModule],
  controllers: [JobsController],
  providers: [
    Jobs,
    JobHandlers,
    JobRows,
    JobWorker,
    Runs,
    JobMetrics,
    PlatformTasks,
    ForgetJobs,
    JobsService,
    JobsRepository,
  ],
  exports: [Jobs, QueueModule],
})
export class JobsModule {}
