/*
 * Work for later. Who declares what:
 *
 * A tenant's job, as the person who asked for it:
 *     export const ScanFile = defineJob({ kind: 'file.scan', permissions: [FilePermissions.read], payload: ScanFilePayload });
 *     await jobs.enqueue(ScanFile, { fileId });                  // Jobs, in a request's transaction: JobsModule exports it
 *     @JobHandler(ScanFile) @Injectable() class FileScanner { async run(payload: ScanFilePayload, job: JobRun) {} }
 *
 * A task of the installation, once over all processes, as ringfence_auth:
 *     @PlatformTask('jobs.forget', '17 3 * * *') @Injectable() class ForgetJobs { async run(signal: AbortSignal) {} }
 *
 * A queue whose rows a trigger inserts (the queue itself is made by a migration, pgboss.create_queue): import QueueModule,
 * inject Queues, and in onModuleInit
 *     this.queues.handle({ name: 'mail', concurrency: 5 }, async ({ data, attempt, lastAttempt, signal }) => {});
 * Resolving settles the row; throwing tries it again by the queue's own retry options; PermanentJobError ends it at
 * once; DeferredError has it come again later, uncounted.
 * Handlers are called while JOBS is `inline`, one row a call, `concurrency` at once; `Queues.nudge('mail')` asks at once
 * instead of at the next poll. They are drained in beforeApplicationShutdown, so close what they use (a transport) in
 * onApplicationShutdown.
 */
export { JobsModule } from './jobs.module.js';
export { JobPermissions } from './jobs.permissions.js';
export { PlatformTask, type PlatformTaskRunner } from './platform/platform-task.js';
export {
  DeferredError,
  PermanentJobError,
  type QueueHandler,
  type QueueMessage,
  type QueueOptions,
} from './queue/queue-handler.js';
export { QueueModule } from './queue/queue.module.js';
export { Queues } from './queue/queues.js';
export { defineJob, JobHandler, type JobDefinition, type JobRun, type JobRunner } from './tenant/define-job.js';
export { Jobs } from './tenant/jobs.js';
