import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Config } from '../../config/index.js';
import { notFound } from '../../errors/index.js';
import { Public, reply, type Reply, Unlimited } from '../../route/index.js';
import { bears } from './metrics-token.js';
import { Metrics } from './metrics.js';

/** For the installation's Prometheus: without METRICS_TOKEN, or with another one, nothing is here. */
@Controller()
@Unlimited('the installation’s own, behind a token')
export class MetricsController {
  constructor(
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  @Get('metrics')
  @Public()
  @ApiExcludeEndpoint()
  async read(@Headers('authorization') authorization?: string): Promise<Reply<string>> {
    const token = this.config.env.METRICS_TOKEN;
    if (token === undefined || !bears(authorization, token)) throw notFound();
    return reply(await this.metrics.text(), { 'Content-Type': this.metrics.contentType, 'Cache-Control': 'no-store' });
  }
}
