import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '../../config/index.js';
import { notFound } from '../../errors/index.js';
import { Public, reply, type Reply } from '../../route/index.js';
import { Metrics } from './metrics.js';

/** For the installation's Prometheus: without METRICS_TOKEN, or with another one, nothing is here. */
@Controller()
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
    if (token === undefined || !same(authorization ?? '', `Bearer ${token}`)) throw notFound();
    return reply(await this.metrics.text(), { 'Content-Type': this.metrics.contentType, 'Cache-Control': 'no-store' });
  }
}

/** In a time that tells nothing of either. */
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
