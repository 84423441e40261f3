import type { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const DRAIN_MS = 5_000;
const REMIND_MS = 10 * 60_000;

/** Something that fails again and again: said when it begins, each ten minutes while it lasts, and once when it is over. */
export class Trouble {
  private saidAt: number | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  goesOn(why: string): void {
    if (this.saidAt !== undefined && Date.now() - this.saidAt < REMIND_MS) return;
    this.logger.error(`${this.what}: ${why}`);
    this.saidAt = Date.now();
  }

  isOver(): void {
    if (this.saidAt !== undefined) this.logger.log(`${this.what}: over`);
    this.saidAt = undefined;
  }
}

/** A Trouble of its own for each log. */
export class LogTroubles {
  private readonly byLog = new Map<string, Trouble>();

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  get logs(): string[] {
    return [...this.byLog.keys()];
  }

  has(tenantId: string): boolean {
    return this.byLog.has(tenantId);
  }

  goesOn(tenantId: string, why: string): void {
    let trouble = this.byLog.get(tenantId);
    if (!trouble) this.byLog.set(tenantId, (trouble = new Trouble(this.logger, `${this.what} (tenant ${tenantId})`)));
    trouble.goesOn(why);
  }

  isOver(tenantId: string): void {
    this.byLog.get(tenantId)?.isOver();
    this.byLog.delete(tenantId);
  }
}

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
