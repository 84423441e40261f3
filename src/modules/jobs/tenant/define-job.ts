import { SetMetadata } from '@nestjs/common';
import type { AuditNote } from '../../audit/index.js';
import type { AuditAction, Permission } from '../../../route/index.js';

/** A class whose fields have decorators of class-validator (those of src/route do). */
export type PayloadClass<P extends object> = new () => P;

interface JobWish<P extends object> {
  /** `target.verb`, in snake case */
  kind: string;
  /** all that it may do, of what its person may do; lacking one, it is not run. Whoever asked for it has them at that moment */
  permissions: readonly Permission[];
  /** ids and codes: it is stored until the job is done */
  payload: PayloadClass<P>;
  /** tries before it is dead. Default 5 */
  attempts?: number;
  /** of one try. Default 25 for one transaction, which the database ends at 30; else 300; 7200 at most */
  timeoutSeconds?: number;
  /**
   * tenant: `run` is one transaction of the tenant, and the job is done with its COMMIT. none: no transaction is open; what
   * waits for bytes or for others does so, and opens short ones with job.run(...). Default tenant
   */
  transaction?: 'tenant' | 'none';
  /** what goes into the audit log when it is done, unless the handler has recorded something */
  action?: AuditAction;
}

/** A kind of work that is done later for a person of a tenant. Made by defineJob. */
export type JobDefinition<P extends object = object> = Readonly<Required<Omit<JobWish<P>, 'action'>>> &
  Readonly<Pick<JobWish<P>, 'action'>>;

/** One try of a job. */
export interface JobRun {
  id: string;
  /** from 1; anew after somebody retried a dead one */
  attempt: number;
  /** the same for every try: for others that recognise a request that they had before */
  idempotencyKey: string;
  /** aborted when the try's time is over or the process stops: what comes after has no effect */
  signal: AbortSignal;
  /** A transaction as the job's person, with its permissions; one is enough unless the job has `transaction: 'none'`. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** What the entry in the audit log says of it, if anything. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a handler that has nothing to say returns nothing
export type JobResult = AuditNote | void;

/** What does the work. It may be run again after it seemed to fail: outside the database by idempotencyKey, inside once. */
export interface JobRunner<P extends object = object> {
  /** @returns target and details of the entry in the audit log, for a job that has an action */
  run(payload: P, job: JobRun): Promise<JobResult>;
}

const TRANSACTION_SECONDS = 29;
const catalogue = new Map<string, JobDefinition>();

/** Declares a kind of job, beside the module that does it. @throws Error when the kind is malformed or declared twice */
export function defineJob<P extends object>(wish: JobWish<P>): JobDefinition<P> {
  const { kind, transaction = 'tenant' } = wish;
  const whole = transaction === 'tenant';
  const job: JobDefinition<P> = Object.freeze({
    attempts: 5,
    timeoutSeconds: whole ? 25 : 300,
    transaction,
    ...wish,
  });
  if (!/^[a-z_]+(\.[a-z_]+)+$/.test(kind)) throw new Error(`job ${kind}: write it as target.verb`);
  if (catalogue.has(kind)) throw new Error(`job ${kind} is declared twice`);
  if (job.timeoutSeconds > (whole ? TRANSACTION_SECONDS : 7200))
    throw new Error(`job ${kind}: a transaction lasts ${TRANSACTION_SECONDS} s at most; transaction: 'none' two hours`);
  catalogue.set(kind, job);
  return job;
}

/** Every kind that a loaded module declares, by name. */
export function jobCatalogue(): readonly JobDefinition[] {
  return [...catalogue.values()].sort((a, b) => a.kind.localeCompare(b.kind));
}

/** Whether a loaded module declares it. */
export const isJobKind = (kind: string): boolean => catalogue.has(kind);

export const JOB_HANDLER = 'ringfence:job-handler';

/** The provider that does this kind of job. Exactly one does. */
export const JobHandler =
  <P extends object>(job: JobDefinition<P>) =>
  (target: new (...dependencies: never[]) => JobRunner<P>): void => {
    SetMetadata(JOB_HANDLER, job)(target);
  };
