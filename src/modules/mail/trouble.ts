import type { Logger } from '@nestjs/common';

/** Something that is tried every two seconds and may be down for hours: said once, and once when it is over. */
export class Trouble {
  private there = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  begins(why: string): void {
    if (!this.there) this.logger.warn(`${this.what}: ${why}`);
    this.there = true;
  }

  ends(): void {
    if (this.there) this.logger.log(`${this.what}: over`);
    this.there = false;
  }
}
