import { setTimeout as sleep } from 'node:timers/promises';
import type { Trouble } from './trouble.js';

const DRAIN_MS = 5_000;

/** A task that is done again and again, never twice at once. What it throws is said, and it is tried again. */
export class Recurring {
  private timer?: NodeJS.Timeout;
  private underWay?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly everyMs: number,
    private readonly task: () => Promise<void>,
    private readonly trouble: Trouble,
  ) {}

  /** Now, and then as often as it was made for. Keeps no process alive. */
  start(): void {
    this.timer = setInterval(() => this.nudge(), this.everyMs).unref();
    this.nudge();
  }

  /** What is under way may end, if it does so in five seconds. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    const patience = new AbortController();
    await Promise.race([this.underWay, sleep(DRAIN_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }

  private nudge(): void {
    if (!this.stopped) this.underWay ??= this.once();
  }

  private async once(): Promise<void> {
    try {
      await this.task();
      this.trouble.isOver();
    } catch (error) {
      this.trouble.goesOn((error as Error).message);
    }
    this.underWay = undefined;
  }
}
