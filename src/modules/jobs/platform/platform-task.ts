import { SetMetadata } from '@nestjs/common';

/** Work for the installation as a whole, as ringfence_auth. It may be run twice after a failure, so that must do no harm. */
export interface PlatformTaskRunner {
  /** @param signal aborted after an hour, or when the process stops */
  run(signal: AbortSignal): Promise<void>;
}

export interface TaskPlan {
  name: string;
  cron: string;
}

export const PLATFORM_TASK = 'ringfence:platform-task';

/**
 * A provider that does something again and again: over all processes once each time, never twice at once.
 * @param name `what.verb`, in snake case
 * @param cron five fields: minute, hour, day of month, month, day of week; in UTC
 */
export const PlatformTask =
  (name: string, cron: string) =>
  (target: new (...dependencies: never[]) => PlatformTaskRunner): void => {
    SetMetadata(PLATFORM_TASK, { name, cron } satisfies TaskPlan)(target);
  };
