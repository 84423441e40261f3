import type { Logger } from '@nestjs/common';

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
