import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'pg-boss';
import type { QueuePool } from '../../../database/index.js';

/** How long what is interrupted may take to leave its transaction. */
const LEAVE_MS = 2_000;

/** As pg-boss puts back what it took too much of: the attempt does not count. */
const GIVE_BACK = `
  update pgboss.job
     set state = 'created', started_on = null, heartbeat_on = null, start_after = now() + make_interval(secs => $4)
   where name = $1 and id = $2 and state = 'active' and retry_count = $3`;

/** For whoever takes it next, not before so many seconds from now. What is said of it here afterwards counts no more. */
export async function giveBack(pool: QueuePool, { name, id, retryCount }: Job, seconds = 0): Promise<void> {
  await pool.executeSql(GIVE_BACK, [name, id, retryCount, seconds]);
}

/** What this process works on at the moment, so that it can be given back. */
export class UnderWay {
  private readonly runs = new Map<Job, { interrupt: AbortController; ended: Promise<unknown> }>();

  async run<T>(job: Job, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const interrupt = new AbortController();
    const ended = work(AbortSignal.any([job.signal, interrupt.signal]));
    this.runs.set(job, { interrupt, ended });
    try {
      return await ended;
    } finally {
      this.runs.delete(job);
    }
  }

  /** Puts everything back for whoever works on after us, then interrupts it: what it says then counts no more. */
  async giveBack(pool: QueuePool): Promise<void> {
    const runs = [...this.runs];
    const given = runs.map(([job]) => giveBack(pool, job));
    await Promise.all(given).finally(() => runs.forEach(([, { interrupt }]) => interrupt.abort()));
    const ended = Promise.allSettled(runs.map(([, run]) => run.ended));
    await Promise.race([ended, sleep(LEAVE_MS, undefined, { ref: false })]);
  }
}
