import type { Logger } from '@nestjs/common';
import { Trouble } from '../../../upkeep/index.js';

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
