import { Injectable } from '@nestjs/common';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { DeliveryRows } from './delivery-rows.repository.js';
import { DisabledMails } from './disabled-mails.js';

/**
 * Keeps the queue short, which each look into it passes whole: disables endpoints that cannot keep up, and takes out what
 * waits for disabled ones.
 */
@PlatformTask('webhooks.backlog', '* * * * *')
@Injectable()
export class BacklogSweeper implements PlatformTaskRunner {
  constructor(
    private readonly rows: DeliveryRows,
    private readonly mails: DisabledMails,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    let more = true;
    while (more && !signal.aborted) more = await this.clearOne();
  }

  private async clearOne(): Promise<boolean> {
    const cleared = await this.rows.transaction(async (tx) => {
      const one = await this.rows.clearBacklog(tx);
      if (one?.disabled) await this.mails.write(tx, one, 'backlog');
      return one;
    });
    if (cleared?.disabled) this.mails.send('backlog');
    return cleared !== undefined;
  }
}
