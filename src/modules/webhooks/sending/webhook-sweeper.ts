import { Injectable } from '@nestjs/common';
import { PlatformTask, type PlatformTaskRunner } from '../../jobs/index.js';
import { DeliveryRows } from './delivery-rows.repository.js';

const KEPT = '30 days';
const AT_ONCE = 1_000;

/** Messages are kept for a month, with what became of them; and what the queue has lost is said to have failed. */
@PlatformTask('webhooks.sweep', '23 * * * *')
@Injectable()
export class WebhookSweeper implements PlatformTaskRunner {
  constructor(private readonly rows: DeliveryRows) {}

  async run(signal: AbortSignal): Promise<void> {
    let gone = AT_ONCE;
    while (gone === AT_ONCE && !signal.aborted) gone = await this.rows.sweep(KEPT, AT_ONCE);
  }
}
