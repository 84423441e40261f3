import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { AuthDb } from '../../database/index.js';
import { Metrics } from '../metrics/index.js';
import { isJobKind } from './tenant/define-job.js';

/** How a try ended. dead: it was the last one. */
export type JobOutcome = 'done' | 'failed' | 'dead';

interface Row {
  kind: string;
  status: string;
  jobs: string;
  oldest_seconds: number;
}

interface Count {
  kind: string;
  status: string;
  jobs: number;
  /** seconds */
  oldest: number;
}

const SECONDS = [0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 300, 1800];

/** Kinds that nothing here declares: whoever reaches the database may have made them up, as many as they like. */
const OTHER = 'other';
const labelOf = (kind: string): string => (isJobKind(kind) ? kind : OTHER);

/** What is counted about jobs. What waits is asked of the database, at each scrape: it is the same in every process. */
@Injectable()
export class JobMetrics {
  private readonly ends: Counter<'kind' | 'outcome'>;
  private readonly durations: Histogram<'kind' | 'outcome'>;
  private readonly tasks: Counter<'task' | 'outcome'>;

  constructor(
    { registry }: Metrics,
    private readonly db: AuthDb,
  ) {
    const registers = [registry];
    const by = ['kind', 'outcome'] as const;
    this.ends = new Counter({ name: 'ringfence_job_tries_total', help: 'Tries that ended', labelNames: by, registers });
    this.durations = new Histogram({
      name: 'ringfence_job_duration_seconds',
      help: 'How long tries took',
      labelNames: by,
      buckets: SECONDS,
      registers,
    });
    this.tasks = new Counter({
      name: 'ringfence_platform_tasks_total',
      help: 'Tasks of the installation that ended: done or failed',
      labelNames: ['task', 'outcome'],
      registers,
    });
    this.watch(registers);
  }

  /** @returns what to call when the try ends */
  begins(kind: string): (outcome: JobOutcome) => void {
    const stop = this.durations.startTimer({ kind });
    return (outcome) => {
      stop({ outcome });
      this.ends.inc({ kind, outcome });
    };
  }

  task(task: string, outcome: 'done' | 'failed'): void {
    this.tasks.inc({ task, outcome });
  }

  private watch(registers: Metrics['registry'][]): void {
    const labelNames = ['kind', 'status'] as const;
    let asked: Promise<Count[]> | undefined;
    // one question for both; without the database there are no numbers, and the others are told all the same
    const ask = (): Promise<Count[]> =>
      (asked ??= this.counts()
        .catch(() => [])
        .finally(() => (asked = undefined)));
    new Gauge({
      name: 'ringfence_jobs',
      help: 'Jobs that are queued, running or dead',
      labelNames,
      registers,
      async collect() {
        const counts = await ask();
        this.reset();
        for (const { kind, status, jobs } of counts) this.set({ kind, status }, jobs);
      },
    });
    new Gauge({
      name: 'ringfence_jobs_oldest_seconds',
      help: 'How long ago the oldest of them was due',
      labelNames,
      registers,
      async collect() {
        const counts = await ask();
        this.reset();
        for (const { kind, status, oldest } of counts) this.set({ kind, status }, oldest);
      },
    });
  }

  private async counts(): Promise<Count[]> {
    const counts = new Map<string, Count>();
    for (const row of await this.db.query<Row>('select * from auth.job_counts()')) {
      const [kind, { status }] = [labelOf(row.kind), row];
      const { jobs, oldest } = counts.get(`${kind} ${status}`) ?? { jobs: 0, oldest: 0 };
      counts.set(`${kind} ${status}`, {
        kind,
        status,
        jobs: jobs + Number(row.jobs),
        oldest: Math.max(oldest, row.oldest_seconds),
      });
    }
    return [...counts.values()];
  }
}
