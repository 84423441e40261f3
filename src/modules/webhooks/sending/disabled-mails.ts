import { Injectable } from '@nestjs/common';
import type { AuthTransaction } from '../../../database/index.js';
import { Outbox } from '../../mail/index.js';
import { DeliveryRows, type DisabledBy, type WebhookName } from './delivery-rows.repository.js';
import { WebhookMetrics } from './webhook-metrics.js';

const WHY = {
  gone: 'it answered that it is gone (410)',
  failing: 'for three days no message arrived there',
  backlog: 'thousands of messages wait for it, and it does not keep up',
} as const;

/** Tells whoever made a webhook, and owners, that it was disabled. Once a day for each: who makes it active again knows. */
@Injectable()
export class DisabledMails {
  constructor(
    private readonly rows: DeliveryRows,
    private readonly outbox: Outbox,
    private readonly metrics: WebhookMetrics,
  ) {}

  /** In the transaction that disables it. */
  async write(tx: AuthTransaction, webhook: WebhookName, reason: DisabledBy): Promise<void> {
    for (const { email, tenant, url } of await this.rows.contacts(tx, webhook)) {
      const values = { tenant, host: new URL(url).host, why: WHY[reason] };
      await this.outbox.enqueue(tx, email, { template: 'webhook-disabled', values });
    }
  }

  /** Behind that transaction. */
  send(reason: DisabledBy): void {
    this.metrics.ended(reason);
    this.outbox.nudge();
  }
}
