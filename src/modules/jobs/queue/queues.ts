import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import { Config } from '../../../config/index.js';
import { QueuePool } from '../../../database/index.js';
import { describeError } from '../../../errors/index.js';
import { Trouble } from '../../../upkeep/index.js';
import { type Outcome, settle } from './outcome.js';
import type { QueueHandler, QueueOptions } from './queue-handler.js';
import { giveBack, UnderWay } from './under-way.js';

const DRAIN_MS = 20_000;
/** What comes after the drain: giving back, and leaving the database. */
const LEAVE_MS = 3_000;
const RETRY_START_MS = 5_000;
const QUIET_MS = 60_000;
/** pg-boss asks once a day, whatever `reindex` says, in a view that this role does not see. */
const BLOAT_CHECK = /\bpg_stats\b/;
/** The statement by which rows are taken. */
const POLL = /\bnext\b[^]*\bskip locked\b/i;

interface Handled extends QueueOptions {
  handler: QueueHandler;
}

interface Schedule {
  queue: string;
  key: string;
  cron: string;
}

/**
 * The queues of the database (pg-boss), as far as this process works on them: it polls, so it needs no session of its own
 * and works through a pooler in transaction mode. A database that is away is waited for.
 */
@Injectable()
export class Queues implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly trouble = new Trouble(new Logger('Queues'), 'the queues do not answer, jobs wait');
  private readonly handled = new Map<string, Handled>();
  private readonly schedules: Schedule[] = [];
  private readonly workers = new Map<string, string[]>();
  private readonly underWay = new UnderWay();
  private readonly stopped = new AbortController();
  /** what is under way when the process is asked to stop may take so long to end; then it is given back */
  drainMs = DRAIN_MS;
  private troubledAt = 0;
  private polledAt = 0;
  private pool?: QueuePool;
  private boss?: PgBoss;
  private starting?: Promise<void>;

  constructor(private readonly config: Config) {}

  /** Says who works on a queue. In onModuleInit: once the application is up, it is too late. @throws Error for a second one */
  handle(options: QueueOptions, handler: QueueHandler): void {
    if (this.handled.has(options.name)) throw new Error(`queue ${options.name} has a handler already`);
    if (this.starting) throw new Error(`queue ${options.name} came too late: say so in onModuleInit`);
    this.handled.set(options.name, { ...options, handler });
  }

  /** A row for this queue whenever the expression (five fields, UTC) says so; one of a key at a time. In onModuleInit, too. */
  schedule(queue: string, key: string, cron: string): void {
    this.schedules.push({ queue, key, cron });
  }

  /** Asks at once instead of at the next poll. Does nothing where another process works on the queue. */
  nudge(name: string): void {
    for (const worker of this.workers.get(name) ?? []) this.boss?.notifyWorker(worker);
  }

  /** Whether the database gave an answer to a poll within so many seconds, or this process began within them. */
  polledWithin(seconds: number): boolean {
    return performance.now() - this.polledAt < seconds * 1000;
  }

  onApplicationBootstrap(): void {
    this.polledAt = performance.now();
    if (this.config.jobs === 'inline' && this.handled.size > 0) this.starting = this.start();
  }

  /**
   * Before the pools close: what is under way may end, what does not is given back for others. A database that does not
   * answer holds up nothing of it for long.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.race([this.drained(), sleep(this.drainMs, undefined, { ref: false })]);
    await Promise.race([this.leave(), sleep(LEAVE_MS, undefined, { ref: false })]).finally(() => this.pool?.destroy());
  }

  private async drained(): Promise<void> {
    await this.starting;
    const { boss } = this;
    if (boss) await Promise.all([...this.handled.keys()].map((name) => boss.offWork(name)));
  }

  private async leave(): Promise<void> {
    const { boss, pool } = this;
    if (!pool) return;
    await this.underWay.giveBack(pool).catch((error: unknown) => this.troubled(error));
    await boss?.stop({ graceful: false, close: false });
    await pool.end();
  }

  /** Works on what is due now in these queues, one row after the other, until nothing is: for tests and for commands. */
  async runDue(names: readonly string[]): Promise<void> {
    const boss = this.made({ supervise: false, schedule: false });
    await boss.start();
    try {
      for (const name of names) await this.drain(boss, name);
    } finally {
      await boss.stop({ graceful: false, close: false });
    }
  }

  private async drain(boss: PgBoss, name: string): Promise<void> {
    const { handler } = this.handled.get(name) ?? {};
    if (!handler) throw new Error(`nobody works on queue ${name}`);
    for (;;) {
      const [job] = await boss.fetch<Record<string, unknown>>(name, { includeMetadata: true });
      if (!job) return;
      const { status, output } = await this.one({ ...job, signal: new AbortController().signal }, handler);
      if (status === 'completed') await boss.complete(name, job, output);
      else await boss.fail(name, job, output);
    }
  }

  /** Until it works: a database that is away at the start is no reason to end. */
  private async start(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const boss = this.made({ supervise: true, schedule: this.schedules.length > 0 });
      try {
        await boss.start();
        this.boss = boss;
        await this.begin(boss);
        this.trouble.isOver();
        return;
      } catch (error) {
        this.boss = undefined;
        this.troubled(error);
        await boss.stop({ graceful: false, close: false }).catch(() => undefined);
        await sleep(RETRY_START_MS, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async begin(boss: PgBoss): Promise<void> {
    if (this.stopped.signal.aborted) return;
    for (const { queue, key, cron } of this.schedules)
      await boss.schedule(queue, cron, { task: key }, { key, singletonKey: key, tz: 'UTC' });
    for (const one of this.handled.values()) {
      const ids: string[] = [];
      this.workers.set(one.name, ids);
      for (let n = 0; n < (one.concurrency ?? 1); n += 1) ids.push(await this.work(boss, one));
    }
  }

  /** One that takes a row at a time, and the next as soon as it is done with it. */
  private async work(boss: PgBoss, { name, pollSeconds = 1, perGroup, handler }: Handled): Promise<string> {
    const options = {
      includeMetadata: true,
      perJobResults: true,
      pollingIntervalSeconds: pollSeconds,
      ...(perGroup === undefined ? {} : { groupConcurrency: perGroup }),
    } as const;
    const id: string = await boss.work<Record<string, unknown>>(name, options, async (jobs) => {
      const whole = jobs as JobWithMetadata<Record<string, unknown>>[]; // includeMetadata
      const outcomes = await Promise.all(whole.map((job) => this.one(job, handler)));
      boss.notifyWorker(id);
      return outcomes;
    });
    return id;
  }

  /** pg-boss hears of one that was given back what does no harm if another took it meanwhile: that it failed. */
  private async one(job: JobWithMetadata<Record<string, unknown>>, handler: QueueHandler): Promise<Outcome> {
    const { deferred, ...outcome } = await this.underWay.run(job, (signal) => settle({ ...job, signal }, handler));
    if (deferred !== undefined)
      await giveBack(this.connections, job, deferred).catch((error: unknown) => this.troubled(error));
    return outcome;
  }

  /** Of a role that owns nothing: no change of the layout, no index rebuilt, no vacuum watched, no statistics kept. */
  private made(duties: { supervise: boolean; schedule: boolean }): PgBoss {
    const { connections } = this;
    const boss = new PgBoss({
      db: {
        executeSql: async (text, values) => {
          if (BLOAT_CHECK.test(text)) return { rows: [] };
          const result = await connections.executeSql(text, values).finally(() => this.quiet());
          if (POLL.test(text)) this.polledAt = performance.now();
          return result;
        },
      },
      migrate: false,
      createSchema: false,
      reindex: false,
      monitorVacuum: false,
      persistQueueStats: false,
      persistWarnings: false,
      superviseIntervalSeconds: 30,
      monitorIntervalSeconds: 30,
      ...duties,
    });
    boss.on('error', (error) => this.troubled(error));
    boss.on('warning', (warning) => new Logger('Queues').warn(describeError(warning).message));
    return boss;
  }

  private troubled(error: unknown): void {
    this.troubledAt = Date.now();
    this.trouble.goesOn(describeError(error).message);
  }

  /** Over is what did not come again for a minute: some troubles come between statements that succeed. */
  private quiet(): void {
    if (Date.now() - this.troubledAt > QUIET_MS) this.trouble.isOver();
  }

  private get connections(): QueuePool {
    const {
      AUTH_DATABASE_URL: url = '',
      POOL_WAIT_MS: waitMs,
      DATABASE_STARTUP_OPTIONS: startupOptions,
    } = this.config.env;
    return (this.pool ??= new QueuePool({ url, waitMs, startupOptions }));
  }
}
