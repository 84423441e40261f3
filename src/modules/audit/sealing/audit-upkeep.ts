import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Config } from '../../../config/index.js';
import { Recurring, Trouble } from '../../../upkeep/index.js';
import { CheckpointCopies } from './checkpoint-copies.js';
import { CHECKPOINT_STORE, type CheckpointStore } from './checkpoint-store.js';
import { Sealer } from './sealer.js';
import { SealerRepository } from './sealer.repository.js';

/** Entries of one pass. The database gives a statement of this role five seconds. */
export const ENTRIES_AT_ONCE = 500;
const PARTITIONS_MS = 3_600_000;
const LAG_MS = 30_000;
const ASIDE_MS = 30_000;
const COPIES_MS = 60_000;
/** Longer than any transaction of the application may stay open. */
const LONGEST_LAG_SECONDS = 60;

/**
 * What the audit log needs all the time: numbers, months to come, copies of its checkpoints. None of it is told to /readyz:
 * every process shares the log, so all of them would leave service at once, and none of it would work any sooner.
 */
@Injectable()
export class AuditUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly lag = new Trouble(this.logger, 'new entries of the audit log wait for their number');
  private readonly tasks: Recurring[] = [];
  private atOnce = ENTRIES_AT_ONCE;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly sealer: Sealer,
    private readonly rows: SealerRepository,
    private readonly copies: CheckpointCopies,
    @Inject(CHECKPOINT_STORE) private readonly store: CheckpointStore | undefined,
  ) {}

  onApplicationBootstrap(): void {
    const every = this.config.env.AUDIT_SEAL_INTERVAL_MS;
    if (every > 0) {
      this.add('the audit log is not sealed', every, () => this.seal());
      this.add('months to come of the audit log are not made', PARTITIONS_MS, () => this.rows.makePartitions());
      this.add('logs that were set aside cannot be looked at', ASIDE_MS, () => this.sealer.lookAgain());
      this.add('how far behind the sealing is cannot be seen', LAG_MS, () => this.watchLag());
    }
    const store = this.store;
    if (store) this.add(`checkpoints are not copied to ${store.name}`, COPIES_MS, () => this.copies.run(store));
  }

  /** Before the pools close. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.tasks.map((task) => task.stop()));
  }

  /** Until nothing is left. A pass that fails is tried with half of the entries: they may be more than its time allows. */
  private async seal(): Promise<void> {
    try {
      while (!this.stopped && (await this.sealer.run(this.atOnce)) === this.atOnce)
        this.atOnce = Math.min(ENTRIES_AT_ONCE, this.atOnce * 2);
    } catch (error) {
      this.atOnce = Math.max(1, Math.floor(this.atOnce / 2));
      throw error;
    }
  }

  private async watchLag(): Promise<void> {
    const seconds = await this.rows.lag();
    if (seconds > LONGEST_LAG_SECONDS) this.lag.goesOn(`the oldest for ${Math.round(seconds)} s`);
    else this.lag.isOver();
  }

  private add(what: string, everyMs: number, task: () => Promise<void>): void {
    const recurring = new Recurring(everyMs, task, new Trouble(this.logger, what));
    this.tasks.push(recurring);
    recurring.start();
  }
}
