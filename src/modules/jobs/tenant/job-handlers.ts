import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { JOB_HANDLER, jobCatalogue, type JobDefinition, type JobRunner } from './define-job.js';

export class JobHandlerError extends Error {
  override name = 'JobHandlerError';
}

export interface Handled {
  job: JobDefinition;
  runner: JobRunner;
}

/** Who does which kind of job. */
@Injectable()
export class JobHandlers {
  private readonly byKind = new Map<string, Handled>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Looks for the handlers. @param all whether each kind must have one @throws JobHandlerError for two of a kind, or none */
  find(all: boolean): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype || typeof instance !== 'object') continue;
      const job = Reflect.getMetadata(JOB_HANDLER, metatype) as JobDefinition | undefined;
      if (!job) continue;
      const other = this.byKind.get(job.kind)?.runner;
      if (other && other !== instance)
        throw new JobHandlerError(`job ${job.kind} has two handlers: ${nameOf(other)} and ${metatype.name}`);
      this.byKind.set(job.kind, { job, runner: instance as JobRunner });
    }
    const without = jobCatalogue().filter(({ kind }) => !this.byKind.has(kind));
    if (all && without.length > 0)
      throw new JobHandlerError(
        `nobody does these jobs: ${without.map(({ kind }) => kind).join(', ')}. ` +
          'Ways out: a provider with @JobHandler(...) in a module that is imported.',
      );
  }

  of(kind: string): Handled | undefined {
    return this.byKind.get(kind);
  }
}

const nameOf = (runner: JobRunner): string => runner.constructor.name;
