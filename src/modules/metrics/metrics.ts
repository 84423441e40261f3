import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** What this process counts, in Prometheus' text form. Labels are few and known: never an id, a tenant or a person. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private watching = false;

  get contentType(): string {
    return this.registry.contentType;
  }

  /** From the first call on, the process itself is watched, too: memory, event loop, garbage collection. */
  async text(): Promise<string> {
    if (!this.watching) collectDefaultMetrics({ register: this.registry });
    this.watching = true;
    return this.registry.metrics();
  }
}
