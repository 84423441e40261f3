import { Global, Module } from '@nestjs/common';
import { AfterCommitMetrics } from './after-commit-metrics.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';

/** Numbers about this process. Global, since whatever works has some. */
@Global()
@Module({ controllers: [MetricsController], providers: [Metrics, AfterCommitMetrics], exports: [Metrics] })
export class MetricsModule {}
