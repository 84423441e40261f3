import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from '../../metrics/index.js';
import { type DisabledBy, DeliveryRows } from './delivery-rows.repository.js';

/** How an attempt ended. failed: it was the last one. */
export type AttemptOutcome = 'delivered' | 'retried' | 'failed';

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** What is counted about webhooks. What waits is asked of the database, at each scrape: it is the same in every process. */
@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;
  private readonly durations: Histogram<'outcome'>;
  private readonly disabled: Counter<'reason'>;

  constructor(
    { registry }: Metrics,
    private readonly rows: DeliveryRows,
  ) {
    const registers = [registry];
    const labelNames = ['outcome'] as const;
    this.attempts = new Counter({
      name: 'ringfence_webhook_attempts_total',
      help: 'Attempts to deliver that ended: delivered, retried (later) or failed (for good)',
      labelNames,
      registers,
    });
    this.durations = new Histogram({
      name: 'ringfence_webhook_attempt_duration_seconds',
      help: 'How long attempts took',
      labelNames,
      buckets: SECONDS,
      registers,
    });
    this.disabled = new Counter({
      name: 'ringfence_webhooks_disabled_total',
      help: 'Webhooks that were disabled because their receiver is gone, failed for days, or cannot keep up',
      labelNames: ['reason'],
      registers,
    });
    this.watch(registers);
  }

  attempt(outcome: AttemptOutcome, durationMs: number): void {
    this.attempts.inc({ outcome });
    this.durations.observe({ outcome }, durationMs / 1000);
  }

  ended(reason: DisabledBy): void {
    this.disabled.inc({ reason });
  }

  private watch(registers: Metrics['registry'][]): void {
    const { rows } = this;
    const oldest = new Gauge({
      name: 'ringfence_webhook_deliveries_oldest_seconds',
      help: 'How long ago the one that is due for longest was due',
      registers,
    });
    new Gauge({
      name: 'ringfence_webhook_deliveries_waiting',
      help: 'Deliveries that wait for an attempt, those between two attempts among them',
      registers,
      async collect() {
        const waiting = await rows.waiting().catch(() => undefined); // without the database there is no number
        this.reset();
        oldest.reset();
        if (!waiting) return;
        this.set(waiting.deliveries);
        oldest.set(waiting.oldestSeconds);
      },
    });
  }
}
