import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AfterCommit } from '../../database/index.js';
import { Metrics } from './metrics.js';

/** What was done after commits, and what of it failed: the database's floor counts and knows no registry. */
@Injectable()
export class AfterCommitMetrics {
  constructor({ registry }: Metrics, after: AfterCommit) {
    new Counter({
      name: 'ringfence_after_commit_total',
      help: 'What was to be done after a commit, and ended: done or failed',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(after.counts)) this.inc({ outcome }, count);
      },
    });
  }
}
